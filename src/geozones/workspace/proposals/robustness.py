"""Whether a proposal, or a package of it, holds in draws of the minutes and of the hypotheses."""

from geozones.domain import Plan
from geozones.metrics import Robustness
from geozones.workspace.figures import weigh_studies
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

#: Units of what plans are compared on, by objective.
UNITS = {HOURS: "h", DRIVES: "min"}
#: What is drawn, in French, by objective.
DRAWN = {
    HOURS: "les durées, les absences, les visites et les besoins des lycées",
    DRIVES: "les durées",
}


def robustness_of(study: Study, plan: Plan, objective: str = HOURS) -> Robustness:
    """Return how a plan stands against that of a study, draw by draw.

    ``objective`` is what both are compared on (`rankings.OBJECTIVES`).
    """
    return weigh_studies(study, study.with_plan(plan), objective)
