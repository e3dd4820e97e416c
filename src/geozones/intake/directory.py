"""Directory of public lycées and communes against which lists are matched by similar names."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from geozones.common.errors import MEND
from geozones.common.french import folded, lookalike
from geozones.domain import Lycee
from geozones.domain.identifiers import is_code
from geozones.domain.terms import worded
from geozones.intake.json_files import altered, read_json_object

type Words = tuple[str, ...]

#: Words for the kind of lycée, and articles.
_STOP_WORDS = frozenset(
    lookalike(word)
    for word in (
        "lycee", "lycees", "polyvalent", "professionnel", "general", "technologique",
        "enseignement", "etablissement", "regional", "adapte", "agricole", "cite", "scolaire",
        "metiers", "agriculture", "annexe", "section", "public", "lp", "lpo", "lgt", "lg", "lpa",
        "lpm", "lma", "legta", "legtpa", "erea", "sep", "segt", "et", "de", "du", "des", "d", "l",
        "la", "le", "les", "a", "au", "aux", "en", "site",
    )
)  # fmt: skip
_BRACKETS = re.compile(r"\s*\([^)]*\)")
#: Least similarity, from 0 to 100, at which two names of lycées count as the same.
SAME_NAME = 86.0
#: Least similarity at which two names of communes count as the same.
SAME_COMMUNE = 86.0
#: Least similarity of equal words, and similarity at which the search stops.
_SAME_WORD, _EXACT = 85.0, 97.0
#: Similarity of a name whose words are all in the other, and of a name contained whole in the
#: other.
_ALL_WORDS, _CONTAINED = 92.0, 0.90
_SHORTEST_CONTAINED = 6
_SHORTEST_SUBSET = 4
#: Similarity of a commune of which only the beginning is written.
_BEGINNING = 90.0
_SHORTEST_BEGINNING = 6
SHORTEST_COMMUNE = 4


@lru_cache(maxsize=20_000)
def name_words(text: str) -> Words:
    """Return the words that identify a lycée, as lookalikes; empty if the name is only its kind.

    Brackets are dropped: they only tell namesakes apart, as in « Léonard de Vinci (Mayenne) ».
    """
    bare = _BRACKETS.sub("", text).replace("|", "l")
    words = [lookalike(word) for word in folded(bare).split()]
    return tuple(word for word in words if word not in _STOP_WORDS)


def name_similarity(read: Words, known: Words) -> float:
    """Return the similarity, from 0 to 100, of a name as read and a known name.

    A name cut short (« Renaudeau » for Fernand Renaudeau) or with more around it (« Raphaël Élizé
    Estournelles de Constant ») scores nearly as high as the whole name.
    """
    read_text, known_text = "".join(read), "".join(known)
    if not read_text or not known_text:
        return 0.0
    similarity = fuzz.ratio(read_text, known_text)
    if similarity >= _EXACT:
        return similarity
    if len(read_text) >= _SHORTEST_SUBSET and all(
        any(fuzz.ratio(word, other) >= _SAME_WORD for other in known) for word in read
    ):
        similarity = max(similarity, _ALL_WORDS)
    if len(known_text) >= _SHORTEST_CONTAINED and len(read_text) > len(known_text):
        similarity = max(similarity, fuzz.partial_ratio(known_text, read_text) * _CONTAINED)
    elif any(read[start : start + len(known)] == known for start in range(len(read))):
        similarity = max(similarity, 100 * _CONTAINED)
    return similarity


@lru_cache(maxsize=50_000)
def commune_similarity(read: str, known: str) -> float:
    """Return the similarity, from 0 to 100, of two names of communes written as lookalikes."""
    similarity: float = fuzz.ratio(read, known)
    if similarity >= SAME_COMMUNE or len(read) < SHORTEST_COMMUNE:
        return similarity
    if len(read) >= _SHORTEST_BEGINNING and known.startswith(read):
        return max(similarity, _BEGINNING)
    # text after a commune on a badly cut line: « CHEMILLE 4 »
    if len(known) >= SHORTEST_COMMUNE and read.startswith(known):
        return max(similarity, _BEGINNING)
    return similarity


#: Version of ``annuaire.json`` and ``noms_communes.json`` that this code reads.
VERSION = 1
_REPAIR = f"{MEND}, ou retirez-le"


@dataclass(frozen=True, slots=True)
class DirectoryCommune:
    """Commune: INSEE code, name, département, and the names of communes merged into it."""

    insee: str
    name: str
    departement: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class DirectoryEntry:
    """Lycée to serve, or public establishment that is not served."""

    id: str  # The lycée's id; the UAI of an establishment that is not to be served.
    #: Its UAI first (none if unpublished), then the UAIs of the establishments joined with it.
    codes: tuple[str, ...]
    name: str  # Its usual name.
    #: Its published names: one tuple for each establishment of ``codes``.
    names: tuple[tuple[str, ...], ...]
    commune: DirectoryCommune
    served: bool = True  # Whether it is to be served.
    remark: str = ""  # Why it is not served, in French; empty otherwise.

    @cached_property
    def variants(self) -> tuple[Words, ...]:
        """The words of each of its names, without repetition (see `name_words`)."""
        every = (self.name, *(name for names in self.names for name in names))
        return tuple(dict.fromkeys(words for name in every if (words := name_words(name))))

    @cached_property
    def is_named_after_commune(self) -> bool:
        """Whether all its names only repeat its commune's name."""
        return all("".join(name) in "".join(self.commune_names) for name in self.variants)

    @cached_property
    def commune_names(self) -> tuple[str, ...]:
        """The names of its commune as lookalikes: the official one, then the former ones."""
        return tuple(lookalike(name) for name in (self.commune.name, *self.commune.former))


