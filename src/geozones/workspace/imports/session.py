"""Imports in progress: a list as read, its report, positions of new lycées; needs from a file.

Needs and sizes of lycées are recorded in a scenario by events.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from geozones.common.errors import InputError
from geozones.common.french import number, of
from geozones.common.pacing import Progress, no_progress
from geozones.domain import Lycee
from geozones.domain.events import State, read_change
from geozones.domain.identifiers import is_temporary
from geozones.domain.places import Located, LocationOverrides, PlaceQuery, Precision, Remark
from geozones.domain.terms import worded
from geozones.domain.workload import DEFAULT_PUPILS, Basis, fitted_per_half_day
from geozones.geocode import read_geocode_settings
from geozones.geocode.lookups import Gazetteer, KnownCommune
from geozones.geocode.provider_chain import Geocoded, geocode
from geozones.intake.directory import Directory, read_directory
from geozones.intake.document_reader import read_document
from geozones.intake.documents import FIELDS, SourceDocument
from geozones.intake.import_report import Accepted, ImportDecisions, Report
from geozones.intake.list_extraction import extract
from geozones.intake.resolve import resolve
from geozones.intake.uai_codes import CodeReading, PrintedCode, read_code
from geozones.jobs import FILES, Job, Listener
from geozones.territory.commune_file import km_outside
from geozones.travel.engine import crow_km
from geozones.workspace.imports.listed_plan import ListedPlan
from geozones.workspace.study import Study
from geozones.workspace.territory import Territory

if TYPE_CHECKING:
    from geozones.intake.site_tables import NeedsFile


def directory_of(territory: Territory) -> Directory:
    """Return the directory that lists are matched against; raise ``DataFileError``."""
    return read_directory(territory.atlas.data.path, territory.lycees)


def read_list(
    directory: Directory,
    document: SourceDocument,
    columns: Mapping[str, int] | None = None,
    decisions: ImportDecisions | None = None,
) -> Report:
    """Match a list against the directory.

    Parameters
    ----------
    columns
        Rank of the column, from 0, of each field, as chosen by the user.
    decisions
        Repairs that the user refused, and the user's choices for ambiguous rows.
    """
    decisions = decisions or ImportDecisions()
    ignored = {row for row, field in decisions.refused if field == "zone"}
    return resolve(extract(document, directory, columns, ignored), directory, decisions)


@dataclass(frozen=True)
class ListImport:
    """A list and its report; each decision returns a new import, and nothing is stored.

    ``columns`` are the columns that the user chose; ``None`` for the columns found by their titles.
    """

    name: str
    document: SourceDocument
    directory: Directory
    report: Report
    columns: Mapping[str, int] | None = None
    decisions: ImportDecisions = field(default_factory=ImportDecisions)

    @classmethod
    def opened(cls, territory: Territory, content: bytes | str, name: str) -> "ListImport":
        """Read a list."""
        document, directory = read_document(content), directory_of(territory)
        return cls(name[:80], document, directory, read_list(directory, document))

    def with_columns(self, columns: Mapping[str, int]) -> "ListImport":
        """Return the import with the columns that the user chose."""
        return self._judged(columns=dict(columns))

    def with_repair(self, row: int, field: str, *, refused: bool) -> "ListImport":
        """Return the import with a repair refused, or accepted again."""
        key = (row, field)
        if (key in self.decisions.refused) == refused:
            return self
        kept = self.decisions.refused - {key}
        refusals = kept | {key} if refused else kept
        chosen = {line: choice for line, choice in self.decisions.chosen.items() if line != row}
        return self._judged(decisions=ImportDecisions(frozenset(refusals), chosen))

    def with_answer(self, row: int, choice: str | None) -> "ListImport":
        """Return the import with the user's choice for an ambiguous row; ``None`` removes it."""
        return self._judged(decisions=self.decisions.with_choice(row, choice))

    def _judged(self, **changes: object) -> "ListImport":
        other = replace(self, **changes)  # type: ignore[arg-type]  # fields of this class
        report = read_list(other.directory, other.document, other.columns, other.decisions)
        return replace(other, report=report)

    @property
    def titles(self) -> tuple[str, ...]:
        """Label of each column of the document on screen: its title, else its rank."""
        lines = [line for line in self.document.lines if not line.is_blank]
        known = self.report.listing.titles
        width = max(
            (len(line.cells) for line in lines if len(line.cells) <= len(known) or not known),
            default=0,
        )
        return tuple(
            known.get(rank, "").strip() or f"colonne {rank + 1}"
            for rank in range(max(width, len(known)))
        )

    def sample(self, rows: int = 6) -> tuple[tuple[str, ...], ...]:
        """Return the first rows of the list, cell by cell."""
        wanted = {row.line for row in self.report.listing.rows[:rows]}
        lines = [line for line in self.document.lines if line.number in wanted]
        if not lines:
            lines = [line for line in self.document.lines if not line.is_blank][:rows]
        width = len(self.titles)
        return tuple((*line.cells, *[""] * width)[:width] for line in lines)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Reading of a list; the parameters of `ListImport.opened`."""

    territory: Territory
    content: bytes | str
    name: str

    def opened(self, found: "ReadList") -> ListImport:
        """Return the import of a list that a job has read."""
        # the directory is read here: its lookup caches are slower to send than to make
        document, report = found
        return ListImport(self.name[:80], document, directory_of(self.territory), report)


type ReadList = tuple[SourceDocument, Report]
type ListJob = Job[ListRequest, None, ReadList]


def list_job(asked: ListRequest) -> ListJob:
    """Return the job that reads a list."""
    return Job(FILES, open_list, asked, None)


def open_list(_: Listener, asked: ListRequest) -> ReadList:
    """Read a list; raise as `ListImport.opened`."""
    opened = ListImport.opened(asked.territory, asked.content, asked.name)
    return opened.document, opened.report


def column_labels() -> dict[str, str]:
    """Return the French labels of the fields that a column may hold."""
    return {field: worded(label) for field, (label, _) in FIELDS.items()}


@dataclass(frozen=True)
class NeedsChange:
    """An event to record: its kind and its data."""

    kind: str
    data: dict[str, Any]


def read_needs(territory: Territory, content: bytes) -> "NeedsFile":
    """Read a table of needs or sizes, from CSV or a spreadsheet; raises ``InputError``."""
    from geozones.intake.site_tables import read_needs_file  # noqa: PLC0415 - seldom used

    return read_needs_file(content, territory.lycees)


def needs_changes(study: Study, file: "NeedsFile") -> tuple[NeedsChange, ...]:
    """Return the events that record a file in the scenario of a study, in their order.

    The weight of workstations and tickets is fitted so that the half-days a week of their lycées
    stay the same in total, without lycées that have a need of their own. Pupils keep the rule's own
    value.
    """
    changes, state = [], study.state
    if file.needs:
        changes.append(NeedsChange("set_needs", {"needs": file.needs}))
        state = _applied(state, changes)
    if file.basis is not None and file.sizes:
        worth = _per_half_day(study, state, file.basis, file.sizes)
        data = {"basis": file.basis.value, "sizes": file.sizes, "per_half_day": worth}
        changes.append(NeedsChange("set_sizes", data))
    return tuple(changes)


def with_needs(study: Study, changes: Sequence[NeedsChange]) -> Study:
    """Return a study after some events of its scenario; raises as they do."""
    return study.with_teams(_applied(study.state, changes).teams)


def _applied(state: State, changes: Sequence[NeedsChange]) -> State:
    for change in changes:
        state = read_change(change.kind, change.data).apply(state)
    return state


def _per_half_day(study: Study, state: State, basis: Basis, sizes: dict[str, int]) -> float:
    rule = state.teams.rule
    kept = rule.per_half_day.get(basis, DEFAULT_PUPILS)
    if basis is Basis.PUPILS:
        return kept
    lycees = study.territory.lycees
    free = [key for key in sizes if key not in state.teams.needs]
    total = sum(state.teams.need(lycees[key]).half_days for key in free)
    if not any(sizes[key] for key in free):
        return kept
    return fitted_per_half_day([sizes[key] for key in free], rule.site_half_days, total)


def with_codes(
    queries: Sequence[PlaceQuery], gazetteer: Gazetteer
) -> tuple[tuple[PlaceQuery, ...], tuple[Remark, ...]]:
    """Return the places with their codes read, and remarks on doubtful codes.

    A provisional key (« X53-… ») and an unreadable code stay as they are.
    """
    known = gazetteer.codes
    read, remarks = [], []
    for query in queries:
        if not query.id or query.id in known or is_temporary(query.id):
            read.append(query)
            continue
        code = read_code(query.id, known)
        read.append(replace(query, id=code.uai or query.id))
        what = _remark(code)
        if what:
            remarks.append(Remark(query.row, what))
    return tuple(read), tuple(remarks)


def disagreements(
    queries: Iterable[PlaceQuery], rows: Iterable[int], gazetteer: Gazetteer
) -> tuple[Remark, ...]:
    """Return a remark for each place whose code belongs to a lycée of another commune.

    Only the places of some ``rows`` (lines of the list) are checked.
    """
    wanted = set(rows)
    elsewhere = ((query, gazetteer.elsewhere(query)) for query in queries if query.row in wanted)
    return tuple(
        Remark(
            query.row,
            f"le code {query.id} est celui {of(lycee.name)} ({lycee.commune}), et la ligne donne "
            f"« {query.commune[:60] or query.insee[:5]} » : vérifiez le code ou la commune.",
        )
        for query, lycee in elsewhere
        if lycee is not None
    )


def _remark(code: PrintedCode) -> str:
    printed = code.printed[:40]
    if code.reading is CodeReading.UNREADABLE:
        return (
            f"le code « {printed} » est illisible ou sa lettre-clé est fausse : il n'est pas "
            "employé ; corrigez-le."
        )
    if code.star:
        return (
            f"« {printed} » : l'étoile marque un autre site de l'établissement {code.uai}. Sa "
            "position est peut-être celle du site principal : vérifiez-la."
        )
    if code.reading is CodeReading.REPAIRED:
        return f"le code « {printed} » est lu {code.uai}, seule lecture possible : vérifiez-le."
    return ""


class PlaceDoubtError(InputError):
    """A point cannot be the position of a lycée, unless the user insists."""

    def __init__(self, doubt: str) -> None:
        super().__init__(f"Position refusée : {doubt}.")


#: Largest distance of a place from the centre of its commune.
MAX_KM = 10.0


def find_places(
    territory: Territory,
    queries: Sequence[PlaceQuery],
    providers: Sequence[str] | None = None,
    *,
    insist: bool = False,
    progress: Progress = no_progress,
) -> Geocoded:
    """Geocode places with the given providers, by default the providers of the settings.

    Parameters
    ----------
    territory
        The lycées and communes that are known without a network.
    queries
        Known fields of each place; codes are read as in an import.
    providers
        Names, in the order to try them; by default the settings' providers.
    insist
        Whether to accept points that are outside their commune, or far from its centre.
    progress
        Called with (places done, total places).
    """
    settings = read_geocode_settings()
    gazetteer = gazetteer_of(territory)
    names = settings.providers if providers is None else providers
    check = _passed if insist else _gate(territory, gazetteer)
    read, remarks = with_codes(queries, gazetteer)
    geocoded = geocode(read, names, settings, gazetteer, check, progress=progress)
    more = disagreements(read, (place.row for place in geocoded.located), gazetteer)
    every = sorted((*remarks, *more), key=lambda remark: remark.row)
    return replace(geocoded, remarks=tuple(every))


def gazetteer_of(territory: Territory) -> Gazetteer:
    """Return the lycées and communes that can be located without a network."""
    known = directory_of(territory).by_insee
    communes = {
        entry.code: KnownCommune(
            entry.code,
            entry.name,
            entry.departement,
            entry.lat,
            entry.lon,
            known[entry.code].former if entry.code in known else (),
        )
        for entry in territory.atlas.communes
    }
    return Gazetteer(territory.lycees, communes)


def _passed(_query: PlaceQuery, _located: Located) -> None:
    return None


def _gate(
    territory: Territory, gazetteer: Gazetteer
) -> Callable[[PlaceQuery, Located], str | None]:
    def check(query: PlaceQuery, located: Located) -> str | None:
        commune = gazetteer.commune_of(query)
        return place_doubt(
            territory, located.lat, located.lon, None if commune is None else commune.code
        )

    return check


def place_doubt(territory: Territory, lat: float, lon: float, insee: str | None) -> str | None:
    """Explain why a point cannot be in a commune, or in the territory if no commune is known.

    Return ``None`` if it can: inside the commune, and at most 10 km from its centre.
    """
    limits = territory.atlas.limits
    if not limits:
        return None
    if insee is None or insee not in limits:
        inside = any(km_outside(shape, lat, lon) == 0 for shape in limits.values())
        return None if inside else "le point est hors du territoire"
    commune = next(entry for entry in territory.atlas.communes if entry.code == insee)
    outside = km_outside(limits[insee], lat, lon)
    if outside > 0:
        return (
            f"le point est hors de la commune {of(commune.name)}, à "
            f"{number(outside, 1)} km de sa limite"
        )
    km = crow_km((lat, lon), (commune.lat, commune.lon))
    if km > MAX_KM:
        return (
            f"le point est à {number(km, 1)} km du centre {of(commune.name)} "
            f"({MAX_KM:g} km au plus)"
        )
    return None


_OF_LIST = "liste"


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A lycée that a list adds, with its position (WGS84 degrees), precision and source.

    ``why`` explains a poor precision: refused coordinates, an unknown address.
    """

    row: Accepted
    lat: float
    lon: float
    precision: Precision
    provider: str
    why: str = ""


