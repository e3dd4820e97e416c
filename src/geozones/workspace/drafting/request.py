"""Request of a first plan: sites, sizes and sectors wanted, minutes without a gap."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.french import folded, listing, of
from geozones.domain import Lycee, Provenance, Settings, TravelTimes
from geozones.domain.terms import terms, worded
from geozones.domain.uncertainty import ESTIMATE
from geozones.domain.zone_names import sector_name
from geozones.optimize.connected import Bounds, SiteMap, bisected
from geozones.optimize.problem import other_sites
from geozones.travel.engine import crow_km_table, formula_minutes

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
    there = _known(sites.times, ids)
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


def _known(times: TravelTimes, ids: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the known minutes, ``float[n, n]``; NaN for the others."""
    table = np.full((len(ids), len(ids)), np.nan)
    have = [
        (at, times.origin_index[key], times.destination_index[key])
        for at, key in enumerate(ids)
        if key in times.origin_index and key in times.destination_index
    ]
    if have:
        here, rows, columns = map(np.array, zip(*have, strict=True))
        table[np.ix_(here, here)] = times.minutes[np.ix_(rows, columns)]
    return table


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
        wanted = BY_DEPARTEMENT if several and _room(codes, options) else 1
    if isinstance(wanted, int):
        return _balanced(sites, site_map, wanted, options)
    _require_group(sites, ways[wanted], wanted)
    return _grouped(sites, ways[wanted], wanted)


def _room(codes: Mapping[str, str], options: DraftOptions) -> bool:
    """Return whether enough zones are asked for each département to have one."""
    return options.zones is None or options.zones >= len(set(codes.values()))


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


def _grouped(sites: DraftSites, group: Mapping[str, str], way: str) -> list[SectorGroup]:
    held: dict[str, list[str]] = {}
    for key in sorted(sites.lycees):
        held.setdefault(group[key], []).append(key)
    found = []
    for rank, (code, members) in enumerate(sorted(held.items()), 1):
        if way == BY_DEPARTEMENT:
            name = sites.departements.get(code) or f"Département {code}"
            found.append(SectorGroup(code, name, tuple(members)))
        else:
            found.append(SectorGroup(f"E{rank}", code, tuple(members)))
    return found


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
    for rank, (part, _) in enumerate(parts, 1):
        members = tuple(ids[site] for site in part.tolist())
        name = sector_name([sites.lycees[key] for key in members], taken)
        taken.add(name)
        found.append(SectorGroup(f"S{rank}", name, members))
    return found


def numbers_of(ids: Sequence[str], members: Sequence[str]) -> NDArray[np.int64]:
    """Return the numbers of some sites among all, ``int[k]`` ascending."""
    number = {key: at for at, key in enumerate(ids)}
    return np.array(sorted(number[key] for key in members), np.int64)
