"""Imports of lists: a list as read, with its report; the changes that it makes to a plan."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from geozones.common.errors import InputError
from geozones.common.french import folded, listing, plural
from geozones.domain import Lycee, Plan, Zone
from geozones.domain.identifiers import is_temporary
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.places import LocationOverrides, PlaceQuery, Precision
from geozones.domain.plan import plan_of
from geozones.domain.terms import has_organisation, terms
from geozones.intake.columns import ColumnGuess, TableColumns, chosen_columns
from geozones.intake.directory import Directory
from geozones.intake.document_reader import read_document
from geozones.intake.documents import SourceDocument
from geozones.intake.import_report import (
    LEAVE,
    NEW,
    Accepted,
    AmbiguousRow,
    ImportDecisions,
    MatchCandidate,
    RejectedRow,
    Repair,
    Report,
)
from geozones.intake.list_extraction import extract
from geozones.intake.listing import ListedSector, ListedZone
from geozones.intake.resolve import resolve
from geozones.intake.site_fields import LYCEE_FIELDS
from geozones.jobs import FILES, Job, Listener
from geozones.workspace.folder.places import directory_of, find_places, place_doubt
from geozones.workspace.folder.territory import Territory

#: Names of the intake that parts of pages use: they may not import it.
__all__ = ["LEAVE", "NEW", "AmbiguousRow", "MatchCandidate", "Repair", "Report"]

#: Least score of a candidate that a row of this territory has.
_ALIKE = 70.0
#: Lines that may hold the titles that the user names.
_LOOKED_AT = 20
_TOWNS_IN_A_NAME = 3
_MAX_ZONE_NAME = 80


@dataclass(frozen=True, slots=True)
class MatchedZones:
    """The zones of a list that have lycées, by rank."""

    sector_of: dict[int, str]  # The plan's sector (id) of each zone.
    zone_of: dict[int, Zone]  # The matching zone of the plan, with the list's name, or a new zone.
    created: tuple[Zone, ...]  # The new zones.
    #: Sectors of the list that the plan lacks, and the sectors taken instead.
    notes: tuple[str, ...]


def match_zones(report: Report, base: Plan) -> MatchedZones:
    """Match the zones of a list with the zones of a plan.

    A zone matches the zone of the same sector with its code or name, else the zone that shares the
    most lycées with it; it keeps the code and the colour of the plan's zone.
    """
    return _Matching(report, base).match()


class _Matching:
    def __init__(self, report: Report, base: Plan) -> None:
        self.report, self.base = report, base
        self.members = report.by_zone
        self.notes: list[str] = []

    def match(self) -> MatchedZones:
        zones = [zone for zone in self.report.listing.zones if self.members[zone.rank]]
        sector_of = self._sectors(zones)
        zone_of = self._known_zones(zones, sector_of)
        created: list[Zone] = []
        for zone in zones:
            known = zone_of.get(zone.rank)
            if known is None:
                known = self._new_zone(zone, sector_of[zone.rank], created)
                created.append(known)
            elif _renames(zone.name, known):
                known = Zone(known.id, zone.name[:_MAX_ZONE_NAME], known.sector)
            zone_of[zone.rank] = known
        return MatchedZones(sector_of, zone_of, tuple(created), tuple(self.notes))

    def _sectors(self, zones: Iterable[ListedZone]) -> dict[int, str]:
        """Return the plan's sector (id) of each zone of the list (rank).

        The sector is found by its name, else by a zone of the plan with the zone's name, else by
        the lycées.
        """
        sector_of: dict[int, str] = {}
        by_rank = {sector.rank: sector for sector in self.report.listing.sectors}
        for zone in zones:
            listed = None if zone.sector is None else by_rank[zone.sector]
            named = None if listed else _named(zone, self.base.zones)
            sector_of[zone.rank] = (
                named.sector if named else self._sector(listed, self._beside(zone))
            )
        return sector_of

    def _beside(self, zone: ListedZone) -> Sequence[str]:
        """Return the listed lycées in the sector of a zone; in the zone, if it has no sector."""
        if zone.sector is None:
            return self.members[zone.rank]
        return [
            lycee
            for other in self.report.listing.zones
            if other.sector == zone.sector
            for lycee in self.members[other.rank]
        ]

    def _sector(self, listed: ListedSector | None, members: Iterable[str]) -> str:
        if listed is not None:
            for sector in self.base.sectors:
                if folded(sector.name) == folded(listed.name):
                    return sector.id
        votes = Counter(
            self.base.sector_of(lycee).id for lycee in members if lycee in self.base.zone_by_lycee
        )
        if votes:
            likeliest = votes.most_common(1)[0][0]
            self._note_guess(listed, likeliest)
            return likeliest
        site = terms().site
        name = "de cette liste" if listed is None else f"« {listed.name} »"
        raise InputError(
            f"Le secteur {name} n'est pas un secteur du plan, et aucun de ses "
            f"{site.plural} n'y est : les secteurs sont "
            f"{listing([sector.name for sector in self.base.sectors])}."
        )

    def _note_guess(self, listed: ListedSector | None, sector: str) -> None:
        """Add a note on a sector that the plan lacks, with the sector taken instead."""
        if listed is not None:
            note = (
                f"Le secteur « {listed.name} » n'est pas dans le plan : ses "
                f"{terms().site.plural} sont surtout dans {self.base.sector(sector).name}, et ses "
                "zones y sont mises."
            )
            if note not in self.notes:
                self.notes.append(note)

    def _known_zones(
        self, zones: Iterable[ListedZone], sector_of: Mapping[int, str]
    ) -> dict[int, Zone]:
        """Return the plan's zones that match zones of the list: by name, else by shared lycées."""
        zones, base = list(zones), self.base
        named = {zone.rank: _named(zone, base.zones_of(sector_of[zone.rank])) for zone in zones}
        zone_of = {rank: known for rank, known in named.items() if known is not None}
        shared = sorted(
            (
                (-len(set(self.members[zone.rank]) & set(base.members(known.id))), zone.rank, known)
                for zone in zones
                for known in base.zones_of(sector_of[zone.rank])
            ),
            key=lambda entry: entry[:2],
        )
        for overlap, rank, known in shared:
            if overlap and rank not in zone_of and known.id not in {z.id for z in zone_of.values()}:
                zone_of[rank] = known
        return zone_of

    def _new_zone(self, zone: ListedZone, sector: str, created: Iterable[Zone]) -> Zone:
        """Return a zone with the next free number of its sector, named by its towns if unnamed."""
        taken = {entry.id for entry in (*self.base.zones, *created)}
        own = [entry.id for entry in self.base.zones_of(sector)]
        prefix = own[0].rpartition("-")[0] if own else ""
        prefix = prefix or sector[:12]
        number = next(n for n in range(1, len(taken) + 2) if f"{prefix}-{n}" not in taken)
        towns = Counter(row.commune for row in self.report.accepted if row.zone == zone.rank)
        name = " – ".join(town for town, _ in towns.most_common(_TOWNS_IN_A_NAME))
        return Zone(f"{prefix}-{number}", (zone.name or name)[:_MAX_ZONE_NAME], sector)


