"""Manifest of a data folder, and the territory of this process, whose words and rules it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.identifiers import Scheme, use_scheme
from geozones.domain.settings import DefaultRules, use_default_rules
from geozones.domain.terms import DEFAULT_SET, Noun, terms_of, use_terms


@dataclass(frozen=True, slots=True)
class FolderDecision:
    """Decision that put the folder's plan in force: its day (ISO), who approved it, its reference.

    Each is empty if unknown; without a day the plan is a starting plan.
    """

    since: str = ""
    approved_by: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class FolderCredits:
    """Credits printed on maps, sheets and pages, one for each kind of data; empty if unknown.

    Parameters
    ----------
    sites
        Source, licence and date of the list of sites.
    ground
        Source and licence of the map background, if its own file does not give them.
    minutes
        Source of the driving times, in addition to the engine and date in their file.
    communes
        Source and licence of the communes.
    """

    sites: str = ""
    ground: str = ""
    minutes: str = ""
    communes: str = ""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Names of the required files, and of the communes, in the folder."""

    sites: str = "lycees.geojson"
    sectors: str = "secteurs.json"
    minutes: str = "travel_times.parquet"
    communes: str = "communes.parquet"


@dataclass(frozen=True)
class TerritoryManifest:
    """Content of ``territoire.toml``; ``TerritoryManifest()`` is a folder without the file.

    Parameters
    ----------
    name
        The territory, such as « Pays de la Loire »; empty if unknown.
    created_on
        ISO day on which the folder was made; empty if unknown.
    organisation
        Name of the body that looks after the network; empty if unknown.
    experiment_since
        ISO day on which the experiment of the organisation began; empty if unknown.
    decision
        Decision that put the plan in force.
    word_set, nouns
        Set of nouns (see `geozones.domain.terms`), empty for the default one, and the nouns that
        replace those of the set, by field of `NetworkTerms`.
    scheme
        Form of the ids of sites.
    sizes
        Fewest and most sites of a zone; ``None`` for the tool's default.
    proposed_sizes
        Fewest and most sites of a zone in a proposal; ``None`` for ``sizes``.
    max_minutes
        Longest drive between two sites of a zone; ``None`` for the tool's default.
    credits, files
        Credits, and names of files.
    """

    name: str = ""
    created_on: str = ""
    organisation: str = ""
    experiment_since: str = ""
    decision: FolderDecision = field(default_factory=FolderDecision)
    word_set: str = ""
    nouns: Mapping[str, Noun] = field(default_factory=dict)
    scheme: Scheme = Scheme.UAI
    sizes: tuple[int, int] | None = None
    proposed_sizes: tuple[int, int] | None = None
    max_minutes: float | None = None
    credits: FolderCredits = field(default_factory=FolderCredits)
    files: FolderFiles = field(default_factory=FolderFiles)


_in_use = TerritoryManifest()
_has_document = True


def territory() -> TerritoryManifest:
    """Return the manifest of the territory of this process; the defaults before any is opened."""
    return _in_use


def signature() -> str:
    """Return the signature of calls to services: the tool, and the network's operator if known."""
    organisation = territory().organisation.encode("latin-1", "ignore").decode("latin-1").strip()
    return f"geozones ({organisation})" if organisation else "geozones"


def documented(said: str, otherwise: str = "") -> str:
    """Return the first text if the territory has a source document, else the other text."""
    return said if _has_document else otherwise


def use_territory(given: TerritoryManifest, *, has_document: bool = True) -> None:
    """Use a territory for the whole process: when its folder is opened, before any sentence.

    ``has_document`` is whether a document presented its plan: sentences quote it.
    """
    global _in_use, _has_document
    _in_use, _has_document = given, has_document
    use_terms(terms_of(given.word_set or DEFAULT_SET, given.nouns))
    use_scheme(given.scheme)
    usual = DefaultRules()
    sizes = given.sizes or usual.sizes
    proposed = given.proposed_sizes or given.sizes or usual.proposed_sizes
    use_default_rules(DefaultRules(sizes, proposed, given.max_minutes or usual.max_minutes))
