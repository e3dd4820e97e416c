"""Hours of zones whose weeks are proposed and whose years are simulated, by the definitions alone.

The closed form of the yearly cost is held against them.

`tests/fixtures/cost/simulated.csv` holds them, since posts take a second a zone to propose.
"""

import csv
import random
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from geozones.cost.zone_cost import ZoneCase
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.settings import Settings
from geozones.domain.teams import FREE as AVAILABLE
from geozones.domain.teams import SLOTS
from geozones.teams.posts_proposal import PostsProposal, propose_posts
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest
from geozones.workspace.figures.study import Study
from helpers.years_by_definition import FREE, Habits, Weeks, simulate_years

FILE = Path(__file__).parents[1] / "fixtures" / "cost" / "simulated.csv"
YEARS = 400
#: A lycée moves to the zone of one of so many lycées that are the nearest to it.
_NEAREST = 8
#: Most lycées of the zone that it joins.
_LARGEST = 7
#: Random moves of the file, and their seed.
MOVES, SEED = 200, 43


@dataclass(frozen=True)
class SimulatedZone:
    """A zone and its hours a year.

    Parameters
    ----------
    kind
        ``published``, ``draft`` (of the shipped plan), or ``part``: a zone after one of `moves`.
    zone
        Id of the zone; empty for a part.
    lycees, needs
        Ids and half-days a week.
    posts
        How many were proposed.
    proven
        Whether their weeks are proven the best.
    road, unattended, reduced, displaced
        Hours as simulated.
    """

    kind: str
    zone: str
    lycees: tuple[str, ...]
    needs: tuple[int, ...]
    posts: int
    proven: bool
    road: float
    unattended: float
    reduced: float
    displaced: float

    @property
    def total(self) -> float:
        """Road and hours without technician, at a rate of one."""
        return self.road + self.unattended


@lru_cache(maxsize=2)
def over_whole_weeks(study: Study) -> Study:
    """Return the study under the year of the file: 36 whole weeks, so that days weigh the same."""
    return study.with_team_settings(replace(study.settings.teams, year_days=180))


def closed_hours(study: Study, row: SimulatedZone) -> tuple[float, float]:
    """Return the hours of road and without technician in closed form, with as many posts.

    They are those of the year of the file.
    """
    study = over_whole_weeks(study)
    model = study.analysis.costs.model(study.plan, study.teams)
    known = replace(model, staffed={row.lycees: row.posts})
    parts = known.on(row.lycees).parts(np.arange(len(row.lycees), dtype=np.uint16)[None])
    return float(parts.road[0]), float(parts.unattended[0])


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
                line["proven"] == "True",
                *(float(line[field.name]) for field in fields(SimulatedZone)[6:]),
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
            for name in names[6:]:
                values[name] = f"{values[name]:.2f}"
            writer.writerow(values)


def proposed(study: Study, asked: ZoneCase) -> PostsProposal:
    options = StaffingOptions(settings=study.settings.teams)
    return propose_posts(StaffingRequest("zone", asked.need_by_lycee, study.times), options)


def weeks_of(proposal: PostsProposal) -> Weeks:
    """Return the weeks of proposed posts, as years are simulated from."""
    cells = ((FREE if cell == AVAILABLE else cell for cell in p.cells) for p in proposal.posts)
    homes = tuple(post.home or "" for post in proposal.posts)
    return Weeks(tuple(map(tuple, cells)), homes)


def habits_of(settings: Settings) -> Habits:
    """Return the hypotheses of a territory, as years are simulated from."""
    teams, cost = settings.teams, settings.cost
    return Habits(
        rate=teams.absence_rate,
        mean_days=teams.absence_days,
        cap=teams.monthly_cap,
        days=teams.year_days,
        visits=cost.visits_per_month * cost.months,
        half_day_hours=teams.half_day_minutes / 60,
    )


def simulated(
    study: Study, asked: ZoneCase, kind: str = "part", zone: str = ""
) -> SimulatedZone | None:
    """Return the hours of a zone with the posts proposed; ``None`` for want of any in time."""
    study = over_whole_weeks(study)
    proposal = proposed(study, asked)
    if not proposal.posts:
        return None
    weeks, habits = weeks_of(proposal), habits_of(study.settings)
    # every zone has absences of its own: those of a region are not the same everywhere
    seed = zlib.crc32(" ".join(asked.lycees).encode())
    years = simulate_years(weeks, study.times.one_way, habits, YEARS, seed)
    road, without, missed, free, displaced = (
        float(getattr(years, field.name).mean()) for field in fields(years)
    )
    proven = proposal.status is ProofStatus.OPTIMAL
    reduced = missed - free - without
    return SimulatedZone(
        kind, zone, asked.lycees, asked.needs, len(proposal.posts), proven,
        road, without, reduced, displaced,
    )  # fmt: skip


def shipped_zones(study: Study) -> Iterator[tuple[str, str, ZoneCase]]:
    """Yield the kind, the id and the case of each zone of the shipped plan."""
    for zone in study.plan.zones:
        sector = study.plan.sector(zone.sector)
        kind = "published" if sector.support_centre else "draft"
        yield kind, zone.id, case_of(study, study.plan.members(zone.id))


def random_moves(study: Study, seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield moves of a lycée to a zone near it: lycée, zone left, zone joined (ids).

    Both zones have as many posts after as before, and seven lycées at most.
    """
    draw = random.Random(seed)  # noqa: S311 - moves, not secrets
    plan, ids = study.plan, sorted(study.plan.lycees)
    while True:
        lycee = draw.choice(ids)
        origin = plan.zone_of(lycee)
        far = (key for key in ids if plan.zone_of(key).id != origin.id)
        near = sorted(far, key=lambda key: study.times.between(lycee, key))[:_NEAREST]
        target = plan.zone_of(draw.choice(near))
        left, joined = after_move(study, lycee, origin.id, target.id)
        before = (plan.members(zone.id) for zone in (origin, target))
        if len(left) < 2 or len(joined) > _LARGEST:
            continue
        if _posts(study, left, joined) == _posts(study, *before):
            yield lycee, origin.id, target.id


def after_move(
    study: Study, lycee: str, origin: str, target: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lycées of both zones after a move, sorted."""
    members = study.plan.members
    left = tuple(sorted(key for key in members(origin) if key != lycee))
    return left, tuple(sorted((*members(target), lycee)))


def _posts(study: Study, *zones: Iterable[str]) -> int:
    needs = (sum(case_of(study, zone).needs) for zone in zones)
    return sum(-(-need // SLOTS) for need in needs)


def case_of(study: Study, members: Iterable[str]) -> ZoneCase:
    lycees = tuple(sorted(members))
    needs = tuple(study.teams.need(study.territory.lycees[key]).half_days for key in lycees)
    return ZoneCase(lycees, needs)