def _named(zone: ListedZone, known: Iterable[Zone]) -> Zone | None:
    """Return the only zone with the listed name as its code, else as its name."""
    name = folded(zone.name)
    every = tuple(known) if name else ()
    by_code = [entry for entry in every if folded(entry.id) == name]
    so_called = by_code or [entry for entry in every if folded(entry.name) == name]
    return so_called[0] if len(so_called) == 1 else None


def _renames(name: str, known: Zone) -> bool:
    """Return whether a name in the list renames a zone, and is not just its number."""
    return (
        bool(name)
        and folded(name) not in {folded(known.name), folded(known.id)}
        and not _is_number(name)
    )


def _is_number(name: str) -> bool:
    """Return whether a zone's name is only a number: « Zone 3 »."""
    return (
        folded(name).removeprefix("zone").strip().isalnum()
        and len(folded(name).split()) <= 2
        and (folded(name).startswith("zone") or folded(name).isdecimal())
    )


@dataclass(frozen=True, slots=True)
class Renamed:
    """A lycée whose name in the list differs from the plan's data."""

    lycee: str
    before: str
    after: str


@dataclass(frozen=True)
class ListedPlan:
    """A plan changed by a list."""

    plan: Plan  # The plan with the list's zones; sectors that the list does not name are unchanged.
    added: tuple[Accepted, ...] = ()  # Rows of lycées that the plan lacked.
    removed: tuple[str, ...] = ()  # Lycées of the listed sectors that are not in the list.
    #: Lycées under another name; lycées in another zone, with the zones before and after.
    renamed: tuple[Renamed, ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    #: Zones that the list adds, and zones that it empties, which are removed.
    created: tuple[Zone, ...] = ()
    gone: tuple[Zone, ...] = ()
    listed: tuple[str, ...] = ()  # Names of the sectors in the list, and of the other sectors.
    untouched: tuple[str, ...] = ()
    #: Contents of the list that a plan cannot store: another RNS, an unknown sector.
    notes: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the list agrees with the plan."""
        return not (self.added or self.removed or self.renamed or self.moved)


def planned(
    territory: Territory, report: Report, base: Plan, *, keep_absent: bool = True
) -> ListedPlan:
    """Apply a list to a plan: its zones in the sectors it names, other sectors unchanged.

    With ``keep_absent``, lycées of these sectors that are not in the list stay in their zones.
    """
    return _Planning(territory, report, base).planned(keep_absent=keep_absent)


class _Planning:
    def __init__(self, territory: Territory, report: Report, base: Plan) -> None:
        self.territory, self.report, self.base = territory, report, territory.named(base)
        self.zone_rank = {row.id: row.zone for row in report.accepted if row.zone is not None}
        if not self.zone_rank:
            raise InputError(
                "Cette liste ne forme pas de plan : aucune de ses lignes n'est à la fois reconnue "
                "et dans une zone. Ajoutez-lui une colonne de zones, ou indiquez-la à l'étape "
                "« Colonnes »."
            )
        self.matched = match_zones(report, base)
        self.touched = set(self.matched.sector_of.values())
        self.notes = list(self.matched.notes)

    def planned(self, *, keep_absent: bool) -> ListedPlan:
        base, zone_of = self.base, self.matched.zone_of
        assigned = {lycee: zone_of[rank].id for lycee, rank in self.zone_rank.items()}
        listed = {row.id for row in self.report.accepted}
        self._note_without_zone(listed - assigned.keys())
        # the lycées of the listed sectors that are not in the list
        removed = tuple(
            lycee
            for sector in self.base.sectors
            if sector.id in self.touched
            for lycee in self.base.lycees_of(sector.id)
            if lycee not in listed
        )
        leaving = set() if keep_absent else self._leaving(removed)
        kept = {lycee: zone for lycee, zone in base.zone_by_lycee.items() if lycee not in leaving}
        plan, gone = self._plan({**kept, **assigned})
        self._note_leaders(self.matched.sector_of)
        return ListedPlan(
            plan,
            tuple(
                row
                for row in self.report.accepted
                if row.zone is not None and row.id not in base.zone_by_lycee
            ),
            removed,
            self._renamed(),
            plan.moves_from(base),
            self.matched.created,
            gone,
            tuple(sector.name for sector in base.sectors if sector.id in self.touched),
            tuple(sector.name for sector in base.sectors if sector.id not in self.touched),
            tuple(self.notes),
        )

    def _plan(self, zone_by_lycee: Mapping[str, str]) -> tuple[Plan, tuple[Zone, ...]]:
        """Return the plan with the list's zones, and the zones of its sectors that became empty."""
        base, used = self.base, set(zone_by_lycee.values())
        gone = tuple(
            zone for zone in base.zones if zone.sector in self.touched and zone.id not in used
        )
        listed = {zone.id: zone for zone in self.matched.zone_of.values()}
        zones = [listed.get(zone.id, zone) for zone in base.zones if zone not in gone]
        return plan_of(base.sectors, (*zones, *self.matched.created), zone_by_lycee), gone

    def _note_without_zone(self, lycees: set[str]) -> None:
        """Add a note for each lycée that the list has without a zone."""
        for row in self.report.accepted:
            if row.id in lycees:
                zone = self.base.zone_by_lycee.get(row.id)
                where = (
                    "il n'entre pas dans le plan"
                    if zone is None
                    else f"il reste dans {self.base.zone(zone).name}"
                )
                self.notes.append(f"Ligne {row.row} : {row.name} est sans zone ; {where}.")

    def _leaving(self, absent: Iterable[str]) -> set[str]:
        """Return the absent lycées to remove; support centres stay, with a note."""
        centres = {sector.support_centre: sector.name for sector in self.base.sectors}
        leaving = set(absent)
        for lycee in sorted(leaving & centres.keys()):
            self.notes.append(
                f"{self.territory.name(lycee)} n'est pas dans la liste et reste dans le plan : "
                f"c'est {terms().support_centre.the} du secteur {centres[lycee]}."
            )
        return leaving - centres.keys()

    def _renamed(self) -> tuple[Renamed, ...]:
        known = self.territory.lycees
        return tuple(
            Renamed(row.id, known[row.id].name, row.name)
            for row in self.report.accepted
            if row.zone is not None and row.id in known and row.name != known[row.id].name
        )

    def _note_leaders(self, sector_of: Mapping[int, str]) -> None:
        """Add a note where the list names another RNS or support centre than the data."""
        by_rank = {
            z.sector: sector_of[z.rank] for z in self.report.listing.zones if z.rank in sector_of
        }
        for rank, name in self.report.rns.items():
            sector = self.base.sector(by_rank[rank]) if rank in by_rank else None
            if sector is not None and sector.rns is not None and folded(sector.rns) != folded(name):
                self.notes.append(
                    f"{sector.name} : RNS {name} dans la liste, {sector.rns} dans les données."
                )
        for rank, centre in self.report.centres.items():
            sector = self.base.sector(by_rank[rank]) if rank in by_rank else None
            if sector is not None and sector.support_centre not in {None, centre}:
                self.notes.append(
                    f"{sector.name} : {terms().support_centre} "
                    f"{self.territory.name(centre)} dans la liste, "
                    f"{self.territory.name(str(sector.support_centre))} dans les données."
                )


def read_list(
    directory: Directory,
    document: SourceDocument,
    columns: Mapping[str, int] | None = None,
    decisions: ImportDecisions | None = None,
) -> Report:
    """Match a list against the directory, with the columns and under the decisions of the user."""
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

    def corrected(self, corrections: Mapping[str, str]) -> "ListImport":
        """Return the import with columns named by their titles: see `chosen_columns`."""
        if not corrections:
            return self
        columns = dict(self.columns or self.report.listing.columns)
        titles = self._titles_with(corrections)
        for key, rank in chosen_columns(titles, LYCEE_FIELDS, corrections).items():
            columns.pop(key, None)
            if rank is not None:
                columns[key] = rank
        return self._judged(columns=columns)

    def _titles_with(self, corrections: Mapping[str, str]) -> Sequence[str]:
        """Return the titles of the list, else the first line that has those of the user."""
        wanted = {folded(each) for each in corrections.values() if each and not each.isdecimal()}
        untitled = () if self.report.listing.titles else self.document.lines[:_LOOKED_AT]
        lines = (line.cells for line in untitled if wanted <= set(map(folded, line.cells)))
        return next(lines, self.titles)

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
    def shown_columns(self) -> TableColumns:
        """Columns of the list, for the page where the user corrects them."""
        titles = self.titles
        ranks = self.columns or self.report.listing.columns
        guesses = tuple(
            ColumnGuess(key, LYCEE_FIELDS[key].shown, rank, titles[rank], 1.0, "titre")
            for key, rank in ranks.items()
        )
        labels = {key: field.shown for key, field in LYCEE_FIELDS.items()}
        return TableColumns(titles, 0, guesses, labels)

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


def why_elsewhere(report: Report) -> str:
    """Return why a list is of another territory; empty if a tenth of its rows may belong here.

    A row may belong here if it is recognised, or resembles a lycée of the directory.
    """
    ranked = [row for row in report.ambiguous if row.candidates]
    alike = [row for row in ranked if max(each.score for each in row.candidates) >= _ALIKE]
    here = len(report.accepted) + len(alike)
    others: list[AmbiguousRow | RejectedRow] = [*report.ambiguous, *report.rejected]
    first = min(others, key=lambda row: row.row, default=None)
    if first is None or here * 10 >= len(report.accepted) + len(others):
        return ""
    return (
        f"{plural(len(report.listing.rows), 'ligne lue', 'lignes lues')}, "
        f"{plural(len(report.accepted), 'reconnue')} : cette liste est d'un autre territoire, ou "
        f"ses colonnes sont mal lues (ligne {first.row} : {first.why.rstrip('.')})."
    )


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
        kind=NOT_PUBLISHED if has_organisation() else "",
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

    ``twins`` are groups of lycées at the same point or with the same name and commune. Points where
    the tool put lycées without an address count for none.
    """

    lycees: int
    provisional: tuple[str, ...]
    imprecise: tuple[str, ...]
    twins: tuple[tuple[str, ...], ...]


def quality(lycees: Mapping[str, Lycee]) -> Quality:
    """Return the doubtful lycées of a territory."""
    groups: dict[object, list[str]] = {}
    for key, lycee in sorted(lycees.items()):
        if lycee.precision != Precision.COMMUNE.value:
            groups.setdefault((round(lycee.lat, 5), round(lycee.lon, 5)), []).append(key)
        groups.setdefault((lycee.name.casefold(), lycee.insee), []).append(key)
    good = {Precision.ADDRESS.value, Precision.MANUAL.value}
    return Quality(
        len(lycees),
        tuple(key for key in sorted(lycees) if is_temporary(key)),
        tuple(key for key in sorted(lycees) if lycees[key].precision not in good),
        tuple(dict.fromkeys(tuple(keys) for keys in groups.values() if len(keys) > 1)),
    )
