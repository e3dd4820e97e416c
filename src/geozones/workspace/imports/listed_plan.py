"""Changes that a user's list makes to a plan: its zones matched, then its lycées."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.french import folded, listing
from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms
from geozones.intake.import_report import Accepted, Report
from geozones.intake.listing import ListedSector, ListedZone
from geozones.workspace.territory import Territory

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
        self.members: dict[int, list[str]] = {zone.rank: [] for zone in report.listing.zones}
        for row in report.accepted:
            if row.zone is not None:
                self.members[row.zone].append(row.id)
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

    def _beside(self, zone: ListedZone) -> list[str]:
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
            f"Le secteur {name} n'est pas un secteur du plan, et aucun{site.e} de ses "
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

    `match_zones` matches the zones of the list with the plan's.

    Parameters
    ----------
    keep_absent
        Whether lycées of the listed sectors that are not in the list stay in their zones.
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
        it = terms().site.agreeing("il", "elle")
        for row in self.report.accepted:
            if row.id in lycees:
                zone = self.base.zone_by_lycee.get(row.id)
                where = (
                    f"{it} n'entre pas dans le plan"
                    if zone is None
                    else f"{it} reste dans {self.base.zone(zone).name}"
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
