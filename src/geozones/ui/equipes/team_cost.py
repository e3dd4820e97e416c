"""Yearly cost of the zones in view: total, by item, by sector and zone, in sentences."""

from collections.abc import Sequence
from math import isfinite

import htpy
import streamlit as st

from geozones.common.french import capital, number, plural
from geozones.domain.terms import terms, worded
from geozones.domain.yearly_cost import ItemCost, YearlyCost
from geozones.metrics.metric_inputs import whole_hours
from geozones.ui import state
from geozones.ui.state.page_views import TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import cost_hypotheses
from geozones.workspace.costs import ITEMS, item_label, kilometres
from geozones.workspace.study import Study
from geozones.workspace.teams.cost_summary import (
    beside_sentences,
    cost_sentences,
    hours_a_lycee,
    interval_sentences,
    sharing_sentences,
)
from geozones.workspace.teams.staff import Staff


def cost_part(staff: Staff) -> None:
    """Show the total cost of the area in view, its items, its zones, and the hypotheses."""
    study, view = staff.study, state.of(TeamView)
    cost = study.cost(sector=view.sector, zone=view.zone)
    zones = _zones(study, view.sector, view.zone)
    what = _name(study, view.sector, view.zone)
    html.show(
        html.note(
            worded(
                "Coût de l'organisation en une année scolaire : les heures de route des "
                "{proximity_technicians}, les ruptures ({a_site} resté{e_site} sans personne plus "
                "de jours que permis) et les besoins sans poste. Les {sector_technicians} sont "
                "compté{e_sector_technician}s à part."
            )
        )
    )
    sure = study.cost_interval(sector=view.sector, zone=view.zone)
    html.show(_strip(study, cost, what))
    sentences = [
        *beside_sentences(study, cost, zones),
        *interval_sentences(sure),
        *sharing_sentences(study, zones),
        *cost_sentences(study, zones),
    ]
    more = staff.more_posts_said(zones)
    if more:
        html.show(html.bullets(more, "gz-alerts"))
    if sentences:
        html.show(html.bullets(sentences, "gz-steps"))
    html.show(_items(study, cost, what))
    if view.zone is None:
        html.show(_areas(study, view.sector))
        with st.expander("Kilomètres de chaque zone", key="cout.kilometres"):
            html.show(_kilometres(study, view.sector, cost))
    cost_hypotheses(study)


def _strip(study: Study, cost: YearlyCost, what: str) -> htpy.Element:
    posts = "postes définis, en temps plein" if cost.defined else "d'après les besoins"
    days, whole = study.settings.teams.gap_days, _parts(cost)
    cards = [
        ("Coût annuel", _hours(cost.total_hours), _weighed(study)),
        ("Heures de route", whole["road_hours"], f"{_figure(cost.km)} km"),
        ("Ruptures", whole["rupture_hours"], f"au-delà de {plural(days, 'jour')}"),
        ("Besoins sans poste", whole["unstaffed_hours"], "au-delà des postes"),
        (worded("Sans {technician}"), _hours(cost.unattended_hours), "hors du coût"),
        ("Indemnités", f"{_figure(cost.euros)}\u00a0€", "kilométriques"),
        ("Émissions", f"{_figure(cost.kg_co2)}\u00a0kg", "de CO₂ équivalent"),
        (worded("{Proximity_technicians}"), number(cost.posts), posts),
    ]
    if cost.posts_euros is not None:
        cards.append(("Prix des postes", f"{number(cost.posts_euros)}\u00a0€", "hors du coût"))
    return html.figures(f"Coût annuel : {what}", cards)


def _weighed(study: Study) -> str:
    weight = study.settings.cost.lost_hour
    if weight == 1:
        return "route, ruptures, besoins sans poste"
    return f"route, ruptures × {_rate(weight)}, besoins sans poste"


def _items(study: Study, cost: YearlyCost, what: str) -> htpy.Element:
    """Return a table with a row per item, its formula under its name; items apart come last."""

    def row(key: str) -> Sequence[htpy.Node]:
        formula = htpy.small(".gz-printed")[ITEMS[key].formula]
        return (htpy.fragment[item_label(key), formula], *_cells(study, key, cost))

    total = (
        htpy.b["Total"],
        _hours(cost.road_hours),
        _hours(cost.total_hours - cost.road_hours),
        _figure(cost.km),
        _figure(cost.euros),
        _figure(cost.kg_co2),
    )
    rows = [
        *(row(key) for key, item in ITEMS.items() if not item.apart),
        total,
        *(row(key) for key, item in ITEMS.items() if item.apart),
    ]
    heads = ("Ce qui coûte", "Route", "Autres heures", "km", "Euros", "kg de CO₂")
    return html.table(
        f"D'où vient le coût, pour {what} (par an)",
        heads,
        rows,
        numeric=frozenset(range(1, 6)),
        stacks=True,
    )


