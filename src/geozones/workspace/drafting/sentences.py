"""Sentences on the constraints that a first plan could not meet, with the sites that prevent it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import in_words, listing, minutes, number, plural
from geozones.domain import Plan, Zone
from geozones.domain.terms import terms
from geozones.domain.zone_names import SEPARATOR
from geozones.optimize.connected import Bounds
from geozones.optimize.drafts import DraftZones
from geozones.optimize.problem import other_sites
from geozones.rules.rule_registry import why_remote
from geozones.workspace.drafting.request import (
    MAX_NAMED,
    DraftOptions,
    DraftSites,
    FilledMinutes,
    SectorGroup,
)


@dataclass(frozen=True, eq=False)
class DraftedSector:
    """Zones found in a sector."""

    group: SectorGroup
    found: DraftZones  # Its zones, as numbers of sites among all.
    bounds: Bounds  # Sizes of zones asked.
    pieces: int  # Number of pieces of its land.
    zone_count: int | None  # Number of zones asked; ``None`` if sizes are.

    @property
    def zones(self) -> tuple[NDArray[np.int64], ...]:
        """Zones, as numbers of sites among all."""
        return self.found.zones


def sentences(
    sites: DraftSites,
    filled: FilledMinutes,
    drafted: Sequence[DraftedSector],
    plan: Plan,
    options: DraftOptions,
) -> tuple[str, ...]:
    """Return the constraints that a plan could not meet, in French; empty if it meets all."""
    said = [*_of_minutes(sites, filled, plan)]
    for sector in drafted:
        facts = _SectorFacts(sites, filled, sector, plan, options.settings.max_minutes)
        said += [*facts.of_counts(), *facts.of_zones()]
    return tuple(said)


def _named(sites: DraftSites, ids: Sequence[str]) -> str:
    """Return the names of some sites, the first ones where they are many."""
    names = [sites.lycees[key].label for key in ids]
    left = len(names) - MAX_NAMED
    return listing([*names[:MAX_NAMED], other_sites(left)] if left > 1 else names)


def _of_minutes(sites: DraftSites, filled: FilledMinutes, plan: Plan) -> Iterator[str]:
    site = terms().site
    if filled.without:
        many = len(filled.without) > 1
        yield (
            f"Aucune durée de trajet n'est connue pour {_named(sites, filled.without)} : "
            f"{'leurs zones suivent' if many else 'sa zone suit'} la distance à vol d'oiseau."
        )
    if len(filled.without) == len(sites.lycees):
        return
    makers = np.array([maker.is_estimate for maker in sites.times.makers])
    estimated = makers[sites.times.maker_ranks] & ~sites.times.same
    rows, columns = sites.times.origin_index, sites.times.destination_index
    pairs = guessed = 0
    for zone in plan.zones:
        known = [key for key in plan.members(zone.id) if key in rows and key in columns]
        at = np.ix_([rows[key] for key in known], [columns[key] for key in known])
        if known:
            guessed += int(estimated[at].sum())
            pairs += len(known) * (len(known) - 1)
    if guessed:
        share = 100 * guessed / pairs
        yield (
            f"{number(max(share, 1))} % des trajets entre {site.plural} d'une même zone sont "
            "estimés : calculez-les par la route avant de décider."
        )


@dataclass(frozen=True, eq=False)
class _SectorFacts:
    """Facts about the zones of a sector, and the reasons for them."""

    sites: DraftSites
    filled: FilledMinutes
    sector: DraftedSector
    plan: Plan
    limit: float

    @cached_property
    def _members(self) -> list[int]:
        return sorted(int(site) for zone in self.sector.zones for site in zone)

    def of_counts(self) -> Iterator[str]:
        """Yield the sentence on a sector that has more zones than were asked."""
        wanted, made = self.sector.zone_count, len(self.sector.zones)
        if wanted is not None and made > wanted:
            yield (
                f"Le secteur {self.sector.group.name} est en {in_words(self.sector.pieces)} "
                f"morceaux sur la carte : il a {plural(made, 'zone')}, pas {number(wanted)}."
            )

    def of_zones(self) -> Iterator[str]:
        """Yield the sentences on each zone: its size, then its longest drive."""
        zones = list(zip(self.plan.zones_of(self.sector.group.id), self.sector.zones, strict=True))
        alone = [numbers for _, numbers in zones if self._is_alone(numbers)]
        if len(alone) > MAX_NAMED:
            ids = [key for numbers in alone for key in self._ids(numbers)]
            yield (
                f"Dans le secteur {self.sector.group.name}, {plural(len(alone), 'zone')} ont moins "
                f"de {terms().site.counted(self.sector.bounds.least)}, faute de voisins sur la "
                f"carte : {_named(self.sites, ids)}."
            )
        for zone, numbers in zones:
            if len(alone) <= MAX_NAMED or not self._is_alone(numbers):
                yield from self._of_size(zone, numbers)
            yield from self._of_drives(zone, numbers)

    def _is_alone(self, numbers: NDArray[np.int64]) -> bool:
        """Return whether a zone is too small because its sites touch no other of their sector."""
        is_small = len(numbers) < min(self.sector.bounds.least, len(self._members))
        return is_small and not self._touched(numbers)

    def _of_size(self, zone: Zone, numbers: NDArray[np.int64]) -> Iterator[str]:
        bounds, size, site = self.sector.bounds, len(numbers), terms().site
        if bounds.least <= size <= bounds.most:
            return
        asked = str(bounds.least)
        if bounds.most > bounds.least:
            asked = f"{bounds.least} à {bounds.most}"
        ids = self._ids(numbers)
        has = f"n'a que {site.counted(size)}" if size < bounds.least else f"a {site.counted(size)}"
        about = f"La zone {zone.name} {has} au lieu de {asked} : "
        total = len(self._members)
        if total == size:
            count = "n'a que" if size < bounds.least else "a"
            yield f"{about}le secteur {self.sector.group.name} {count} {site.counted(total)}."
        elif self._is_alone(numbers):
            does = "ne touche" if size == 1 else "ne touchent"
            yield (
                f"{about}{_named(self.sites, ids)} {does} {site.no} de "
                f"{'son' if size == 1 else 'leur'} secteur sur la carte."
            )
        elif self.sector.found.proven:
            yield (
                f"{about}aucun découpage d'un seul tenant du secteur {self.sector.group.name} ne "
                f"fait mieux autour de {_named(self.sites, ids)}."
            )
        else:
            yield f"{about}{_named(self.sites, ids)}."

    def _touched(self, numbers: NDArray[np.int64]) -> bool:
        """Return whether a zone touches another site of its sector."""
        own = set(self._ids(numbers))
        others = {self.filled.times.origins[site] for site in self._members} - own
        return any(others & self.sites.neighbours.get(key, frozenset()) for key in own)

    def _of_drives(self, zone: Zone, numbers: NDArray[np.int64]) -> Iterator[str]:
        table = self.filled.mean[np.ix_(numbers, numbers)]
        row, column = np.unravel_index(int(table.argmax()), table.shape)
        worst = float(table[row, column])
        if worst <= self.limit:
            return
        pair = [int(numbers[row]), int(numbers[column])]
        is_known = not self.filled.unknown[pair[0], pair[1]]
        drive = f"un trajet de {minutes(worst)}" if is_known else "un trajet inconnu"
        about = f"La zone {zone.name} a {drive} ({SEPARATOR.join(map(self._label, sorted(pair)))})"
        reason = next(filter(None, map(self._why_remote, sorted(pair))), "")
        if not reason and self.sector.found.proven:
            reason = (
                f"aucun découpage du secteur {self.sector.group.name} n'a tous ses trajets à "
                f"{minutes(self.limit)} au plus"
            )
        yield f"{about} : {reason}." if reason else f"{about}."

    def _why_remote(self, site: int) -> str:
        """Return why a site fits no zone within the limit, with its name; "" if it fits one."""
        others = [other for other in self._members if other != site]
        mean = self.filled.mean
        near = [str(other) for other in others if mean[site, other] <= self.limit]

        def together(a: str, b: str) -> bool:
            return bool(mean[int(a), int(b)] <= self.limit)

        needed = self.sector.bounds.least - 1
        found = why_remote(near, together, needed, self.limit)
        return found and f"le secteur l'impose, {self._label(site)} {found}"

    def _ids(self, numbers: NDArray[np.int64]) -> list[str]:
        return [self.filled.times.origins[site] for site in numbers]

    def _label(self, site: int) -> str:
        return self.sites.lycees[self.filled.times.origins[site]].label
