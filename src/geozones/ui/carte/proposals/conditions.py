"""Form of a proposal: scope, constraints and search, in plain French."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain import Sector
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.state.proposal_views import Demand, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.cost_hypotheses import draw_fields
from geozones.ui.widgets.job_card import begin_job
from geozones.ui.widgets.option_fields import (
    choice_field,
    option_of,
    range_field,
    refusal_field,
    several_field,
    steps_field,
)
from geozones.workspace.proposals.respected_rules import rules_offered
from geozones.workspace.proposals.search import PlanRequest, plan_job
from geozones.workspace.proposals.solve import options_of
from geozones.workspace.rankings import HOURS
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_KEY = "propositions."
_BALANCE = (
    "Les {proximity_technicians} d'une zone : ses besoins divisés par 10 demi-journées (un temps "
    "plein), arrondis à l'entier supérieur. Les {sizes} d'un secteur ne changent que si {a_site} "
    "peut changer de secteur ; {a_site} dont le nombre {of_plural_size} n'est pas connu n'en "
    "compte aucun{e_size}."
)
_RULES = "Les zones modifiées respectent ces règles ; les autres peuvent y déroger."
#: Most zones more or fewer than now that may be asked for.
_NEAR = 6


def demand_form(study: Study, work: Work) -> None:
    """Draw the form: what may change and what must hold."""
    plan = work.plan
    choice_field(Demand, "objective")
    if state.of(Demand).objective == HOURS:
        draw_fields(study)
    names = {sector.id: _sector_name(study, sector) for sector in plan.sectors}
    several_field(Demand, "sectors", names, zone_count=None)
    steps_field(Demand, "max_moves")
    range_field(Demand, "size_min", "size_max")
    _rules(current_scenario.study())  # always the current scenario, whichever plan the map shows
    steps_field(Demand, "max_minutes")
    refusal_field(Demand, "change_sector")
    with st.expander("Équilibre"):
        range_field(Demand, "min_posts", "max_posts")
        range_field(Demand, "min_pupils", "max_pupils")
        html.show(html.note(worded(_BALANCE)))
    with st.expander("Plus d'options"):
        _more(study)
    locks = len(work.state.locks.reasons)
    if locks:
        html.show(html.note(f"{plural(locks, 'verrou')} du scénario : respectés."))


def options(study: Study) -> Mapping[str, Any]:
    """Return the form's values for a study as fields of the search's options."""
    return state.of(Demand).solver_options(study)


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
        state.update(ProposalView, aside=frozenset(), looked=())


def redraw(sector: str) -> None:
    """Search the best zones of one sector, whatever its zones are now."""
    state.update(Demand, sectors=(sector,), max_moves=None, zone_count=None)
    search_now()


def _sector_name(study: Study, sector: Sector) -> str:
    return f"{sector.name} ({study.decisions.sector(sector.id).label})"


def _rules(study: Study) -> None:
    """Let the user lift rules that new zones must otherwise respect."""
    asked = state.of(Demand)
    offered = rules_offered(study, asked.sectors, asked.size_max, change_sector=asked.change_sector)
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
    option = option_of(Demand, "zone_count")
    names = {None: option.unset, count: f"{count}, comme aujourd'hui"}
    state.bound(Demand, "zone_count").draw(
        st.selectbox,
        option.label,
        near,
        format_func=lambda value: names.get(value, str(value)),
    )
    choice_field(Demand, "robust")
    several_field(Demand, "locked_zones", zones)
    several_field(Demand, "locked_lycees", lycees)
    _pairs(study, lycees)
    steps_field(Demand, "time_limit")


def _pairs(study: Study, lycees: Mapping[str, str]) -> None:
    """Let the user keep pairs of lycées together, or apart."""
    picked = chooser(
        worded("Deux {sites} à garder ensemble, ou à séparer"),
        lycees,
        state.bound(Demand, "pair"),
        st.multiselect,
        max_selections=2,
        placeholder=worded("Choisir deux {sites}"),
    )
    with st.container(horizontal=True):
        for field in ("together", "apart"):
            st.button(
                option_of(Demand, field).label,
                key=f"{_KEY}{field}",
                disabled=len(picked) != 2,
                on_click=_add_pair,
                args=(field,),
            )
    for field in ("together", "apart"):
        label = option_of(Demand, field).label.lower()
        for rank, pair in enumerate(getattr(state.of(Demand), field)):
            names = listing([study.name(lycee) for lycee in pair])
            st.button(
                html.unmarked(f"{names} : {label}"),
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
