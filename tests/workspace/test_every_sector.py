"""The best plan of each sector, against every zone that its rules allow, listed here anew."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import norm

from geozones.domain.proposal_conditions import ProofStatus, ProposalConditions
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.solve import propose, search_options

pytestmark = pytest.mark.slow

type Zone = tuple[str, ...]
SIZES = (3, 4, 5, 6)
#: Fewest T.I.P. of a zone.
FEWEST = 2


def slowest(study: Study, zone: Zone) -> float:
    """Minutes of the slowest relève of a zone."""
    table = study.times.one_way
    return max(min(table[other][to] for other in zone if other != to) for to in zone)


def allowed(study: Study, sector: str) -> list[Zone]:
    """Every zone of the sector that keeps the rules, and those of today."""
    lycees = study.plan.lycees_of(sector)
    today = [tuple(sorted(study.plan.members(z.id))) for z in study.plan.zones_of(sector)]
    today = [zone for zone in today if zone]
    bound = max(slowest(study, zone) for zone in today) + 1e-6
    near, minutes = study.context.neighbours, study.times.both_ways
    limit = study.settings.max_minutes
    found = set(today)
    for size in SIZES:
        for zone in combinations(sorted(lycees), size):
            if any(minutes[a][b] > limit for a, b in combinations(zone, 2)):
                continue
            if slowest(study, zone) <= bound and len(reached(near, zone)) == size:
                found.add(zone)
    return sorted(found)


def reached(near: dict[str, frozenset[str]], zone: Zone) -> set[str]:
    """Lycées of a zone that are in one piece with its first."""
    seen, border = {zone[0]}, [zone[0]]
    while border:
        touching = near[border.pop()]
        new = [key for key in zone if key in touching and key not in seen]
        seen.update(new)
        border += new
    return seen


def mean_posts(needs: list[int]) -> float:
    """Posts in the mean over needs that vary by a tenth, each by itself."""
    spread = 0.1**2
    total = sum(needs) * np.exp(spread / 2)
    deviation = np.sqrt(sum(need**2 for need in needs) * np.exp(spread) * np.expm1(spread))
    beyond = (norm.sf(10 * posts, total, deviation) for posts in range(1, 20))
    return 1 + sum(beyond)


@pytest.mark.parametrize(
    "sector",
    ["maine-et-loire", "mayenne", "sud-loire-cholet", "nantes", "nord-loire", "sarthe", "vendee"],
)
def test_no_choice_of_zones_costs_less_than_the_plan_proposed(
    shipped_study: Study, sector: str
) -> None:
    study = shipped_study
    asked = ProposalConditions(sectors=(sector,))
    result = propose(study, search_options(study, asked))
    assert result.status is ProofStatus.OPTIMAL

    zones, lycees = allowed(study, sector), study.plan.lycees_of(sector)
    model = study.analysis.costs.model(study.plan, study.teams)
    order = tuple(sorted(lycees))
    hours, posts, mean = (np.zeros(len(zones)) for _ in range(3))
    for at, zone in enumerate(zones):
        ranks = np.array([[order.index(key) for key in zone]], np.uint16)
        parts = model.on(order).parts(ranks)
        hours[at] = (parts.road + parts.beside)[0]
        posts[at] = max(-(-sum(model.needs[key] for key in zone) // 10), 1)
        mean[at] = mean_posts([model.needs[key] for key in zone])
    two = (posts == 2).astype(float)
    known = {zone: at for at, zone in enumerate(zones)}
    now = [known[tuple(sorted(study.plan.members(z.id)))] for z in study.plan.zones_of(sector)]
    member = np.array([[key in zone for zone in zones] for key in lycees], float)
    # 3 to 5 lycées a zone in the mean, as today
    held = [-(-len(lycees) // max(5, len(lycees) / len(now))), len(lycees) // 3]
    best = milp(
        hours,
        constraints=[
            LinearConstraint(member, 1, 1),
            LinearConstraint(posts, 0, posts[now].sum()),
            LinearConstraint(mean, 0, mean[now].sum() + 0.25),
            LinearConstraint(two, 0, two[now].sum()),
            LinearConstraint(np.ones(len(zones)), *held),
        ],
        integrality=np.ones(len(zones)),
        bounds=Bounds(0, (posts >= FEWEST).astype(float)),
        options={"mip_rel_gap": 0},
    )
    assert best.success
    assert result.objective_after == pytest.approx(best.fun, abs=1e-4)
