"""Changes that a user's list makes to a plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.folding import folded
from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms
from geozones.intake.import_report import Accepted, Report
from geozones.workspace.imports.listed_zones import match_zones
from geozones.workspace.territory import Territory


@dataclass(frozen=True, slots=True)
class Renamed:
    """A lycée whose name in the list differs from the plan's data."""

    lycee: str
    before: str
    after: str


@dataclass(frozen=True)
class ListedPlan:
    """A plan changed by a list.

    Parameters
    ----------
    plan
        The plan with the list's zones; sectors that the list does not name are unchanged.
    added
        Rows of lycées that the plan lacked.
    removed
        Lycées of the listed sectors that are not in the list.
    renamed, moved
        Lycées under another name; lycées in another zone, with the zones before and after.
    created, gone
        Zones that the list adds, and zones that it empties, which are removed.
    listed, untouched
        Names of the sectors in the list, and of the other sectors.
    notes
        Contents of the list that a plan cannot store: another RNS, an unknown sector.
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
        """Whether the list agrees with the plan."""
        return not (self.added or self.removed or self.renamed or self.moved)


def planned(
    territory: Territory, report: Report, base: Plan, *, keep_absent: bool = True
) -> ListedPlan:
    """Apply a list to a plan: its zones in the sectors it names, other sectors unchanged.

    `match_zones` matches the zones of the list with the plan's.

    Parameters
    ----------
    keep_absent
        Whether lycées of the listed sectors that are not in the list stay in their zones.

    Raises
    ------
    InputError
        If no row of the list can be used, or the list has no zone.
    """
    return _Planning(territory, report, base).planned(keep_absent=keep_absent)


class _Planning:
    def __init__(self, territory: Territory, report: Report, base: Plan) -> None:
        self.territory, self.report, self.base = territory, report, base
        self.zone_rank = {row.id: row.zone for row in report.accepted if row.zone is not None}
        if not self.zone_rank:
            msg = (
                "Cette liste ne forme pas de plan : aucune de ses lignes n'est à la fois reconnue "
                "et dans une zone."
            )
            raise InputError(msg)
        self.matched = match_zones(report, base)
        self.touched = set(self.matched.sector_of.values())
        self.notes = list(self.matched.notes)

    def planned(self, *, keep_absent: bool) -> ListedPlan:
        base, zone_of = self.base, self.matched.zone_of
        assigned = {lycee: zone_of[rank].id for lycee, rank in self.zone_rank.items()}
        listed = {row.id for row in self.report.accepted}
        self._note_without_zone(listed - assigned.keys())
        removed = self._absent(listed)
        leaving = set() if keep_absent else self._leaving(removed)
        kept = {lycee: zone for lycee, zone in base.zone_by_lycee.items() if lycee not in leaving}
        plan, gone = self._plan({**kept, **assigned})
        self._note_leaders(self.matched.sector_of)
        return ListedPlan(
            plan,
            tuple(row for row in self._rows() if row.id not in base.zone_by_lycee),
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

    def _absent(self, listed: set[str]) -> tuple[str, ...]:
        """Return the lycées of the listed sectors that are not in the list."""
        return tuple(
            lycee
            for sector in self.base.sectors
            if sector.id in self.touched
            for lycee in self.base.lycees_of(sector.id)
            if lycee not in listed
        )

    def _rows(self) -> tuple[Accepted, ...]:
        """Return the rows of lycées with a zone in the list."""
        return tuple(row for row in self.report.accepted if row.zone is not None)

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
            for row in self._rows()
            if row.id in known and row.name != known[row.id].name
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