def _cells(study: Study, key: str, cost: YearlyCost) -> tuple[str, ...]:
    item = cost.items.get(key, ItemCost())
    if cost.km_of(key) is None:
        return ("non renseigné", "—", "—", "—", "—")
    beside = item.weight * study.settings.teams.half_day_minutes / 60 * item.half_days
    rates = study.settings.cost
    return (
        _hours(item.road_hours) if item.km else "—",
        _hours(beside) if beside else "—",
        *(
            _figure(item.km * rate) if item.km else "—"
            for rate in (1.0, rates.euros_per_km, rates.kg_co2_per_km)
        ),
    )


def _areas(study: Study, sector: str | None) -> htpy.Element:
    """Return the sectors of the region with their zones, or the zones of a sector."""
    plan = study.plan
    rows: list[Sequence[htpy.Node] | htpy.Element] = []
    for entry in plan.sectors:
        if sector not in {None, entry.id} or not plan.lycees_of(entry.id):
            continue
        name = f"Secteur {entry.name} ({study.decisions.sector(entry.id).label})"
        rows.append(_row(htpy.b[name], study.cost(sector=entry.id)))
        rows += [
            _row(html.go(f"zone:{zone.id}", zone.name), study.cost(zone=zone.id))
            for zone in plan.zones_of(entry.id)
            if plan.members(zone.id)
        ]
    heads = (
        "",
        worded("{Sites}"),
        worded("{Proximity_technicians}"),
        "Coût annuel",
        "Route",
        "Ruptures",
        worded("Par {site}"),
    )
    return html.table(
        "Par secteur et par zone (heures par an)", heads, rows, numeric=frozenset(range(1, 7))
    )


def _kilometres(study: Study, sector: str | None, whole: YearlyCost) -> htpy.Element:
    """Return the kilometres of each item in each zone, each sector and the area in view."""
    plan, items = study.plan, kilometres(whole, whole)

    def row(name: htpy.Node, cost: YearlyCost) -> tuple[htpy.Node, ...]:
        cells = (kilometres(cost, whole)[key] for key in items)
        return (name, *map(_known_figure, cells), _figure(cost.km))

    rows: list[Sequence[htpy.Node] | htpy.Element] = []
    for entry in plan.sectors:
        if sector not in {None, entry.id} or not plan.lycees_of(entry.id):
            continue
        rows.append(row(htpy.b[f"Secteur {entry.name}"], study.cost(sector=entry.id)))
        rows += [
            row(zone.name, study.cost(zone=zone.id))
            for zone in plan.zones_of(entry.id)
            if plan.members(zone.id)
        ]
    if sector is None:
        rows.append(row(htpy.b[capital(terms().territory.the)], whole))
    heads = ("Secteur ou zone", *map(item_label, items), worded("Total, hors {sector_technicians}"))
    return html.table("Kilomètres par an", heads, rows, numeric=frozenset(range(1, len(heads))))


def _parts(cost: YearlyCost) -> dict[str, str]:
    """Write the parts of a cost in whole hours that add up to the total."""
    names = ("total_hours", "road_hours", "rupture_hours", "unstaffed_hours")
    values: dict[str, float] = {name: getattr(cost, name) for name in names}
    return {name: _hours(value) for name, value in {**values, **whole_hours(values)}.items()}


def _row(name: htpy.Node, cost: YearlyCost) -> tuple[htpy.Node, ...]:
    whole = _parts(cost)
    return (
        name,
        number(cost.lycees),
        number(cost.posts),
        _hours(cost.total_hours),
        whole["road_hours"],
        whole["rupture_hours"],
        _hours(hours_a_lycee(cost)),
    )


def _zones(study: Study, sector: str | None, zone: str | None) -> list[str]:
    if zone is not None:
        return [zone]
    entries = study.plan.zones if sector is None else study.plan.zones_of(sector)
    return [entry.id for entry in entries if study.plan.members(entry.id)]


def _name(study: Study, sector: str | None, zone: str | None) -> str:
    if zone is not None:
        return f"la zone {study.plan.zone(zone).name}"
    return (
        terms().territory.the if sector is None else f"le secteur {study.plan.sector(sector).name}"
    )


def _hours(value: float) -> str:
    return f"{number(value)}\u00a0h" if isfinite(value) else "sans accès"


def _figure(value: float) -> str:
    return number(value) if isfinite(value) else "sans accès"


def _known_figure(value: float | None) -> str:
    return "non renseigné" if value is None else _figure(value)


def _rate(value: float) -> str:
    return number(value, 3).rstrip("0").rstrip(",")
