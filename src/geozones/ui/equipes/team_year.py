"""Part « Année »: figures of the zones in view, their yearly cost, three hypotheses."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import isfinite

import htpy
import streamlit as st

from geozones.common.french import number
from geozones.domain.settings import HYPOTHESIS_BOUNDS
from geozones.domain.terms import terms, worded
from geozones.domain.yearly_cost import ItemCost, YearlyCost
from geozones.metrics.judgement import rate_text
from geozones.metrics.metric import HOURS, KILOMETRES, MetricPlace
from geozones.ui import state
from geozones.ui.feature_parts import team_parts
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.page_views import TeamView
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import key_figures
from geozones.ui.widgets.option_fields import cost_hypotheses, restore
from geozones.ui.widgets.retained import OTHERS, retained_lines, usual_settings
from geozones.workspace.costs import item_label, shown_items
from geozones.workspace.plan_comparison import rate_note
from geozones.workspace.study import Study
from geozones.workspace.teams.cost_summary import (
    beside_sentences,
    cost_sentences,
    hours_a_lycee,
    interval_sentences,
    sharing_sentences,
)
from geozones.workspace.teams.staff import Staff

#: Euros of a year, and a figure whose column says its unit.
_EUROS, _BARE = replace(KILOMETRES, suffix="€"), replace(KILOMETRES, suffix="")


def year_part(staff: Staff) -> None:
    """Show the figures of the area in view, what a year costs by item and zone, the hypotheses."""
    study, view = staff.study, state.of(TeamView)
    cost = study.cost(sector_id=view.sector, zone_id=view.zone)
    zones = [zone for zone in view.zones(study.plan) if study.plan.members(zone)]
    what = _name(study, view.sector, view.zone)
    key_figures(study, view.sector, view.zone, place=MetricPlace.HEADLINE)
    html.show(_money(cost, what))
    more = staff.more_posts_said(zones)
    if more:
        html.show(html.bullets(more, "gz-alerts"))
    sentences = [
        *beside_sentences(study, cost, zones),
        *interval_sentences(study.cost_interval(sector_id=view.sector, zone_id=view.zone)),
        *sharing_sentences(study, zones),
        *cost_sentences(study, zones),
    ]
    if sentences:
        html.show(html.bullets(sentences, "gz-steps"))
    html.show(_items(study, cost, what))
    if view.zone is None:
        html.show(_areas(study, view.sector))
    _hypotheses(study)
    for part in team_parts():
        if not part.offered():
            part.invite()


def _money(cost: YearlyCost, what: str) -> htpy.Element:
    """Return the yearly cost in hours, its kilometres, and what these and posts cost in euros."""
    cards = [
        ("Coût annuel", HOURS.write(cost.total_hours), _at_rate(cost)),
        ("Kilomètres", KILOMETRES.write(cost.km), "par an"),
        ("Indemnités", _EUROS.write(cost.euros), "kilométriques"),
    ]
    if cost.posts_euros is not None:
        cards.append(("Prix des postes", _EUROS.write(cost.posts_euros), "hors du coût"))
    return html.figures(f"Coût annuel : {what}", cards)


def _at_rate(cost: YearlyCost) -> str:
    rate = cost.settings.cost.absence_weight
    note = rate_note(rate) or f"taux de {rate_text(rate)}"
    return worded("route, et heures sans {technician} : ") + note


def _items(study: Study, cost: YearlyCost, what: str) -> htpy.Element:
    """Return a table with a row per item; items apart come last."""

    def row(key: str) -> Sequence[htpy.Node]:
        return (item_label(key), *_cells(study, key, cost))

    total = (
        htpy.b["Total"],
        HOURS.write(cost.road_hours),
        HOURS.write(cost.total_hours - cost.road_hours if isfinite(cost.km) else cost.km),
        _BARE.write(cost.km),
        _BARE.write(cost.euros),
    )
    rows = [
        *(row(key) for key, item in shown_items().items() if not item.apart),
        total,
        *(row(key) for key, item in shown_items().items() if item.apart),
    ]
    heads = ("Ce qui coûte", "Route", "Autres heures", "km", "Euros")
    return html.table(
        f"D'où vient le coût, pour {what} (par an)",
        heads,
        rows,
        numeric=frozenset(range(1, 5)),
        stacks=True,
    )


def _cells(study: Study, key: str, cost: YearlyCost) -> tuple[str, ...]:
    item = cost.items.get(key, ItemCost())
    if cost.km_of(key) is None:
        return ("non renseigné", "—", "—", "—")
    beside = item.weight * study.settings.teams.half_day_minutes / 60 * item.half_days
    rate = study.settings.cost.euros_per_km
    return (
        HOURS.write(item.road_hours) if item.km else "—",
        HOURS.write(beside) if beside else "—",
        _BARE.write(item.km) if item.km else "—",
        _BARE.write(item.km * rate) if item.km else "—",
    )


def _areas(study: Study, sector: str | None) -> htpy.Element:
    """Return the sectors of the region with their zones, or the zones of a sector."""
    plan = study.plan
    rows: list[Sequence[htpy.Node] | htpy.Element] = []
    for entry in plan.sectors:
        if sector not in {None, entry.id} or not plan.lycees_of(entry.id):
            continue
        name = f"Secteur {entry.name} ({study.decisions.sector(entry.id).label})"
        rows.append(_row(htpy.b[name], study.cost(sector_id=entry.id)))
        rows += [
            _row(html.go(f"zone:{zone.id}", zone.name), study.cost(zone_id=zone.id))
            for zone in plan.zones_of(entry.id)
            if plan.members(zone.id)
        ]
    heads = (
        "",
        worded("{Sites}"),
        "Postes",
        "Route",
        worded("Sans {technician}"),
        "km",
        "Euros",
        worded("Coût par {site}"),
    )
    return html.table(
        "Par secteur et par zone, en une année", heads, rows, numeric=frozenset(range(1, 8))
    )


def _row(name: htpy.Node, cost: YearlyCost) -> tuple[htpy.Node, ...]:
    return (
        name,
        number(cost.lycees),
        number(cost.posts),
        HOURS.write(cost.road_hours),
        HOURS.write(cost.unattended_hours),
        _BARE.write(cost.km),
        _BARE.write(cost.euros),
        HOURS.write(hours_a_lycee(cost)),
    )


def _name(study: Study, sector: str | None, zone: str | None) -> str:
    if zone is not None:
        return f"la zone {study.plan.zone(zone).name}"
    return (
        terms().territory.the if sector is None else f"le secteur {study.plan.sector(sector).name}"
    )


_RATE = "equipes.hypothese.absence_rate"
_RATE_SOURCE = (
    "Maladie ordinaire des agents territoriaux : 4,8 % en 2019. Toutes les absences pour raison de "
    "santé, longues maladies et maternité comprises : 9,8 % (Panorama Sofaxis, novembre 2020). "
    "Essayez 8 ou 9 % pour compter aussi les longues absences."
)


def _hypotheses(study: Study) -> None:
    """Let the user change the three hypotheses that move these figures most, for this session."""
    with st.expander("Hypothèses", key="annee.hypotheses"):
        st.caption(
            "Ce sont des hypothèses de l'outil, à régler ensemble. Elles valent pour toutes les "
            "pages de cette session."
        )
        low, high = (round(100 * bound) for bound in HYPOTHESIS_BOUNDS["absence_rate"])
        usual = usual_settings().teams.absence_rate
        rate, usual = (round(100 * value) for value in (study.settings.teams.absence_rate, usual))
        value_side, back_side = st.columns([1.9, 1], vertical_alignment="bottom")
        state.BoundValue(_RATE, rate, _set_rate).draw(
            value_side.number_input, "Taux d'absence (%)", low, high, step=1, help=_RATE_SOURCE
        )
        with back_side:
            restore(_RATE, str(usual), partial(_set_rate, None), changed=rate != usual)
        retained_lines("absence_rate")
        cost_hypotheses(study)
        retained_lines(*OTHERS)


def _set_rate(percent: int | None) -> None:
    """Set the rate for this session; ``None`` takes the session's own away."""
    usual = default_analysis().settings.teams
    teams = state.of(HypothesesView).teams or usual
    rate = usual.absence_rate if percent is None else percent / 100
    state.update(HypothesesView, teams=replace(teams, absence_rate=rate))
