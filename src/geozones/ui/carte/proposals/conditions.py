"""Form of a proposal: scope, constraints and search, in plain French."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain import Sector
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.balance_fields import asked_balance, balance_fields
from geozones.ui.state.proposal_views import Demand, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.cost_hypotheses import draw_fields
from geozones.ui.widgets.job_card import begin_job
from geozones.workspace.proposals.respected_rules import rules_offered
from geozones.workspace.proposals.robustness import WAYS, WAYS_MEAN
from geozones.workspace.proposals.search import PlanRequest, plan_job
from geozones.workspace.proposals.solve import options_of
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_KEY = "propositions."
_OBJECTIVES = {
    HOURS: "le moins d'heures par an, de route et de service perdues",
    DRIVES: "les trajets entre collègues les plus courts",
}
_CAPS = (*range(20, 95, 5), None)
_MOVES = (*range(11), 12, 15, 20, 30, None)
_SECONDS = (10, 30, 60, 120, 300)
_SIZES = (1, 8)
_RULES = (
    "Une proposition respecte ces règles dans ce qu'elle change ; une zone d'aujourd'hui peut "
    "rester comme elle est."
)
#: Most zones more or fewer than now that may be asked for.
_NEAR = 6


def demand_form(study: Study, work: Work) -> None:
    """Draw the form: what may change and what must hold."""
    plan = work.plan
    state.bound(Demand, "objective").draw(
        st.selectbox, "Chercher", list(_OBJECTIVES), format_func=_OBJECTIVES.__getitem__
    )
    if state.of(Demand).objective == HOURS:
        draw_fields(study)
    names = {sector.id: _sector_name(study, sector) for sector in plan.sectors}
    _chosen(
        "Secteurs à revoir (aucun : toute la région)",
        "sectors",
        names,
        "Toute la région",
        zones=None,
    )
    _choice("Déplacements au plus", "moves", _MOVES, {None: "autant qu'il faut"})
    state.bound(Demand, "size").draw(st.slider, "Lycées par zone", *_SIZES)
    _rules(current_scenario.study())  # always the current scenario, whichever plan the map shows
    _choice(
        "Aucun trajet plus long, dans une zone, que",
        "cap",
        _CAPS,
        {None: "pas d'autre plafond"} | {cap: f"{cap} min" for cap in _CAPS if cap},
    )
    state.bound(Demand, "stay").draw(st.toggle, "Chaque lycée reste dans son secteur")
    with st.expander("Équilibre", icon=":material/balance:"):
        balance_fields()
    with st.expander("Plus d'options", icon=":material/tune:"):
        _more(study)
    locks = len(work.state.locks.reasons)
    if locks:
        html.show(html.note(f"{plural(locks, 'verrou')} du scénario : respectés."))


def options(study: Study) -> Mapping[str, Any]:
    """Return the form's values for a study as fields of the search's options."""
    asked, plan = state.of(Demand), study.plan
    return {
        **asked_balance(study),
        "sectors": frozenset(asked.sectors),
        "change_sector": not asked.stay,
        "size_min": asked.size[0],
        "size_max": asked.size[1],
        "max_minutes": None if asked.cap is None else float(asked.cap),
        "max_moves": asked.moves,
        "zone_count": asked.zones,
        "locked_lycees": frozenset(asked.held_lycees) & set(plan.lycees),
        "locked_zones": frozenset(asked.held_zones) & {zone.id for zone in plan.zones},
        "together": frozenset(asked.together),
        "apart": frozenset(asked.apart),
        "time_limit": float(asked.seconds),
        "without": frozenset(asked.without),
        "robust": asked.robust,
    }


def plan_request(*, required: bool = False) -> PlanRequest:
    """Return the request of a search on the plan of the session's scenario, as the form asks.

    Raises
    ------
    InputError
        If the options contradict one another; if ``required``, or the plan.
    """
    study = current_scenario.study()
    asked = options_of(**options(study))
    if required:
        asked.require(study.plan)
    return PlanRequest(study, asked, state.of(Demand).objective)


def search_now() -> None:
    """Start a search on the plan of the session's scenario."""
    if begin_job(ProposalView, lambda: plan_job(plan_request(required=True))):
        state.update(ProposalView, moves=None, after=True, opened=None)


def redraw(sector: str) -> None:
    """Search the best zones of one sector, whatever its zones are now."""
    state.update(Demand, sectors=(sector,), moves=None, zones=None)
    search_now()