def places_of(territory: Territory, rows: Sequence[Accepted]) -> tuple[ListedPlace, ...]:
    """Locate the lycées that a list adds.

    Coordinates in the list are used if they are plausible; the geocoding providers of the settings
    locate the other lycées (as shipped, without a network). A lycée that no provider locates is put
    at the centre of its commune.
    """
    doubts = {row.id: place_doubt(territory, *row.point, row.insee) for row in rows if row.point}
    asked = [row for row in rows if row.point is None or doubts[row.id]]
    queries = [
        PlaceQuery(row.id, row.name, row.address, row.postcode, row.commune, row.insee, row.row)
        for row in asked
    ]
    geocoded = find_places(territory, queries) if queries else None
    located = {} if geocoded is None else {place.row: place for place in geocoded.located}
    refused = {} if geocoded is None else {place.row: place.why for place in geocoded.unlocated}
    centres = {entry.code: (entry.lat, entry.lon) for entry in territory.atlas.communes}
    places = []
    for row in rows:
        doubt = doubts.get(row.id)
        if row.point is not None and doubt is None:
            places.append(ListedPlace(row, *row.point, Precision.ADDRESS, _OF_LIST))
            continue
        why = f"coordonnées de la liste refusées : {doubt}" if doubt else ""
        if row.row in located:
            place = located[row.row]
            places.append(
                ListedPlace(row, place.lat, place.lon, place.precision, place.provider, why)
            )
        else:
            lat, lon = centres[row.insee]
            reason = why or refused.get(row.row, "")
            places.append(ListedPlace(row, lat, lon, Precision.COMMUNE, "local", reason))
    return tuple(places)


