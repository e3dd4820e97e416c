"""The hours of zones whose posts are proposed and whose years are simulated: what the closed form
of the yearly cost is held against.

`tests/fixtures/cost/simulated.csv` holds them, since posts take a second a zone to propose.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from geozones.cost.zone_cost import ZoneCase, grid_cost
from geozones.domain.teams import Post
from geozones.teams.posts_proposal import propose_posts
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest
from geozones.teams.zone_cover import ZoneTeam
from geozones.workspace.study import Study
from helpers.simulate import simulate

FILE = Path(__file__).parents[1] / "fixtures" / "cost" / "simulated.csv"
YEARS, SEED = 400, 7
#: A new zone takes one of so many lycées that are the nearest to those that it has.
_NEAREST = 6


@dataclass(frozen=True)
class SimulatedZone:
    """A zone and its hours a year.

    Parameters
    ----------
    kind
        ``published``, ``draft`` (of the shipped plan), or ``random``.
    zone
        Id of the zone; empty for a random one.
    lycees, needs
        Ids and half-days a week.
    posts
        How many were proposed.
    tournees, visites, absences
        On the road, of the grids proposed; those of covers as simulated.
    ruptures, unattended, reduced, displaced
        As simulated.
    """

    kind: str
    zone: str
    lycees: tuple[str, ...]
    needs: tuple[int, ...]
    posts: int
    tournees: float
    visites: float
    absences: float
    ruptures: float
    unattended: float
    reduced: float
    displaced: float

    @property
    def total(self) -> float:
        """Yearly cost, in hours."""
        return self.tournees + self.visites + self.absences + self.ruptures


@lru_cache(maxsize=2)
def over_whole_weeks(study: Study) -> Study:
    """Return the study under the year of the file: 36 whole weeks, so that days weigh the same."""
    return study.with_team_settings(replace(study.settings.teams, year_days=180))


def closed_hours(study: Study, row: SimulatedZone) -> float:
    """Return the total that the closed form gives with as many posts, in the year of the file."""
    study = over_whole_weeks(study)
    model = study.analysis.costs.model(study.plan, study.teams)
    known = replace(model, staffed={row.lycees: row.posts})
    parts = known.on(row.lycees).parts(np.arange(len(row.lycees), dtype=np.uint16)[None])
    return float((parts.road + parts.beside)[0])


def read_table() -> dict[str, list[SimulatedZone]]:
    """Return the zones of the file by kind."""
    found: dict[str, list[SimulatedZone]] = {}
    with FILE.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            row = SimulatedZone(
                line["kind"],
                line["zone"],
                tuple(line["lycees"].split()),
                tuple(int(need) for need in line["needs"].split()),
                int(line["posts"]),
                *(float(line[field.name]) for field in fields(SimulatedZone)[5:]),
            )
            found.setdefault(row.kind, []).append(row)
    return found


def write_table(rows: Iterable[SimulatedZone]) -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as stream:
        names = [field.name for field in fields(SimulatedZone)]
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            values = asdict(row)
            for name in ("lycees", "needs"):
                values[name] = " ".join(map(str, values[name]))
            for name in names[5:]:
                values[name] = f"{values[name]:.2f}"
            writer.writerow(values)


def simulated(
    study: Study, asked: ZoneCase, kind: str = "random", zone: str = "", limit: float = 30.0
) -> SimulatedZone | None:
    """Return the hours of a zone with the posts proposed; ``None`` for want of any in time."""
    study = over_whole_weeks(study)
    needs = asked.need_by_lycee
    options = StaffingOptions(settings=study.settings.teams, time_limit=limit)
    proposal = propose_posts(StaffingRequest("zone", needs, study.times), options)
    if not proposal.posts:
        return None
    return simulated_with(study, asked, proposal.posts, kind, zone)


def simulated_with(
    study: Study, asked: ZoneCase, posts: tuple[Post, ...], kind: str, zone: str
) -> SimulatedZone:
    """Return the hours of a zone with some posts."""
    teams = study.settings.teams
    team = ZoneTeam(asked.lycees, posts, study.times, teams, needs=asked.need_by_lycee)
    year = simulate(team, YEARS, SEED)
    items = grid_cost(replace(asked, posts=posts), study.times, study.settings).items
    hours = year.service.scaled(teams.half_day_minutes / 60)
    return SimulatedZone(
        kind, zone, asked.lycees, asked.needs, len(posts),
        items["tournees"].road_hours,
        items["visites"].road_hours,
        year.driven / 60,
        hours.rupture, hours.unattended, hours.reduced, hours.displaced,
    )  # fmt: skip


def shipped_zones(study: Study) -> Iterator[tuple[str, str, ZoneCase]]:
    """Yield the kind, the id and the case of each zone of the shipped plan."""
    for zone in study.plan.zones:
        sector = study.plan.sector(zone.sector)
        kind = "published" if sector.support_centre else "draft"
        yield kind, zone.id, _case(study, study.plan.members(zone.id))


def random_zones(study: Study, seed: int, count: int) -> Iterator[ZoneCase]:
    """Yield zones of 3 to 6 lycées near one another."""
    draw = random.Random(seed)  # noqa: S311 - zones, not secrets
    minutes = study.times.both_ways
    ids = sorted(study.territory.lycees)
    for _ in range(count):
        size = draw.choice([3, 4, 5, 6])
        members = [draw.choice(ids)]
        while len(members) < size:
            left = (key for key in ids if key not in members)
            near = sorted(left, key=lambda key: min(minutes[other][key] for other in members))
            members.append(draw.choice(near[:_NEAREST]))
        yield _case(study, members)


def _case(study: Study, members: Iterable[str]) -> ZoneCase:
    lycees = tuple(sorted(members))
    needs = tuple(study.teams.need(study.territory.lycees[key]).half_days for key in lycees)
    return ZoneCase(lycees, needs)
