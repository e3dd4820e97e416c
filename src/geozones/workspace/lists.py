"""The list that someone brings, and what it would change in a plan."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geozones.domain import InputError, Plan, Zone
from geozones.domain.folding import folded
from geozones.domain.french import listing
from geozones.domain.plan import plan_of
from geozones.intake.directory import Directory, read_directory
from geozones.intake.documents import Document
from geozones.intake.listing import ListedSector, ListedZone
from geozones.intake.report import Accepted, Decisions, Report
from geozones.intake.settle import settle
from geozones.intake.walk import walk

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

_TOWNS_IN_A_NAME = 3
_MAX_ZONE_NAME = 80


@dataclass(frozen=True, slots=True)
class Renamed:
    """A lycée that the list calls otherwise than the plan's data."""

    lycee: str
    before: str
    after: str


@dataclass(frozen=True)
class ListedPlan:
    """What a list makes of a plan.

    Parameters
    ----------
    plan
        The plan with the list's zones; sectors that the list does not name are as they were.
    added
        Rows of lycées that the plan had not.
    removed
        Lycées of the listed sectors that are not in the list.
    renamed, moved
        Lycées under another name; lycées in another zone, with the zones before and after.
    created, gone
        Zones that the list adds, and those that it leaves empty, which go.
    listed, untouched
        Names of the sectors that the list says, and of the others.
    notes
        What the list says that a plan cannot hold: another RNS, a sector that is not known.
    """

    plan: Plan
    added: tuple[Accepted, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    created: tuple[Zone, ...] = ()
    gone: tuple[Zone, ...] = ()
    listed: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the list says what the plan says."""
        return not (self.added or self.removed or self.renamed or self.moved)


def directory_of(workspace: "Workspace") -> Directory:
    """Return what lists are matched against; raises ``DataFileError``."""
    return read_directory(workspace.data.path, workspace.lycees)


def read_list(
    directory: Directory,
    document: Document,
    columns: Mapping[str, int] | None = None,
    decisions: Decisions | None = None,
) -> Report:
    """Match a list against the directory.

    Parameters
    ----------
    columns
        Which column holds what, where the user said so.
    decisions
        Repairs refused, and what the rows left to the user are.
    """
    decisions = decisions or Decisions()
    ignored = {row for row, field in decisions.refused if field == "zone"}
    return settle(walk(document, directory, columns, ignored), directory, decisions)


def planned(
    workspace: "Workspace", report: Report, base: Plan, *, keep_absent: bool = True
) -> ListedPlan:
    """Say what a list makes of a plan: its zones in the sectors it names, the others untouched.

    A zone of the list is the plan's zone, of the same sector, that it calls by its code or name,
    else the one that most of its lycées are in; it keeps its code and its colour. A list of some
    sectors changes these alone.

    Parameters
    ----------
    keep_absent
        Whether lycées of the listed sectors that are not in the list stay in their zones.

    Raises
    ------
    InputError
        If no row of the list can be used, or it says no zone.
    """
    return _Planning(workspace, report, base).planned(keep_absent=keep_absent)


class _Planning:
    def __init__(self, workspace: "Workspace", report: Report, base: Plan) -> None:
        self.workspace, self.report, self.base = workspace, report, base
        self.rows = [row for row in report.accepted if row.zone is not None]
        if not self.rows:
            msg = (
                "Aucune ligne de cette liste n'est à la fois reconnue et dans une zone : "
                "il n'y a pas de plan à en tirer."
            )
            raise InputError(msg)
        self.notes: list[str] = []
        self.members = {
            zone.rank: [row.id for row in self.rows if row.zone == zone.rank]
            for zone in report.listing.zones
        }

    def planned(self, *, keep_absent: bool) -> ListedPlan:
        base, zones = self.base, [z for z in self.report.listing.zones if self.members[z.rank]]
        sector_of = self._sectors(zones)
        zone_of, created = self._zones(zones, sector_of)
        assigned = {row.id: zone_of[row.zone].id for row in self.rows if row.zone is not None}
        said = {row.id for row in self.report.accepted}
        self._without_zone(said - assigned.keys())
        touched = set(sector_of.values())
        removed = tuple(
            lycee
            for sector in base.sectors
            if sector.id in touched
            for lycee in base.lycees_of(sector.id)
            if lycee not in said
        )
        leaving = set() if keep_absent else self._leaving(removed)
        kept = {lycee: zone for lycee, zone in base.zone_by_lycee.items() if lycee not in leaving}
        after = {**kept, **assigned}
        used = set(after.values())
        gone = tuple(zone for zone in base.zones if zone.sector in touched and zone.id not in used)
        renamed = {zone.id: zone for zone in zone_of.values()}
        every = [renamed.get(zone.id, zone) for zone in base.zones if zone not in gone] + created
        plan = plan_of(base.sectors, every, after)
        self._leaders(sector_of)
        return ListedPlan(
            plan,
            tuple(row for row in self.rows if row.id not in base.zone_by_lycee),
            removed,
            self._renamed(),
            plan.moves_from(base),
            tuple(created),
            gone,
            tuple(sector.name for sector in base.sectors if sector.id in touched),
            tuple(sector.name for sector in base.sectors if sector.id not in touched),
            tuple(self.notes),
        )

    def _without_zone(self, lycees: set[str]) -> None:
        """Say what becomes of the lycées that the list has in no zone."""
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
        """Return the absent lycées that can go: a support centre stays, and it is said."""
        centres = {sector.support_centre: sector.name for sector in self.base.sectors}
        leaving = set(absent)
        for lycee in sorted(leaving & centres.keys()):
            self.notes.append(
                f"{self.workspace.name(lycee)} n'est pas dans la liste et reste dans le plan : "
                f"c'est le centre support du secteur {centres[lycee]}."
            )
        return leaving - centres.keys()

    def _sectors(self, zones: Iterable[ListedZone]) -> dict[int, str]:
        """Return the plan's sector of each zone of the list.

        By the sector's name, else that of the plan's zone so called, else where its lycées are.
        """
        found: dict[int, str] = {}
        by_rank = {sector.rank: sector for sector in self.report.listing.sectors}
        for zone in zones:
            listed = None if zone.sector is None else by_rank[zone.sector]
            members = self.members[zone.rank]
            if listed is not None:
                members = [
                    lycee
                    for other in self.report.listing.zones
                    if other.sector == listed.rank
                    for lycee in self.members[other.rank]
                ]
            named = None if listed else _named(zone, self.base.zones)
            found[zone.rank] = named.sector if named else self._sector(listed, members)
        return found

    def _sector(self, listed: ListedSector | None, members: Iterable[str]) -> str:
        if listed is not None:
            for sector in self.base.sectors:
                if folded(sector.name) == folded(listed.name):
                    return sector.id
        votes = Counter(
            self.base.sector_of(lycee).id for lycee in members if lycee in self.base.zone_by_lycee
        )
        if votes:
            found = votes.most_common(1)[0][0]
            self._guessed(listed, found)
            return found
        name = "de cette liste" if listed is None else f"« {listed.name} »"
        msg = (
            f"Le secteur {name} n'est pas un secteur du plan, et aucun de ses lycées n'y est : "
            f"les secteurs sont {listing([sector.name for sector in self.base.sectors])}."
        )
        raise InputError(msg)

    def _guessed(self, listed: ListedSector | None, found: str) -> None:
        """Say that a sector of the list is not the plan's, and which one was taken for it."""
        if listed is not None:
            note = (
                f"Le secteur « {listed.name} » n'est pas dans le plan : ses lycées sont surtout "
                f"dans {self.base.sector(found).name}, et ses zones y sont mises."
            )
            if note not in self.notes:
                self.notes.append(note)

    def _zones(
        self, zones: Iterable[ListedZone], sector_of: Mapping[int, str]
    ) -> tuple[dict[int, Zone], list[Zone]]:
        """Give each zone of the list the plan's zone it is, or a new one."""
        zones, base = list(zones), self.base
        shared = sorted(
            (
                (
                    -len(set(self.members[zone.rank]) & set(base.members(known.id))),
                    zone.rank,
                    known,
                )
                for zone in zones
                for known in base.zones_of(sector_of[zone.rank])
            ),
            key=lambda entry: entry[:2],
        )
        named = {zone.rank: _named(zone, base.zones_of(sector_of[zone.rank])) for zone in zones}
        found = {rank: known for rank, known in named.items() if known is not None}
        for overlap, rank, known in shared:
            if overlap and rank not in found and known.id not in {z.id for z in found.values()}:
                found[rank] = known
        created: list[Zone] = []
        for zone in zones:
            if zone.rank in found:
                known = found[zone.rank]
                if (
                    zone.name
                    and folded(zone.name) not in {folded(known.name), folded(known.id)}
                    and not _is_number(zone.name)
                ):
                    found[zone.rank] = Zone(known.id, zone.name[:_MAX_ZONE_NAME], known.sector)
                continue
            fresh = self._new_zone(zone, sector_of[zone.rank], created)
            created.append(fresh)
            found[zone.rank] = fresh
        return found, created

    def _new_zone(self, zone: ListedZone, sector: str, created: list[Zone]) -> Zone:
        taken = {entry.id for entry in (*self.base.zones, *created)}
        own = [entry.id for entry in self.base.zones_of(sector)]
        prefix = own[0].rpartition("-")[0] if own else ""
        prefix = prefix or sector[:12]
        number = next(n for n in range(1, len(taken) + 2) if f"{prefix}-{n}" not in taken)
        towns = Counter(row.commune for row in self.rows if row.zone == zone.rank)
        name = " – ".join(town for town, _ in towns.most_common(_TOWNS_IN_A_NAME))
        return Zone(f"{prefix}-{number}", (zone.name or name)[:_MAX_ZONE_NAME], sector)

    def _renamed(self) -> tuple[Renamed, ...]:
        known = self.workspace.lycees
        return tuple(
            Renamed(row.id, known[row.id].name, row.name)
            for row in self.rows
            if row.id in known and row.name != known[row.id].name
        )

    def _leaders(self, sector_of: Mapping[int, str]) -> None:
        """Say where the list names another RNS or support centre than the data."""
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
                    f"{sector.name} : centre support {self.workspace.name(centre)} dans la liste, "
                    f"{self.workspace.name(str(sector.support_centre))} dans les données."
                )


def _named(zone: ListedZone, known: Iterable[Zone]) -> Zone | None:
    """Return the only zone that the list calls by its code, else by its name."""
    name = folded(zone.name)
    every = tuple(known) if name else ()
    by_code = [entry for entry in every if folded(entry.id) == name]
    found = by_code or [entry for entry in every if folded(entry.name) == name]
    return found[0] if len(found) == 1 else None


def _is_number(name: str) -> bool:
    """Tell whether a zone's name only counts: « Zone 3 »."""
    return (
        folded(name).removeprefix("zone").strip().isalnum()
        and len(folded(name).split()) <= 2
        and (folded(name).startswith("zone") or folded(name).isdecimal())
    )
