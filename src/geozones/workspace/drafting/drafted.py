"""Draft of a whole plan from the opened sites: sectors, then the zones of each, with names."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import DataFileError, InputError
from geozones.common.french import plural
from geozones.cost import HoursModel
from geozones.domain import DecisionStatus, Lycee, Origin, Plan, Sector, Zone
from geozones.domain.plan import plan_of
from geozones.domain.teams import Teams
from geozones.domain.zone_names import zone_name
from geozones.optimize.connected import Bounds, SiteMap
from geozones.optimize.drafts import DraftProblem, draft_zones, shared_out
from geozones.territory.territory_files import read_departements, read_epcis
from geozones.workspace.drafting.request import (
    DraftOptions,
    DraftSites,
    SectorGroup,
    filled_minutes,
    numbers_of,
    require_sites,
    sector_groups,
)
from geozones.workspace.drafting.sentences import DraftedSector, sentences
from geozones.workspace.study import Study

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
    problem = DraftProblem(
        ids=ids,
        site_map=SiteMap(_adjacent(sites, ids), filled.mean),
        times=filled.times,
        far=filled.mean > options.settings.max_minutes,
        unknown=filled.unknown,
        bounds=Bounds(*options.wanted_sizes),
        cost=HoursModel(_needs(sites), filled.times, settings=options.settings),
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
    bounds = _bounds(len(numbers), zone_count, options)
    own = replace(problem.part(numbers, zone_count), bounds=bounds)
    found = draft_zones(own)
    zones = tuple(numbers[zone] for zone in found.zones)
    pieces = len(own.site_map.pieces(np.arange(own.size)))
    return DraftedSector(group, replace(found, zones=zones), bounds, pieces, zone_count)


def _bounds(count: int, zones: int | None, options: DraftOptions) -> Bounds:
    if zones is None:
        return Bounds(*options.wanted_sizes)
    mean = count / zones
    off = _AROUND if mean <= _SMALL else mean * _AROUND_SHARE
    return Bounds(max(1, round(round(mean) - off)), round(round(mean) + off))


def _needs(sites: DraftSites) -> dict[str, int]:
    teams = Teams()
    return {
        key: sites.needs[key] if key in sites.needs else teams.need(lycee).half_days
        for key, lycee in sorted(sites.lycees.items())
    }


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
