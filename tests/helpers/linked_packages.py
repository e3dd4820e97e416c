"""A proposal of two packages, of which one needs the other first."""

from dataclasses import replace

from geozones.domain.teams import Teams
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import PlanProposal
from geozones.workspace.proposals.solve import options_of
from helpers.fixture_types import Draw

NEEDS = {"A": 6, "B": 2, "C": 6, "D": 10, "E": 6, "F": 6, "G": 2, "H": 10, "I": 2}


def linked_packages(toy: Study, toy_of: Draw) -> PlanProposal:
    """Return two packages: the bound on posts lets the second in once the first is accepted."""
    settings = replace(toy.settings.cost, absence_weight=0.0)
    start = toy.with_teams(Teams(needs=NEEDS)).with_cost_settings(settings)
    start = start.with_plan(toy_of(N1="ABF", N2="EI", S1="CDGH"))
    return PlanProposal(start, toy_of(N1="AF", N2="BCI", S1="DEGH"), options_of(size_min=2))