def changes_of(
    territory: Territory, listed: ListedPlan, places: Sequence[ListedPlace]
) -> LocationOverrides:
    """Return the location overrides of a list's plan: lycées added, renamed, left out.

    ``territory`` is the territory that the list was compared with; its overrides are kept.
    """
    home, before = territory.atlas.lycees, territory.overrides
    own: dict[str, Lycee] = {lycee.id: lycee for lycee in before.lycees}
    own |= {place.row.id: _lycee(place) for place in places}
    for renamed in listed.renamed:
        own[renamed.lycee] = replace(
            own.get(renamed.lycee, territory.lycees[renamed.lycee]), name=renamed.after
        )
    members = set(listed.plan.zone_by_lycee)
    return LocationOverrides(
        tuple(own[key] for key in sorted(own) if key in members),
        tuple((key, spot) for key, spot in before.spots if key in members),
        frozenset(home) - members,
    )


def _lycee(place: ListedPlace) -> Lycee:
    row = place.row
    return Lycee(
        id=row.id,
        name=row.name,
        published_name=row.printed,
        kind="non publié",
        address=row.address,
        postcode=row.postcode,
        commune=row.commune,
        insee=row.insee,
        departement=row.departement,
        lat=place.lat,
        lon=place.lon,
        associated_uais=row.codes[1:],
        precision=place.precision.value,
        source=f"Liste importée ; position : {place.provider}",
    )


@dataclass(frozen=True)
class Quality:
    """Doubtful lycées of a plan, as ids.

    ``twins`` are groups of lycées at the same point or with the same name and commune.
    """

    lycees: int
    provisional: tuple[str, ...]
    imprecise: tuple[str, ...]
    twins: tuple[tuple[str, ...], ...]


def quality(lycees: Mapping[str, Lycee]) -> Quality:
    """Return the doubtful lycées of a territory."""
    groups: dict[object, list[str]] = {}
    for key, lycee in sorted(lycees.items()):
        groups.setdefault((round(lycee.lat, 5), round(lycee.lon, 5)), []).append(key)
        groups.setdefault((lycee.name.casefold(), lycee.insee), []).append(key)
    good = {Precision.ADDRESS.value, Precision.MANUAL.value}
    return Quality(
        len(lycees),
        tuple(key for key in sorted(lycees) if is_temporary(key)),
        tuple(key for key in sorted(lycees) if lycees[key].precision not in good),
        tuple(dict.fromkeys(tuple(keys) for keys in groups.values() if len(keys) > 1)),
    )
