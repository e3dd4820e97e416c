"""Robustness of a proposal or package in draws of minutes and hypotheses."""

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from geozones.common.errors import InputError
from geozones.common.french import NBSP, minutes, number, plural
from geozones.domain import Plan
from geozones.domain.drawn_costs import MEAN, REGRET
from geozones.metrics import Robustness
from geozones.metrics.drive_draws import DRAWS
from geozones.workspace.plan_judgement import weigh_studies
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions

#: Minutes from which a drawn drive counts as impossible.
_DAY = 24 * 60
#: Draws of a search for the least regret: each draw needs a best plan of its own.
REGRET_DRAWS = 20
#: Ways to search over draws, in French.
WAYS = {MEAN: "le meilleur en moyenne", REGRET: "le moindre regret"}
#: Explanation of these ways, in French.
WAYS_MEAN = (
    f"En moyenne : le meilleur plan sur {DRAWS} tirages au sort des durées et des hypothèses. "
    "Moindre regret : le plan dont le surcoût est le plus faible dans le tirage le plus "
    "défavorable, "
    f"sur {REGRET_DRAWS}. Un seul plan est proposé, sans courbe ; la recherche est plus longue."
)
#: Most drives named in one message.
_NAMED = 3
#: Units of the objectives.
UNITS = {HOURS: "h", DRIVES: "min"}
#: Drawn quantities of each objective, in French, for `worded`.
DRAWN = {
    HOURS: "les durées, les absences, les visites et les besoins des {sites}",
    DRIVES: "les durées",
}


def robustness_of(study: Study, plan: Plan, objective: str = HOURS) -> Robustness:
    """Compare a plan with a study's plan, draw by draw.

    ``objective`` is the criterion of the comparison (`rankings.OBJECTIVES`).
    """
    return weigh_studies(study, study.with_plan(plan), objective)


def over_draws(robust: str, before: float, after: float, unit: str) -> str:
    """Describe the values of the given and the proposed plan over the draws, in French.

    Parameters
    ----------
    robust
        `MEAN` or `REGRET`.
    before, after
        Objectives, as of a ``Result``.
    """
    now, then = (f"{number(value, 1)}{NBSP}{unit}" for value in (before, after))
    if robust == REGRET:
        return (
            f"Dans le tirage le plus défavorable, sur {REGRET_DRAWS} : surcoût de {now} avec le "
            "plan "
            f"d'aujourd'hui, de {then} avec cette proposition."
        )
    return f"En moyenne sur {DRAWS} tirages : {now} aujourd'hui, {then} avec cette proposition."


def require_ways(study: Study, options: "PartitionOptions") -> None:
    """Check that every drive between lycées that may share a zone is possible in every draw.

    Raises
    ------
    InputError
        If some drives, known and shorter than a day, are longer than a day in a draw.
    """
    plan = study.plan
    sectors = [sector.id for sector in plan.sectors if sector.id in options.sectors]
    groups = [plan.lycees_of(sector) for sector in sectors or [entry.id for entry in plan.sectors]]
    if options.change_sector:
        groups = [tuple(lycee for group in groups for lycee in group)]
    pairs = [pair for group in groups for pair in combinations(sorted(group), 2)]
    drawn = study.analysis.rankings.between(pairs)
    usual = np.array([study.times.both_ways[a][b] for a, b in pairs])
    lost = (~(drawn <= _DAY) & (usual <= _DAY)[:, None]).sum(axis=1)
    at = np.argsort(-lost, kind="stable")[: np.count_nonzero(lost)]
    if not len(at):
        return
    sentences = [
        _lost_way(study, pairs[row], int(lost[row]), drawn.shape[1]) for row in at[:_NAMED]
    ]
    others = len(at) - len(sentences)
    sentences += (
        [f"{plural(others, 'autre trajet est', 'autres trajets sont')} dans le même cas."]
        if others
        else []
    )
    msg = f"{' '.join(sentences)} Corrigez ces durées, ou cherchez sans les tirages."
    raise InputError(msg)


def _lost_way(study: Study, pair: tuple[str, str], lost: int, draws: int) -> str:
    first, second = pair
    low, high = study.times.interval_both_ways(first, second)
    return (
        f"Dans {plural(lost, 'tirage')} sur {draws}, le trajet entre {study.name(first)} et "
        f"{study.name(second)} ({minutes(study.times.both_ways[first][second])}, entre "
        f"{minutes(low)} et {minutes(high)}) dépasse une journée."
    )
