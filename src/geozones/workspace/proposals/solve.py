"""Solver calls: the best plans under a planner's options and locks, with their proof."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geozones.cost import HoursModel
from geozones.cost.centres_model import BestCentreModel
from geozones.domain.drawn_costs import REGRET, MeanModel
from geozones.domain.locks import LYCEE, SECTOR, ZONE
from geozones.domain.zone_costs import CostModel
from geozones.workspace.proposals.respected_rules import with_rules
from geozones.workspace.proposals.robustness import REGRET_DRAWS, require_ways
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Executor, Frontier, PartitionOptions, Result
    from geozones.optimize.search_monitor import Progress


def options_of(**asked: Any) -> "PartitionOptions":  # noqa: ANN401 - fields of PartitionOptions
    """Return a planner's options; raise ``InputError`` if no plan could respect them."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return optimize.PartitionOptions(**asked)


def propose(  # noqa: PLR0913 - one keyword a need
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

    Raises
    ------
    InputError
        If the options contradict one another or the plan, or the address is invalid.
    ExecutorError
        If the cluster cannot search.
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
    if options.robust:
        require_ways(study, options)
    plan, locks = study.plan, study.locks
    held = {kind: {key for k, key in locks.reasons if k == kind} for kind in (LYCEE, ZONE, SECTOR)}
    zones = held[ZONE] | {zone.id for zone in plan.zones if zone.sector in held[SECTOR]}
    return replace(
        with_rules(study, options),
        cost=cost_model(study, objective, options.robust, tis=tis),
        sector_costs=_sector_costs(study, options, objective, tis=tis),
        locked_lycees=held[LYCEE].union(options.locked_lycees),
        locked_zones=zones.union(options.locked_zones),
    )


def _sector_costs(
    study: Study, options: "PartitionOptions", objective: str, *, tis: bool
) -> tuple[tuple[str, CostModel], ...]:
    """Return the cost models of zones by sector, where they depend on its support centre.

    Empty if T.I.S. neither count nor replace, if lycées stay in their sector, or if a sector has no
    known centre. Also empty for the least regret: a zone is then visited from the centre of most of
    its lycées.
    """
    if not (tis or study.settings.teams.tis_replaces):
        return ()
    scope = [entry for entry in study.plan.sectors if entry.id in (options.sectors or {entry.id})]
    known = all(sector.support_centre is not None for sector in scope)
    moves = objective == HOURS and options.change_sector and options.robust != REGRET
    if not moves or not known or len(scope) < 2:
        return ()
    model, rankings = _hours(study, tis=tis), study.analysis.rankings
    models = [
        replace(model, centres=dict.fromkeys(model.needs, sector.support_centre))
        for sector in scope
    ]
    if options.robust:
        means = [MeanModel(rankings.drawn_hours(entry)) for entry in models]
        return tuple(zip((sector.id for sector in scope), means, strict=True))
    return tuple(zip((sector.id for sector in scope), models, strict=True))


def _hours(study: Study, *, tis: bool) -> HoursModel:
    return replace(study.ranking.model, tis=tis)


def cost_model(study: Study, objective: str, robust: str = "", *, tis: bool = False) -> CostModel:
    """Return the cost model of an objective; the mean over draws, if ``robust`` asks for draws.

    For the least regret, the mean is over the first `REGRET_DRAWS` draws.
    """
    if robust:
        drawn = study.analysis.rankings.drawn(study.plan, study.teams, objective)
        return MeanModel(drawn.with_draws(slice(REGRET_DRAWS)) if robust == REGRET else drawn)
    if objective == DRIVES:
        from geozones.optimize.drives_model import DrivesModel  # noqa: PLC0415 - only if asked

        return DrivesModel(study.times, study.settings.weights)
    return _hours(study, tis=tis)
