"""Solver calls: a planner's options, the best plans under them, their proof and robustness."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Annotated, Any

from geozones.cost import HoursModel
from geozones.cost.parts_model import BestCentreModel
from geozones.domain import Plan
from geozones.domain.decisions import LYCEE, SECTOR, ZONE
from geozones.domain.proposal_conditions import Option, ProposalConditions
from geozones.domain.zone_costs import CostModel
from geozones.metrics import Robustness
from geozones.workspace.plan_comparison import weigh_studies
from geozones.workspace.proposals.respected_rules import LEAST_POSTS, balance, with_rules
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Executor, Frontier, PartitionOptions, Result
    from geozones.optimize.result import Progress

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


def options_of(**asked: Any) -> "PartitionOptions":  # noqa: ANN401 - fields of PartitionOptions
    """Return a planner's options; raise ``InputError`` if no plan could respect them."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return optimize.PartitionOptions(**asked)


def propose(
    study: Study,
    options: "PartitionOptions",
    progress: "Progress | None" = None,
    *,
    objective: str = HOURS,
    scheduler: str | None = None,
    within: frozenset[str] = frozenset(),
    centres: Mapping[str, tuple[str, ...]] | None = None,
    tis: bool = False,
) -> "Result":
    """Return the best plan that respects the options and the locks, with its proof.

    ``objective`` is the criterion of the search: the hours that a plan costs in a year, or drives
    between colleagues (`rankings.OBJECTIVES`).

    ``progress`` is called at each step with the phase in French, bound, best objective and gap; it
    may raise ``SearchCancelledError``. ``scheduler`` is the address of a Dask cluster to search on,
    instead of this machine. ``within`` are the sectors (ids) searched among the sectors of the
    options, whose bounds still apply; empty for all. ``centres`` are the allowed support centres
    (lycée ids) of each sector, if lycées may change sector: each zone costs what the best of these
    centres makes it. ``tis`` counts the drives of T.I.S. in the hours.
    """
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    asked = constrained(study, options, objective, tis=tis)
    asked = replace(asked, sectors=within) if within else asked
    if centres is not None:
        model = _hours(study, tis=tis)
        costs = [(key, BestCentreModel(model, known)) for key, known in sorted(centres.items())]
        asked = replace(asked, sector_costs=tuple(costs))
    return optimize.propose(
        study.plan,
        study.times,
        asked,
        names=study.name,
        progress=progress,
        executor=executor_at(scheduler),
    )


def frontier(
    study: Study,
    options: "PartitionOptions",
    progress: "Progress | None" = None,
    *,
    objective: str = HOURS,
    scheduler: str | None = None,
) -> "Frontier":
    """Return the best plan for each number of moves, up to the optimum; raises as `propose`."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return optimize.frontier(
        study.plan,
        study.times,
        constrained(study, options, objective),
        names=study.name,
        progress=progress,
        executor=executor_at(scheduler),
    )


def executor_at(scheduler: str | None) -> "Executor | None":
    """Return the executor of a scheduler's address; ``None`` for this machine."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return None if scheduler is None else optimize.DaskCluster(scheduler)


def constrained(
    study: Study, options: "PartitionOptions", objective: str, *, tis: bool = False
) -> "PartitionOptions":
    """Return the options with the cost of zones, the rules and the scenario's locks.

    A locked sector locks its zones. `propose` and `frontier` always use these options.
    """
    plan, locks = study.plan, study.locks
    held = {kind: {key for k, key in locks.reasons if k == kind} for kind in (LYCEE, ZONE, SECTOR)}
    zones = held[ZONE] | {zone.id for zone in plan.zones if zone.sector in held[SECTOR]}
    return replace(
        with_rules(study, options),
        cost=cost_model(study, objective, tis=tis),
        sector_costs=_sector_costs(study, options, objective, tis=tis),
        locked_lycees=held[LYCEE].union(options.locked_lycees),
        locked_zones=zones.union(options.locked_zones),
    )


