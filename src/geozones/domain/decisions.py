"""Decision status of zones and sectors, and locks with a reason.

A status is derived here and nowhere else. *Changed* is a mark beside a status, never a status.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain.plan import DecisionStatus, Plan, Sector
from geozones.domain.terms import terms, worded

#: The mark beside a status.
CHANGED = "modifié"
_PUBLISHED, _DRAFT = DecisionStatus.PUBLISHED, DecisionStatus.DRAFT
#: Statuses of a sector that the scenario did not set. Only these get the mark of a change of the
#: sector itself: beside any other status the mark would repeat it.
_OLD = (_PUBLISHED, _DRAFT)


@dataclass(frozen=True)
class Decisions:
    """The status of each zone and sector (by id), and the marks beside them."""

    sectors: Mapping[str, DecisionStatus]  # Status by id.
    zones: Mapping[str, DecisionStatus]
    #: Zones (ids) whose lycées, name or sector differ from the plan in force.
    changed_zones: frozenset[str]
    #: Sectors (ids) of the plan in force that have a changed, new or removed zone, or whose own
    #: fields differ; sectors proposed as a whole are left out.
    changed_sectors: frozenset[str]
    #: For each changed sector, how many of its zones are ``modifiée``, ``vidée``, ``proposée``,
    #: ``retirée``… in the order of display; ``modifié`` stands for the sector itself.
    counts: Mapping[str, Mapping[str, int]]

    def sector(self, sector_id: str) -> DecisionStatus:
        """Return the status of a sector (id)."""
        return self.sectors[sector_id]

    def zone(self, zone_id: str) -> DecisionStatus:
        """Return the status of a zone (id)."""
        return self.zones[zone_id]

    def sector_marks(self, sector_id: str) -> str:
        """Return the changes of a sector (id) in French: ``1 zone modifiée``; empty for none."""
        counts = self.counts.get(sector_id, {})
        phrases = [
            word if word == CHANGED else f"{plural(n, 'zone')} {word}{'s' if n > 1 else ''}"
            for word, n in counts.items()
        ]
        return ", ".join(phrases)

    def sector_text(self, sector_id: str) -> str:
        """Return the status of a sector with its marks: ``publié, 1 zone modifiée``."""
        marks = self.sector_marks(sector_id)
        return self.sectors[sector_id].label + (f", {marks}" if marks else "")

    def zone_text(self, zone_id: str) -> str:
        """Return the status of a zone with its mark: ``publié, modifié``."""
        return self.zones[zone_id].label + (f", {CHANGED}" if zone_id in self.changed_zones else "")


def decisions_of(plan: Plan, reference: Plan, *, retained: bool = False) -> Decisions:
    """Return the statuses of a plan compared with the plan in force, ``reference``.

    A sector is a draft if stored as one, else published if the plan in force publishes it, else
    proposed. A zone has the status of its sector; but in a published or draft sector, a zone that
    is new or comes from a sector of another status is proposed: people made it. In a ``retained``
    scenario, proposed zones and sectors are retained.
    """
    before = {sector.id: sector for sector in reference.sectors}
    sectors = {
        sector.id: sector_status(plan, reference, sector.id, retained=retained)
        for sector in plan.sectors
    }
    zones = {
        zone.id: zone_status(plan, reference, zone.id, retained=retained) for zone in plan.zones
    }
    changed = changed_zones(plan, reference)
    words = {
        zone.id: zones[zone.id].label + ("" if zones[zone.id] is _DRAFT else "e")
        for zone in plan.zones
        if zones[zone.id] is not sectors[zone.sector]
    }
    emptied = [
        zone_id for zone_id in changed if not plan.members(zone_id) and reference.members(zone_id)
    ]
    words = dict.fromkeys(changed, "modifiée") | dict.fromkeys(emptied, "vidée") | words
    counts = {
        sector.id: found
        for sector in plan.sectors
        if sector.id in before
        and (found := _counts(plan, sector, reference, words, settled=sectors[sector.id] in _OLD))
    }
    return Decisions(sectors, zones, changed, frozenset(counts), counts)


def sector_status(
    plan: Plan, reference: Plan, sector_id: str, *, retained: bool = False
) -> DecisionStatus:
    """Return the status of one sector (id), as `decisions_of`."""
    if plan.sector(sector_id).status is _DRAFT:
        return _DRAFT
    if reference.has_sector(sector_id) and reference.sector(sector_id).status is _PUBLISHED:
        return _PUBLISHED
    return DecisionStatus.RETAINED if retained else DecisionStatus.PROPOSED


def zone_status(
    plan: Plan, reference: Plan, zone_id: str, *, retained: bool = False
) -> DecisionStatus:
    """Return the status of one zone (id), as `decisions_of`."""
    sector_id = plan.zone(zone_id).sector
    own = sector_status(plan, reference, sector_id, retained=retained)
    if own not in _OLD:
        return own
    if reference.has_zone(zone_id):
        old = reference.zone(zone_id).sector
        if old == sector_id or reference.sector(old).status is own:
            return own
    return DecisionStatus.RETAINED if retained else DecisionStatus.PROPOSED


def changed_zones(plan: Plan, reference: Plan) -> frozenset[str]:
    """Return the zones (ids) of both plans whose lycées, name or sector differ."""
    before = {zone.id: zone for zone in reference.zones}
    return frozenset(
        zone.id
        for zone in plan.zones
        if zone.id in before
        and (zone != before[zone.id] or plan.members(zone.id) != reference.members(zone.id))
    )


def _counts(
    plan: Plan, sector: Sector, reference: Plan, words: Mapping[str, str], *, settled: bool
) -> dict[str, int]:
    """Count the differences of a sector from the plan in force, by French word; empty for none."""
    before = reference.sector(sector.id)
    here = [zone.id for zone in plan.zones_of(sector.id)]
    gone = {zone.id for zone in reference.zones_of(sector.id)} - set(here)
    own = replace(sector, status=before.status, origin=before.origin) != before
    found = Counter({CHANGED: int(own and settled)})
    found.update(sorted(words[zone_id] for zone_id in here if zone_id in words))
    found["retirée"] = len(gone)
    return {word: count for word, count in found.items() if count}


LYCEE, ZONE, SECTOR = "lycee", "zone", "sector"
KINDS = (LYCEE, ZONE, SECTOR)

type Key = tuple[str, str]


def locked(kind: str) -> str:
    """Return « verrouillé », in agreement with a kind of things."""
    return "verrouillée" if kind == ZONE else "verrouillé"


@dataclass(frozen=True)
class Locks:
    """Reasons by (kind, id); ``kind`` is ``lycee``, ``zone`` or ``sector``."""

    reasons: Mapping[Key, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reasons", MappingProxyType(dict(self.reasons)))

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(frozenset(self.reasons.items()))

    def __bool__(self) -> bool:
        """Return whether anything is locked."""
        return bool(self.reasons)

    def with_lock(self, kind: str, item: str, reason: str) -> "Locks":
        """Return the locks with an additional lock, or with another reason for a lock."""
        if kind not in KINDS:
            raise InputError(f"On ne verrouille qu'{terms().site.a}, une zone ou un secteur.")
        if not reason.strip():
            raise InputError("Un verrou demande sa raison, par exemple « arbitrage du 12/03 ».")
        return Locks({**self.reasons, (kind, item): reason.strip()})

    def without(self, kind: str, item: str) -> "Locks":
        """Return the locks without a lock."""
        return Locks({key: reason for key, reason in self.reasons.items() if key != (kind, item)})

    def refusal(
        self, plan: Plan, lycee_id: str, zone_id: str, name: Callable[[str], str] = str
    ) -> str | None:
        """Return why a lycée may not move to a zone, quoting the reason; ``None`` if it may.

        A locked zone keeps its lycées and takes no other; a locked sector likewise.
        """
        origin, target = plan.zone_of(lycee_id), plan.zone(zone_id)
        if origin.id == target.id or not self.reasons:
            return None
        tries = [(LYCEE, lycee_id, f"{worded('{The_site}')} {name(lycee_id)}")]
        tries += [(ZONE, area.id, f"La zone {area.name}") for area in (origin, target)]
        sectors = dict.fromkeys((origin.sector, target.sector))
        tries += [(SECTOR, key, f"Le secteur {plan.sector(key).name}") for key in sectors]
        return self._refusal_of(tries)

    def change_refusal(
        self,
        plan: Plan,
        zone_id: str,
        lycee_id: str | None = None,
        name: Callable[[str], str] = str,
    ) -> str | None:
        """Return why a zone (id) may neither gain nor lose a lycée (id); ``None`` if it may."""
        area = plan.zone(zone_id)
        sector = plan.sector(area.sector)
        tries = (
            []
            if lycee_id is None
            else [(LYCEE, lycee_id, f"{worded('{The_site}')} {name(lycee_id)}")]
        )
        tries += [(ZONE, zone_id, f"La zone {area.name}")]
        return self._refusal_of([*tries, (SECTOR, sector.id, f"Le secteur {sector.name}")])

    def zone_refusal(self, plan: Plan, zone_id: str) -> str | None:
        """Return why a zone may not be altered; ``None`` if it may."""
        area = plan.zone(zone_id)
        sector = plan.sector(area.sector)
        tries = [(ZONE, zone_id, f"La zone {area.name}")]
        tries += [
            (LYCEE, lycee, f"{worded('{The_site}')} {lycee}") for lycee in plan.members(zone_id)
        ]
        return self._refusal_of([*tries, (SECTOR, sector.id, f"Le secteur {sector.name}")])

    def _refusal_of(self, tries: Iterable[tuple[str, str, str]]) -> str | None:
        """Return the sentence for the first locked item among tuples (kind, id, French subject)."""
        for kind, item, label in tries:
            reason = self.reasons.get((kind, item))
            if reason is not None:
                return f"{label} est {locked(kind)} : {reason}."
        return None
