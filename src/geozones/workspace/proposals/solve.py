"""Solver calls: a planner's options, the best plans under them, their proof and robustness."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from geozones.common.errors import InputError
from geozones.common.french import NBSP, minutes, number, plural
from geozones.cost import HoursModel
from geozones.cost.parts_model import BestCentreModel
from geozones.domain import Plan
from geozones.domain.decisions import LYCEE, SECTOR, ZONE
from geozones.domain.proposal_conditions import Option, ProposalConditions
from geozones.domain.zone_costs import MEAN, REGRET, CostModel, MeanModel
from geozones.metrics import Robustness
from geozones.metrics.drive_draws import DRAWS
from geozones.workspace.plan_comparison import weigh_studies
from geozones.workspace.proposals.respected_rules import LEAST_POSTS, balance, with_rules
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Executor, Frontier, PartitionOptions, Result
    from geozones.optimize.result import Progress

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
    """Check that every drive between lycées that may share a zone is possible in every draw."""
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
    raise InputError(f"{' '.join(sentences)} Corrigez ces durées, ou cherchez sans les tirages.")


def _lost_way(study: Study, pair: tuple[str, str], lost: int, draws: int) -> str:
    first, second = pair
    low, high = study.times.interval_both_ways(first, second)
    return (
        f"Dans {plural(lost, 'tirage')} sur {draws}, le trajet entre {study.name(first)} et "
        f"{study.name(second)} ({minutes(study.times.both_ways[first][second])}, entre "
        f"{minutes(low)} et {minutes(high)}) dépasse une journée."
    )


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
    #: Way to search over draws (`robustness.WAYS`); ``None`` for a search on the figures as they
    #: are.
    robust: Annotated[
        str | None,
        Option(
            label="Tenir compte de l'incertitude",
            tooltip=WAYS_MEAN,
            help="le meilleur plan sur des tirages au sort : en moyenne, sur 200 (mean), ou du "
            "moindre regret, sur 20 (regret)",
            value="FAÇON",
            choices=WAYS,
            unset="non",
        ),
    ] = None

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
            "robust": self.robust or "",
        }