def _sector_costs(
    study: Study, options: "PartitionOptions", objective: str, *, tis: bool
) -> tuple[tuple[str, CostModel], ...]:
    """Return the cost models of zones by sector, where they depend on its support centre.

    Empty if T.I.S. neither count nor replace, if lycées stay in their sector, or if a sector has no
    known centre.
    """
    if not (tis or study.settings.teams.tis_replaces):
        return ()
    scope = [entry for entry in study.plan.sectors if entry.id in (options.sectors or {entry.id})]
    known = all(sector.support_centre is not None for sector in scope)
    moves = objective == HOURS and options.change_sector
    if not moves or not known or len(scope) < 2:
        return ()
    model = _hours(study, tis=tis)
    models = [
        replace(model, centres=dict.fromkeys(model.needs, sector.support_centre))
        for sector in scope
    ]
    return tuple(zip((sector.id for sector in scope), models, strict=True))


def _hours(study: Study, *, tis: bool) -> HoursModel:
    return replace(study.ranking.model, tis=tis)


def cost_model(study: Study, objective: str, *, tis: bool = False) -> CostModel:
    """Return the cost model of an objective."""
    if objective == DRIVES:
        from geozones.optimize.resources import DrivesModel  # noqa: PLC0415 - only if asked

        return DrivesModel(study.times, study.settings.weights)
    return _hours(study, tis=tis)


#: T.I.P. per zone and pupils per sector that the page offers; the greatest means no upper bound.
_POSTS, _PUPILS = range(1, 10), range(0, 20_001, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerOptions(ProposalConditions):
    """Conditions of a proposal, with the balance of its zones and what is optimised."""

    #: Fewest and most T.I.P. that the needs of a zone fill; ``None`` for no bound.
    min_posts: Annotated[
        int,
        Option(
            label="{Proximity_technicians} par zone",
            help="nombre {of_plural_proximity_technician} (temps plein) par zone, au moins "
            f"({LEAST_POSTS})",
            value="N",
            offered=_POSTS,
        ),
    ] = LEAST_POSTS
    max_posts: Annotated[
        int | None,
        Option(
            help="nombre {of_plural_proximity_technician} (temps plein) par zone, au plus",
            value="N",
            offered=_POSTS,
            unset="sans limite",
        ),
    ] = None
    #: Fewest and most pupils of a sector; ``None`` for no bound.
    min_pupils: Annotated[
        int | None,
        Option(
            label="{Sizes} par secteur",
            help="{sizes} d'un secteur, au moins",
            value="N",
            offered=_PUPILS,
        ),
    ] = None
    max_pupils: Annotated[
        int | None,
        Option(
            help="{sizes} d'un secteur, au plus", value="N", offered=_PUPILS, unset="sans limite"
        ),
    ] = None
    #: Criterion of the search (`rankings.OBJECTIVES`).
    objective: Annotated[
        str,
        Option(
            label="Chercher",
            help="le moindre coût annuel, route et ruptures (hours, le défaut), ou "
            "les trajets entre collègues les plus courts (drives)",
            value="OBJECTIF",
            choices={
                HOURS: "le moindre coût annuel (route et ruptures)",
                DRIVES: "les trajets entre collègues les plus courts",
            },
        ),
    ] = HOURS

    def solver_options(self, study: Study) -> dict[str, Any]:
        """Return the fields of `optimize.PartitionOptions` for a study's plan.

        Locked zones and lycées that the plan lacks are left out.
        """
        plan = study.plan
        taken = {entry.name: getattr(self, entry.name) for entry in fields(ProposalConditions)}
        posts, pupils = (self.min_posts, self.max_posts), (self.min_pupils, self.max_pupils)
        return {
            **taken,
            **balance(study, posts, pupils),
            "locked_zones": tuple(filter(plan.has_zone, self.locked_zones)),
            "locked_lycees": tuple(key for key in self.locked_lycees if key in plan.zone_by_lycee),
        }
