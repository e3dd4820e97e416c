"""Proposals: the best plans under a planner's options and locks, proven."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geozones.domain import Plan
from geozones.domain.locks import LYCEE, SECTOR, ZONE, Locks

if TYPE_CHECKING:
    from geozones.optimize import Executor, Frontier, Options, Result
    from geozones.optimize.watch import Progress
    from geozones.workspace.core import Workspace


def options_of(**asked: Any) -> "Options":  # noqa: ANN401 - the fields of Options
    """Return what a planner asks; raises ``InputError`` for what no plan could respect."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return optimize.Options(**asked)


def propose(  # noqa: PLR0913 - one argument a question
    workspace: "Workspace",
    plan: Plan,
    options: "Options",
    locks: Locks | None = None,
    progress: "Progress | None" = None,
    *,
    scheduler: str | None = None,
) -> "Result":
    """Return the best plan that respects the options and what is locked, with its proof.

    ``progress`` is told of each step; it may raise ``SearchCancelledError``. ``scheduler`` is the
    address of a Dask cluster to search on, instead of this machine.

    Raises
    ------
    InputError
        If the options contradict one another, or the plan, or the address is none.
    ExecutorError
        If the cluster cannot search.
    """
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    asked = replace(with_locks(plan, options, locks), weights=workspace.settings.weights)
    return optimize.propose(
        plan,
        workspace.times,
        asked,
        names=workspace.name,
        progress=progress,
        executor=_executor(scheduler),
    )


def frontier(  # noqa: PLR0913 - as `propose`
    workspace: "Workspace",
    plan: Plan,
    options: "Options",
    locks: Locks | None = None,
    progress: "Progress | None" = None,
    *,
    scheduler: str | None = None,
) -> "Frontier":
    """Return the best plan for each number of moves, up to the optimum; raises as `propose`."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    asked = replace(with_locks(plan, options, locks), weights=workspace.settings.weights)
    return optimize.frontier(
        plan,
        workspace.times,
        asked,
        names=workspace.name,
        progress=progress,
        executor=_executor(scheduler),
    )


def _executor(scheduler: str | None) -> "Executor | None":
    """Return where to search; ``None`` for this machine."""
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return None if scheduler is None else optimize.DaskCluster(scheduler)


def with_locks(plan: Plan, options: "Options", locks: Locks | None) -> "Options":
    """Return the options with what a scenario locks; a locked sector locks its zones."""
    if not locks:
        return options
    held = {kind: {key for k, key in locks.reasons if k == kind} for kind in (LYCEE, ZONE, SECTOR)}
    zones = held[ZONE] | {zone.id for zone in plan.zones if zone.sector in held[SECTOR]}
    return replace(
        options,
        locked_lycees=options.locked_lycees | held[LYCEE],
        locked_zones=options.locked_zones | zones,
    )
