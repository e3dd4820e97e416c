"""Solver calls: a planner's options, the best plans under them, their proof and robustness."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from geozones.cost import HoursModel
from geozones.cost.hours_model import BestCentreModel
from geozones.domain import Plan
from geozones.domain.decisions import LYCEE, SECTOR, ZONE
from geozones.domain.proposal_conditions import ProposalConditions
from geozones.domain.yearly_cost import CostModel
from geozones.metrics import Robustness
from geozones.workspace.figures.plan_comparison import weigh_studies
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import lycee_named, sector_named
from geozones.workspace.proposals.respected_rules import least_posts, with_rules

if TYPE_CHECKING:
    from geozones.optimize import Frontier, PartitionOptions, Result
    from geozones.optimize.result import Progress


def robustness_of(study: Study, plan: Plan) -> Robustness:
    """Compare a plan with a study's plan, draw by draw."""
    return weigh_studies(study, study.with_plan(plan))


def options_of(**asked: Any) -> "PartitionOptions":  # noqa: ANN401 - fields of PartitionOptions
    """Return the options of a search; raise ``InputError`` if no plan could respect them."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return optimize.PartitionOptions(**asked)


def search_options(study: Study, asked: ProposalConditions) -> "PartitionOptions":
    """Return a planner's conditions as the options of a search; raises as `options_of`.

    Every zone has `LEAST_POSTS` T.I.P. at least. Locked lycées that the plan lacks are left out.
    """
    taken = {entry.name: getattr(asked, entry.name) for entry in fields(ProposalConditions)}
    locked = tuple(key for key in asked.locked_lycees if key in study.plan.zone_by_lycee)
    return options_of(**taken | {"locked_lycees": locked}, resources=(least_posts(study),))


def named_options(study: Study, asked: ProposalConditions) -> "PartitionOptions":
    """Return the options of conditions whose sectors and lycées are named; see `search_options`.

    A locked lycée that the plan lacks is refused.
    """
    locked = [lycee_named(study.territory, text) for text in asked.locked_lycees]
    for lycee in locked:
        study.plan.zone_of(lycee)
    sectors = [sector_named(study.plan, text) for text in asked.sectors]
    return search_options(study, replace(asked, locked_lycees=locked, sectors=sectors))


def propose(
    study: Study,
    options: "PartitionOptions",
    progress: "Progress | None" = None,
    *,
    within: frozenset[str] = frozenset(),
    centres: Mapping[str, tuple[str, ...]] | None = None,
    tis: bool = False,
) -> "Result":
    """Return the plan of the fewest hours a year under the options and the locks, with its proof.

    ``progress`` is called at each step with the phase in French, bound, best objective and gap; it
    may raise ``SearchCancelledError``. ``within`` are the sectors (ids) searched among the sectors
    of the options, whose bounds still apply; empty for all. ``centres`` are the allowed support
    centres (lycée ids) of each sector, if lycées may change sector: each zone costs what the best
    of these centres makes it. ``tis`` counts the drives of T.I.S. in the hours.
    """
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    asked = constrained(study, options, tis=tis)
    asked = replace(asked, sectors=within) if within else asked
    if centres is not None:
        model = cost_model(study, tis=tis)
        costs = [(key, BestCentreModel(model, known)) for key, known in sorted(centres.items())]
        asked = replace(asked, sector_costs=tuple(costs))
    return optimize.propose(study.plan, study.times, asked, names=study.name, progress=progress)


def frontier(
    study: Study, options: "PartitionOptions", progress: "Progress | None" = None
) -> "Frontier":
    """Return the best plan for each number of moves, up to the optimum; raises as `propose`."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    asked = constrained(study, options)
    return optimize.frontier(study.plan, study.times, asked, names=study.name, progress=progress)


def constrained(
    study: Study, options: "PartitionOptions", *, tis: bool = False
) -> "PartitionOptions":
    """Return the options with the cost of zones, the rules and the scenario's locks.

    A locked sector locks its zones. `propose` and `frontier` always use these options.
    """
    plan, locks = study.plan, study.locks
    held = {kind: {key for k, key in locks.reasons if k == kind} for kind in (LYCEE, ZONE, SECTOR)}
    zones = held[ZONE] | {zone.id for zone in plan.zones if zone.sector in held[SECTOR]}
    return replace(
        with_rules(study, options),
        cost=cost_model(study, tis=tis),
        sector_costs=_sector_costs(study, options, tis=tis),
        locked_lycees=held[LYCEE].union(options.locked_lycees),
        locked_zones=zones.union(options.locked_zones),
    )


def _sector_costs(
    study: Study, options: "PartitionOptions", *, tis: bool
) -> tuple[tuple[str, CostModel], ...]:
    """Return the cost models of zones by sector, where they depend on its support centre.

    Empty if T.I.S. neither count nor replace, if lycées stay in their sector, or if a sector has no
    known centre.
    """
    if not options.change_sector or not (tis or study.settings.teams.tis_replaces):
        return ()
    scope = [entry for entry in study.plan.sectors if entry.id in (options.sectors or {entry.id})]
    if len(scope) < 2 or any(sector.support_centre is None for sector in scope):
        return ()
    model = cost_model(study, tis=tis)
    return tuple(
        (sector.id, replace(model, centres=dict.fromkeys(model.needs, sector.support_centre)))
        for sector in scope
    )


def cost_model(study: Study, *, tis: bool = False) -> HoursModel:
    """Return the model of the hours of zones in a year; ``tis``: with the drives of T.I.S."""
    return replace(study.ranking.model, tis=tis)