def _sector_name(study: Study, sector: Sector) -> str:
    return f"{sector.name} ({study.decisions.sector(sector.id).label})"


def _chosen(
    label: str, field: str, names: Mapping[str, str], placeholder: str, **also: object
) -> None:
    """Draw a choice of several items; items that no longer exist are dropped.

    ``also`` are fields of the form that a change resets.
    """

    def take(chosen: tuple[str, ...]) -> None:
        state.update(Demand, **{field: chosen}, **also)

    chooser(
        label,
        names,
        state.bound(Demand, field, then=take),
        st.multiselect,
        placeholder=placeholder,
    )


def _choice(
    label: str, field: str, values: Sequence[int | None], names: Mapping[int | None, str]
) -> None:
    state.bound(Demand, field).draw(
        st.select_slider, label, values, format_func=lambda value: names.get(value, str(value))
    )


def _rules(study: Study) -> None:
    """Let the user lift rules that new zones must otherwise respect."""
    asked = state.of(Demand)
    offered = rules_offered(study, asked.sectors, asked.size[1], change_sector=not asked.stay)
    if offered:
        html.show(html.note(_RULES))
    for rule, label in offered.items():
        kept = state.BoundValue(
            f"Demand.without.{rule}", rule not in asked.without, partial(_keep, rule)
        )
        kept.draw(st.toggle, f"{label[0].upper()}{label[1:]}")


def _keep(rule: str, kept: bool) -> None:  # noqa: FBT001 - written by a toggle
    lifted = set(state.of(Demand).without)
    state.update(Demand, without=tuple(sorted(lifted - {rule} if kept else lifted | {rule})))


def _more(study: Study) -> None:
    plan = study.plan
    asked = state.of(Demand)
    scope = asked.sectors or tuple(sector.id for sector in plan.sectors)
    zones = {zone.id: zone.name for sector in scope for zone in plan.zones_of(sector)}
    lycees = {key: study.name(key) for zone in zones for key in plan.members(zone)}
    count = sum(1 for zone in zones if plan.members(zone))
    near = [None, *range(max(count - _NEAR, 1), count + _NEAR + 1)]
    names = {None: "libre", count: f"{count}, comme aujourd'hui"}
    state.bound(Demand, "zones").draw(
        st.selectbox,
        "Nombre de zones",
        near,
        format_func=lambda value: names.get(value, str(value)),
    )
    state.bound(Demand, "robust").draw(
        st.selectbox,
        "Tenir compte de l'incertitude",
        list(WAYS),
        format_func=WAYS.__getitem__,
        help=WAYS_MEAN,
    )
    _chosen("Zones à ne pas toucher", "held_zones", zones, "Aucune")
    _chosen("Lycées qui restent dans leur zone", "held_lycees", lycees, "Aucun")
    _pairs(study, lycees)
    _choice(
        "Temps de recherche",
        "seconds",
        _SECONDS,
        {seconds: f"{seconds} s" for seconds in _SECONDS},
    )


def _pairs(study: Study, lycees: Mapping[str, str]) -> None:
    """Let the user keep pairs of lycées together, or apart."""
    picked = chooser(
        "Deux lycées à garder ensemble, ou à séparer",
        lycees,
        state.bound(Demand, "pair"),
        st.multiselect,
        max_selections=2,
        placeholder="Choisir deux lycées",
    )
    with st.container(horizontal=True):
        for field, label in (("together", "Ensemble"), ("apart", "Séparés")):
            st.button(
                label,
                key=f"{_KEY}{field}",
                disabled=len(picked) != 2,
                on_click=_add_pair,
                args=(field,),
            )
    for field, said in (("together", "ensemble"), ("apart", "séparés")):
        for rank, pair in enumerate(getattr(state.of(Demand), field)):
            names = listing([study.name(lycee) for lycee in pair])
            st.button(
                html.unmarked(f"{names} : {said}"),
                icon=":material/close:",
                type="tertiary",
                key=f"{_KEY}{field}.{rank}",
                help="Retirer cette condition",
                on_click=_drop_pair,
                args=(field, pair),
            )


def _add_pair(field: str) -> None:
    first, second = sorted(state.of(Demand).pair)
    pairs = dict.fromkeys((*getattr(state.of(Demand), field), (first, second)))
    state.update(Demand, **{field: tuple(pairs)}, pair=())


def _drop_pair(field: str, pair: tuple[str, str]) -> None:
    state.update(Demand, **{field: tuple(p for p in getattr(state.of(Demand), field) if p != pair)})
