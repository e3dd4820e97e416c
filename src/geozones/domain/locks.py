"""Locks on lycées, zones and sectors settled by an arbitration, each with its reason."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from geozones.common.errors import InputError
from geozones.domain.plan import Plan
from geozones.domain.terms import terms, worded

LYCEE, ZONE, SECTOR = "lycee", "zone", "sector"
KINDS = (LYCEE, ZONE, SECTOR)

type Key = tuple[str, str]


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
        """Return the locks with an additional lock, or with another reason for a lock.

        Raises
        ------
        InputError
            If the kind is unknown or there is no reason.
        """
        if kind not in KINDS:
            msg = f"On ne verrouille qu'{terms().site.a}, une zone ou un secteur."
            raise InputError(msg)
        if not reason.strip():
            msg = "Un verrou demande sa raison, par exemple « arbitrage du 12/03 »."
            raise InputError(msg)
        return Locks({**self.reasons, (kind, item): reason.strip()})

    def without(self, kind: str, item: str) -> "Locks":
        """Return the locks without a lock."""
        return Locks({key: reason for key, reason in self.reasons.items() if key != (kind, item)})

    def refusal(
        self, plan: Plan, lycee: str, zone: str, name: Callable[[str], str] = str
    ) -> str | None:
        """Return why a lycée may not move to a zone, quoting the reason; ``None`` if it may.

        A locked zone keeps its lycées and takes no other; a locked sector likewise.
        """
        origin, target = plan.zone_of(lycee), plan.zone(zone)
        if origin.id == target.id or not self.reasons:
            return None
        tries = [(LYCEE, lycee, f"{worded('{The_site}')} {name(lycee)}")]
        tries += [(ZONE, area.id, f"La zone {area.name}") for area in (origin, target)]
        sectors = dict.fromkeys((origin.sector, target.sector))
        tries += [(SECTOR, key, f"Le secteur {plan.sector(key).name}") for key in sectors]
        return self._refusal_of(tries)

    def change_refusal(
        self,
        plan: Plan,
        zone: str,
        lycee: str | None = None,
        name: Callable[[str], str] = str,
    ) -> str | None:
        """Return why a zone (id) may neither gain nor lose a lycée (id); ``None`` if it may."""
        area = plan.zone(zone)
        sector = plan.sector(area.sector)
        tries = [] if lycee is None else [(LYCEE, lycee, f"{worded('{The_site}')} {name(lycee)}")]
        tries += [(ZONE, zone, f"La zone {area.name}")]
        return self._refusal_of([*tries, (SECTOR, sector.id, f"Le secteur {sector.name}")])

    def zone_refusal(self, plan: Plan, zone: str) -> str | None:
        """Return why a zone may not be altered; ``None`` if it may."""
        area = plan.zone(zone)
        sector = plan.sector(area.sector)
        tries = [(ZONE, zone, f"La zone {area.name}")]
        tries += [(LYCEE, lycee, f"{worded('{The_site}')} {lycee}") for lycee in plan.members(zone)]
        return self._refusal_of([*tries, (SECTOR, sector.id, f"Le secteur {sector.name}")])

    def _refusal_of(self, tries: Iterable[tuple[str, str, str]]) -> str | None:
        """Return the sentence for the first locked item among tuples (kind, id, French subject)."""
        for kind, item, label in tries:
            reason = self.reasons.get((kind, item))
            if reason is not None:
                ending = {ZONE: "e", LYCEE: terms().site.e}.get(kind, "")
                return f"{label} est verrouillé{ending} : {reason}."
        return None
