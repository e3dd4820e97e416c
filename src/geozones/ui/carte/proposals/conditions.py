"""Form of a proposal: scope, constraints and search, and « Meilleur centre support »."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.french import listing, number, plural
from geozones.domain import Sector
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import CentresView, Demand, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.ui.widgets.option_fields import (
    choice_field,
    chooser,
    draw_fields,
    option_of,
    range_field,
    refusal_field,
    several_field,
    steps_field,
)
from geozones.workspace.proposals.centres import BestCentre, BestCentres, centres_job
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
    """Return the request of a search on the plan of the session's scenario, as the form asks."""
    study = current_scenario.study()
    asked = options_of(**options(study))
    if required:
        asked.require(study.plan)
    return PlanRequest(study, asked, state.of(Demand).objective)


def search_now() -> None:
    """Start a search on the plan of the session's scenario."""
    if begin_job(ProposalView, lambda: plan_job(plan_request(required=True))):
        state.update(ProposalView, moves=None, after=True)
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


_DECISION = (
    "{The_support_centre} d'un secteur est une décision {of_the_organisation}. L'outil calcule "
    "le gain d'un autre choix, en heures de route des {sector_technicians}, avec les meilleures "
    "zones."
)
_BEST = "Meilleur{e_support_centre}s {support_centres}"
_PROVEN = "Prouvé : sous vos conditions, aucun autre choix, zones comprises, ne fait mieux."


def centres_button() -> None:
    """Offer to search the best support centres of the sectors in the form."""
    st.button(
        worded(_BEST),
        icon=":material/home_work:",
        key="propositions.centres",
        on_click=_ask,
        width="stretch",
    )


def centres_card(study: Study) -> None:
    """Show the best centres found; ``study`` is the study of the current scenario."""
    job = state.of(CentresView).job
    if job is None:
        return
    with st.container(key="gz-centres"):
        html.show(htpy.h3[worded(_BEST)])
        job_card(
            job,
            worded("Recherche des meilleur{e_support_centre}s {support_centres}"),
            lambda found: _found(study, job.asked.study, found),
            StopButton("Arrêter", "centres.arreter", partial(drop_job, CentresView)),
        )


def _found(study: Study, searched: Study, found: BestCentres) -> None:
    """Show the centres found from a study, and offer those that the current one has not."""
    html.show(html.note(worded(_DECISION)))
    for one in found.sectors:
        with st.container(gap="xxsmall"):
            html.show(_line(searched, one))
            chosen = study.plan.sector(one.sector).support_centre if _has(study, one) else one.best
            if chosen != one.best:
                st.button(
                    html.unmarked(f"Retenir {searched.name(one.best)} dans le scénario"),
                    key=f"centres.retenir.{one.sector}",
                    on_click=_retain,
                    args=(one,),
                )
    gap = number(max(found.hours - found.bound, 0), 1)
    unsure = (
        f"Pas encore prouvé : d'autres choix feraient gagner {gap} h de plus par an, au maximum."
    )
    html.show(html.sentence(htpy.strong[_PROVEN if found.proven else unsure]))
    st.button("Fermer", key="centres.fermer", on_click=drop_job, args=(CentresView,))


def _has(study: Study, one: BestCentre) -> bool:
    sectors = {sector.id for sector in study.plan.sectors}
    return one.sector in sectors and study.plan.zone_by_lycee.get(one.best) is not None


def _line(study: Study, one: BestCentre) -> htpy.Element:
    """Return the line of a sector: its best centre, the gain, the next best ones."""
    name, best = study.plan.sector(one.sector).name, study.name(one.best)
    others = [(lycee, hours) for lycee, hours in one.ranking if lycee != one.best][:2]
    then = [f"{study.name(lycee)} (+{number(hours, 1)} h)" for lycee, hours in others]
    return htpy.p(".gz-step")[
        htpy.b[name],
        f" : {best}",
        htpy.small(class_="gz-better" if (one.hours or 0) > 0 else "gz-same")[_gain(study, one)],
        htpy.small(".gz-same")[f"Ensuite : {', '.join(then)}."] if then else None,
    ]


def _gain(study: Study, one: BestCentre) -> str:
    if one.now == one.best:
        return f"C'est {terms().support_centre.the} d'aujourd'hui."
    if one.now is None or one.hours is None or one.km is None:
        return worded("{No_support_centre} n'est publié{e_support_centre} pour ce secteur.")
    hours, km = number(one.hours, 1), number(one.km)
    return f"Au lieu de {study.name(one.now)} : {hours} h et {km} km par an de moins."


def _ask() -> None:
    begin_job(CentresView, lambda: centres_job(plan_request()))


def _retain(one: BestCentre) -> None:
    """Make a lycée the support centre of its sector in the scenario; undo reverts it."""
    changes = {"support_centre": one.best}
    if current_scenario.record("edit_sector", {"sector": one.sector, "changes": changes}):
        done = worded(
            "{Support_centre} retenu{e_support_centre} dans le scénario ; la décision revient "
            "{to_the_organisation}."
        )
        state.notify("ok", done)