def directory_title(*, published: bool) -> str:
    """Return what the directory is called in a sentence: published, or the list of the sites."""
    return "l'annuaire" if published else worded("la liste {of_plural_site}")


@dataclass(frozen=True, eq=False)
class Directory:
    """The establishments and the communes of a territory.

    ``is_published`` is whether a directory gave them; else they are the sites of the folder.
    """

    entries: tuple[DirectoryEntry, ...]
    communes: tuple[DirectoryCommune, ...]
    is_published: bool = True

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        return directory_title(published=self.is_published)

    @cached_property
    def by_code(self) -> Mapping[str, DirectoryEntry]:
        """The entries by each of their codes."""
        return {code: entry for entry in self.entries for code in entry.codes}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code."""
        return tuple(self.by_code)

    @cached_property
    def by_id(self) -> Mapping[str, DirectoryEntry]:
        """The entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def entries_in(self) -> Callable[[str], tuple[DirectoryEntry, ...]]:
        """Function from a commune's name, a lookalike, to the entries of communes like it.

        Its answers are cached: many rows of a list name the same commune.
        """

        def find(commune: str) -> tuple[DirectoryEntry, ...]:
            return tuple(
                entry
                for entry in self.entries
                if max(commune_similarity(commune, known) for known in entry.commune_names)
                >= SAME_COMMUNE
            )

        return lru_cache(maxsize=20_000)(find)

    @cached_property
    def departements(self) -> frozenset[str]:
        """The codes of the départements of the territory."""
        return frozenset(commune.departement for commune in self.communes)

    @cached_property
    def communes_by_name(self) -> Mapping[str, tuple[DirectoryCommune, ...]]:
        """The communes by each of their names, folded; those named so today come first."""
        by_name: dict[str, list[DirectoryCommune]] = {}
        for commune in self.communes:
            by_name.setdefault(folded(commune.name), []).append(commune)
        for commune in self.communes:
            for name in commune.former:
                by_name.setdefault(folded(name), []).append(commune)
        return {name: tuple(dict.fromkeys(communes)) for name, communes in by_name.items()}

    @cached_property
    def by_insee(self) -> Mapping[str, DirectoryCommune]:
        """The communes by INSEE code."""
        return {commune.insee: commune for commune in self.communes}

    def commune(self, name: str, departement: str = "") -> DirectoryCommune | None:
        """Return the only commune of this name; ``None`` if there is none, or several.

        A current name is preferred to a former name. An empty ``departement`` is any.
        """
        communes = [
            commune
            for commune in self.communes_by_name.get(folded(name), ())
            if departement in {"", commune.departement}
        ]
        official = [commune for commune in communes if folded(commune.name) == folded(name)]
        preferred = official or communes
        return preferred[0] if len(preferred) == 1 else None


def read_directory(folder: Path, lycees: Mapping[str, Lycee]) -> Directory:
    """Read ``annuaire.json`` and ``noms_communes.json`` of a data folder; each may be absent.

    Without them, the directory is the sites of the folder (``lycees``) and their communes.
    """
    names = _read(folder / "noms_communes.json")
    communes = _communes_of(lycees.values()) if names is None else _communes(names)
    by_insee = {commune.insee: commune for commune in communes}
    read = _read(folder / "annuaire.json")
    rows = [] if read is None else read["lycees"]

    def build() -> Directory:
        published = {row["uai"]: row for row in rows}
        entries = [_served(lycee, published, by_insee) for lycee in lycees.values()]
        entries += [_unserved(row, by_insee) for row in rows if row["lycee"] is None]
        return Directory(tuple(entries), communes, is_published=read is not None)

    return _checked("annuaire.json", build)


def _read(path: Path) -> dict[str, Any] | None:
    """Return the content of a file of the directory; ``None`` without the file."""
    return read_json_object(path, VERSION, _REPAIR) if path.exists() else None


def _communes_of(lycees: Iterable[Lycee]) -> tuple[DirectoryCommune, ...]:
    """Return the communes of sites, as far as they tell them."""
    known = {lycee.insee: lycee for lycee in lycees if lycee.insee}
    return tuple(
        DirectoryCommune(insee, lycee.commune, lycee.departement)
        for insee, lycee in sorted(known.items())
    )


def _served(
    lycee: Lycee, published: Mapping[str, Any], communes: Mapping[str, DirectoryCommune]
) -> DirectoryEntry:
    codes = (lycee.id, *lycee.associated_uais)
    return DirectoryEntry(
        id=lycee.id,
        codes=tuple(code for code in codes if is_code(code)),
        name=lycee.name,
        names=tuple(
            (published[code]["nom"], *published[code]["autres_noms"])
            for code in codes
            if code in published
        ),
        commune=communes[lycee.insee]
        if lycee.insee
        else DirectoryCommune("", lycee.commune, lycee.departement),
    )


def _unserved(row: dict[str, Any], communes: Mapping[str, DirectoryCommune]) -> DirectoryEntry:
    return DirectoryEntry(
        id=row["uai"],
        codes=(row["uai"],),
        name=row["nom"],
        names=((row["nom"], *row["autres_noms"]),),
        commune=communes[row["code_insee"]],
        served=False,
        remark=str(row["remarque"]),
    )


def _communes(content: dict[str, Any]) -> tuple[DirectoryCommune, ...]:
    return _checked(
        "noms_communes.json",
        lambda: tuple(
            DirectoryCommune(row["code"], row["nom"], row["departement"], tuple(row["anciens"]))
            for row in content["communes"]
        ),
    )


def _checked[T](name: str, build: Callable[[], T]) -> T:
    """Return the result of ``build`` on a data file; raise ``DataFileError`` for its faults."""
    try:
        return build()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise altered(name, error, _REPAIR) from error
