"""First plan of sites without zones: sectors, zones, and the constraints that could not be met."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import DataFileError, InputError
from geozones.common.french import folded, in_words, listing, minutes, number, of, plural
from geozones.cost import HoursModel
from geozones.domain import (
    DecisionStatus,
    Lycee,
    Origin,
    Plan,
    Provenance,
    Sector,
    Settings,
    TravelTimes,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.domain.teams import Teams
from geozones.domain.terms import terms, worded
from geozones.domain.times import ESTIMATE
from geozones.domain.zone_names import SEPARATOR, sector_name, zone_name
from geozones.optimize.drafts import (
    Bounds,
    DraftProblem,
    DraftZones,
    SiteMap,
    bisected,
    draft_zones,
    shared_out,
)
from geozones.optimize.problem import other_sites
from geozones.rules.rule_registry import why_remote
from geozones.territory.territory_files import read_departements, read_epcis
from geozones.travel.engine import crow_km_table, formula_minutes
from geozones.workspace.figures.study import Study

#: Ways to make sectors, beside a number of them.
BY_DEPARTEMENT, BY_EPCI = "département", "EPCI"
#: Most sites of a zone that can be asked.
MAX_SIZE = 100
_SIZES = re.compile(r"(\d{1,3})(?:\s*(?:-|–|à)\s*(\d{1,3}))?")


@dataclass(frozen=True, eq=False)
class DraftSites:
    """Sites to put in zones."""

    lycees: Mapping[str, Lycee]  # The sites by id: positions, names, towns, départements, sizes.
    times: TravelTimes  # Minutes between them; pairs and sites may be missing.
    #: For each site, the sites whose land touches its land.
    neighbours: Mapping[str, frozenset[str]]
    #: Half-days a week that each site needs, by id.
    needs: Mapping[str, int] = field(default_factory=dict)
    name: str = ""  # Name of the territory, for a single sector; empty if unknown.
    #: Name of each département, by code; may be empty.
    departements: Mapping[str, str] = field(default_factory=dict)
    #: Name of the EPCI of each site, by id; empty if the communes do not carry it.
    epcis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOptions:
    """Options of a first plan."""

    #: Fewest and most sites of a zone; ``None`` for those of ``settings``.
    sizes: tuple[int, int] | None = None
    zones: int | None = None  # Number of zones of the territory, instead of sizes.
    #: `BY_DEPARTEMENT`, `BY_EPCI` or a number; ``None`` for the départements where every site has
    #: one and there are several, else a single sector.
    sectors: str | int | None = None
    #: Longest drive of a zone, and hypotheses of the yearly cost.
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if self.sizes is not None and self.zones is not None:
            raise InputError(
                "Donnez les tailles des zones (--sizes) ou leur nombre (--zones), pas les deux."
            )
        for count, what in ((self.zones, "zones"), (self.sectors, "secteurs")):
            if isinstance(count, int) and count < 1:
                raise InputError(f"Le nombre de {what} est 1 ou plus.")
        if self.sizes is not None and not 1 <= self.sizes[0] <= self.sizes[1] <= MAX_SIZE:
            raise InputError(_bad_sizes("{}-{}".format(*self.sizes)))

    def under(self, settings: Settings) -> "DraftOptions":
        """Return the same request under other settings."""
        return replace(self, settings=settings)

    @property
    def wanted_sizes(self) -> tuple[int, int]:
        """Fewest and most sites of a zone, where no number of zones is asked."""
        return self.sizes or (self.settings.zone_min, self.settings.zone_max)


def read_sizes(text: str) -> tuple[int, int]:
    """Read sizes of zones: ``3-5``, ``4``; raise `InputError`."""
    found = _SIZES.fullmatch(text.strip())
    if found is None:
        raise InputError(_bad_sizes(text))
    least = int(found[1])
    most = int(found[2] or least)
    if not 1 <= least <= most <= MAX_SIZE:
        raise InputError(_bad_sizes(text))
    return least, most


def _bad_sizes(text: str) -> str:
    return worded(
        f"« {text[:20]} » n'est pas une taille de zone : écrivez 3-5 pour 3 à 5 {{sites}} par zone "
        f"({MAX_SIZE} au plus)."
    )


def read_sectors(text: str) -> str | int:
    """Read how sectors are made: ``département``, ``EPCI`` or a number; raise `InputError`."""
    word = folded(text)
    for way in (BY_DEPARTEMENT, BY_EPCI):
        if word and folded(way).startswith(word.removesuffix("s")):
            return way
    if re.fullmatch(r"\d{1,5}", text.strip()):
        return int(text)
    raise InputError(
        f"« {text[:20]} » n'est pas une façon de faire des secteurs : écrivez {BY_DEPARTEMENT}, "
        f"{BY_EPCI} ou un nombre de secteurs."
    )


def require_sites(sites: DraftSites, options: DraftOptions) -> None:
    """Check that there are sites, as many as the zones and sectors asked; raise `InputError`."""
    count, site = len(sites.lycees), terms().site
    if not count:
        raise InputError(f"Il n'y a {site.no} à répartir en zones.")
    for wanted, what in ((options.zones, "zones"), (options.sectors, "secteurs")):
        if isinstance(wanted, int) and wanted > count:
            raise InputError(
                f"{site.counted(count)} ne peuvent pas faire {wanted} {what} : demandez-en {count} "
                "au plus."
            )


#: Minutes of a pair without a known way between sites that have others: sparse tables stop there.
_LONG_MIN = 120.0
#: Sites nearer than this are at one place, whatever the roads know, in km.
_SAME_KM = 0.2


@dataclass(frozen=True, eq=False)
class FilledMinutes:
    """Minutes between sites, in the order of their ids."""

    times: TravelTimes  # Minutes of every pair, one way; an estimate where none are known.
    mean: NDArray[np.float64]  # ``float[n, n]``: mean of both ways.
    #: ``bool[n, n]``: pairs without a known way, though both sites have ways to others.
    unknown: NDArray[np.bool_]
    #: Ids of the sites without a way to any other: theirs are estimated from the crow distance.
    without: tuple[str, ...]


def filled_minutes(sites: DraftSites) -> FilledMinutes:
    """Return the minutes between the sites, completed by estimates."""
    ids = tuple(sorted(sites.lycees))
    points = [(sites.lycees[key].lat, sites.lycees[key].lon) for key in ids]
    crow = crow_km_table(points, points)
    # the known minutes, float[n, n]; NaN for the others
    times = sites.times
    there = np.full((len(ids), len(ids)), np.nan)
    have = [
        (at, times.origin_index[key], times.destination_index[key])
        for at, key in enumerate(ids)
        if key in times.origin_index and key in times.destination_index
    ]
    if have:
        here, rows, columns = map(np.array, zip(*have, strict=True))
        there[np.ix_(here, here)] = times.minutes[np.ix_(rows, columns)]
    known = ~np.isnan(there + there.T)
    np.fill_diagonal(known, val=False)
    lost = ~known.any(axis=1)
    alone = lost[:, None] | lost[None, :]
    unknown = ~known & ~alone & (crow > _SAME_KM)
    np.fill_diagonal(unknown, val=False)
    guess = formula_minutes(crow)
    guess = np.where(unknown, np.maximum(guess, _LONG_MIN), guess)
    minutes = np.where(known, there, guess)
    np.fill_diagonal(minutes, 0.0)
    times = TravelTimes(ids, ids, minutes, crow, Provenance(ESTIMATE, ""))
    without = tuple(np.array(ids, object)[lost].tolist()) if len(ids) > 1 else ()
    return FilledMinutes(times, (minutes + minutes.T) / 2, unknown, without)


#: Sites named in a sentence, at most.
MAX_NAMED = 5


@dataclass(frozen=True, eq=False)
class SectorGroup:
    """Sector to create: its id, its name, and the ids of its sites."""

    id: str
    name: str
    sites: tuple[str, ...]


def sector_groups(sites: DraftSites, site_map: SiteMap, options: DraftOptions) -> list[SectorGroup]:
    """Return the sectors; raise `InputError` if a site lacks a département or EPCI that it needs.

    ``site_map`` numbers the sites in the order of their ids.
    """
    ways = {
        BY_DEPARTEMENT: {key: lycee.departement for key, lycee in sites.lycees.items()},
        BY_EPCI: dict(sites.epcis),
    }
    wanted = options.sectors
    if wanted is None:
        codes = ways[BY_DEPARTEMENT]
        several = all(codes.values()) and len(set(codes.values())) > 1
        wanted = (
            BY_DEPARTEMENT
            if several and (options.zones is None or options.zones >= len(set(codes.values())))
            else 1
        )
    if isinstance(wanted, int):
        return _balanced(sites, site_map, wanted, options)
    _require_group(sites, ways[wanted], wanted)
    group = ways[wanted]
    held: dict[str, list[str]] = {}
    for key in sorted(sites.lycees):
        held.setdefault(group[key], []).append(key)
    found = []
    for rank, (code, members) in enumerate(sorted(held.items()), 1):
        if wanted == BY_DEPARTEMENT:
            name = sites.departements.get(code) or f"Département {code}"
            found.append(SectorGroup(code, name, tuple(members)))
        else:
            found.append(SectorGroup(f"E{rank}", code, tuple(members)))
    return found


def _require_group(sites: DraftSites, group: Mapping[str, str], way: str) -> None:
    """Raise `InputError` if a site has no département or EPCI."""
    without = [lycee.label for key, lycee in sorted(sites.lycees.items()) if not group.get(key)]
    if len(without) == len(sites.lycees):
        raise InputError(
            f"{terms().site.no.capitalize()} n'a {of(way)} : demandez un nombre de secteurs "
            "(--sectors 3)."
        )
    if without:
        left = len(without) - MAX_NAMED
        some = [*without[:MAX_NAMED], other_sites(left)] if left > 1 else without
        raise InputError(
            f"Sans {way} : {listing(some)}. Complétez la liste, ou demandez un nombre de "
            "secteurs (--sectors 3)."
        )


def _balanced(
    sites: DraftSites, site_map: SiteMap, wanted: int, options: DraftOptions
) -> list[SectorGroup]:
    """Return sectors balanced by the size of their sites, or by their number if one is unknown."""
    ids = sorted(sites.lycees)
    if wanted == 1:
        name = sites.name or terms().territory.singular.capitalize()
        return [SectorGroup("S1", name, tuple(ids))]
    pupils = [sites.lycees[key].pupils for key in ids]
    known = [size for size in pupils if size is not None and size > 0]
    weights = np.array(known, float) if len(known) == len(ids) else None
    least = 1 if options.zones is not None else options.wanted_sizes[0]
    bounds = Bounds(min(least, len(ids) // wanted), len(ids))
    parts = bisected(site_map.bridged(), wanted, weights=weights, bounds=bounds)
    taken: set[str] = set()
    found = []
    for rank, part in enumerate(parts, 1):
        members = tuple(ids[site] for site in part.tolist())
        name = sector_name([sites.lycees[key] for key in members], taken)
        taken.add(name)
        found.append(SectorGroup(f"S{rank}", name, members))
    return found


def numbers_of(ids: Sequence[str], members: Sequence[str]) -> NDArray[np.int64]:
    """Return the numbers of some sites among all, ``int[k]`` ascending."""
    number = {key: at for at, key in enumerate(ids)}
    return np.array(sorted(number[key] for key in members), np.int64)


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


#: With a number of zones, sizes stay this far around their average: in sites where zones are
#: small, in shares of it where they are large.
_AROUND, _AROUND_SHARE, _SMALL = 1, 0.25, 5


@dataclass(frozen=True)
class Draft:
    """First plan, and the constraints that it could not meet."""

    plan: Plan  # Sectors and zones, all drafts of the tool.
    #: French sentences on each constraint that is not met, with the sites that prevent it; empty if
    #: all are met.
    notes: tuple[str, ...]
    #: Number of pairs of sites that share a zone; of those within the longest drive asked.
    pairs: int
    within: int
    longest: float  # Longest drive inside a zone, in minutes.

    @property
    def share_within(self) -> float:
        """Share of the pairs within the longest drive asked; 1 without pairs."""
        return self.within / self.pairs if self.pairs else 1.0


def draft(sites: DraftSites, options: DraftOptions | None = None) -> Draft:
    """Return the first plan of some sites.

    Each zone is in one piece on the map and inside a sector. Sizes in bounds come first, then
    drives within the limit, then the least yearly cost. The same sites and options give the same
    plan.
    """
    options = options or DraftOptions()
    require_sites(sites, options)
    filled = filled_minutes(sites)
    ids = filled.times.origins
    teams = Teams()
    problem = DraftProblem(
        ids=ids,
        site_map=SiteMap(_adjacent(sites, ids), filled.mean),
        times=filled.times,
        far=filled.mean > options.settings.max_minutes,
        unknown=filled.unknown,
        bounds=Bounds(*options.wanted_sizes),
        cost=HoursModel(
            {
                key: sites.needs[key] if key in sites.needs else teams.need(lycee).half_days
                for key, lycee in sorted(sites.lycees.items())
            },
            filled.times,
            settings=options.settings,
        ),
    )
    groups = sector_groups(sites, problem.site_map, options)
    drafted = [
        _drafted(problem, group, share, options)
        for group, share in zip(groups, _zone_counts(groups, options), strict=True)
    ]
    plan = _plan(sites, problem.ids, drafted)
    zones = (zone for sector in drafted for zone in sector.zones)
    tables = (filled.mean[np.ix_(zone, zone)] for zone in zones)
    inside = [table[np.triu_indices(len(table), 1)] for table in tables]
    minutes = np.concatenate(inside)
    limit = options.settings.max_minutes
    notes = sentences(sites, filled, drafted, plan, options)
    longest = float(minutes.max(initial=0.0))
    return Draft(plan, notes, len(minutes), int((minutes <= limit).sum()), longest)


def _adjacent(sites: DraftSites, ids: tuple[str, ...]) -> NDArray[np.bool_]:
    number = {key: at for at, key in enumerate(ids)}
    adjacent = np.zeros((len(ids), len(ids)), bool)
    for key, others in sites.neighbours.items():
        for other in others:
            if key in number and other in number and key != other:
                adjacent[number[key], number[other]] = adjacent[number[other], number[key]] = True
    return adjacent


def _zone_counts(groups: list[SectorGroup], options: DraftOptions) -> list[int | None]:
    """Return the number of zones of each sector; ``None`` where their sizes are asked instead."""
    if options.zones is None:
        return [None] * len(groups)
    if options.zones < len(groups):
        raise InputError(
            f"{plural(options.zones, 'zone')} pour {plural(len(groups), 'secteur')} : demandez une "
            "zone par secteur au moins, ou moins de secteurs."
        )
    return list(shared_out(options.zones, [len(group.sites) for group in groups]))


def _drafted(
    problem: DraftProblem, group: SectorGroup, zone_count: int | None, options: DraftOptions
) -> DraftedSector:
    numbers = numbers_of(problem.ids, group.sites)
    count = len(numbers)
    if zone_count is None:
        bounds = Bounds(*options.wanted_sizes)
    else:
        mean = count / zone_count
        off = _AROUND if mean <= _SMALL else mean * _AROUND_SHARE
        bounds = Bounds(max(1, round(round(mean) - off)), round(round(mean) + off))
    own = replace(problem.part(numbers, zone_count), bounds=bounds)
    found = draft_zones(own)
    zones = tuple(numbers[zone] for zone in found.zones)
    pieces = len(own.site_map.pieces(np.arange(own.size)))
    return DraftedSector(group, replace(found, zones=zones), bounds, pieces, zone_count)


def _plan(sites: DraftSites, ids: tuple[str, ...], drafted: list[DraftedSector]) -> Plan:
    """Return the plan; zones are numbered in each sector by their first site."""
    sectors: list[Sector] = []
    zones: list[Zone] = []
    zone_by_site: dict[str, str] = {}
    taken: set[str] = set()
    for each in drafted:
        group = each.group
        sectors.append(Sector(group.id, group.name, DecisionStatus.DRAFT, origin=Origin.TOOL))
        for rank, zone in enumerate(each.zones, 1):
            members: list[Lycee] = [sites.lycees[ids[site]] for site in zone.tolist()]
            name = zone_name(members, taken)
            taken.add(name)
            key = f"{group.id}-{rank}"
            zones.append(Zone(key, name, group.id))
            zone_by_site |= {lycee.id: key for lycee in members}
    return plan_of(sectors, zones, zone_by_site)


def sites_of(study: Study) -> DraftSites:
    """Return the sites of a study, with what its data folder says of their land."""
    folder, lycees = study.atlas.data.path, study.territory.lycees
    epcis = read_epcis(folder / study.atlas.data.manifest.files.communes)
    return DraftSites(
        lycees,
        study.times,
        study.context.neighbours,
        needs={key: study.teams.need(lycee).half_days for key, lycee in lycees.items()},
        name=study.atlas.data.manifest.name,
        departements=_departements(folder),
        epcis={key: epcis[x.insee] for key, x in lycees.items() if epcis.get(x.insee)},
    )


def _departements(folder: Path) -> dict[str, str]:
    """Return the names of the départements of a data folder, by code; empty without their file."""
    try:
        outlines = read_departements(folder / "departements")
    except DataFileError:
        return {}
    return {code: name for code, (name, _) in outlines.items()}
