"""The strip of key figures, which follows the selection."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from geozones.domain import Plan
from geozones.domain.french import minutes, number, signed
from geozones.ui.state import Selection
from geozones.workspace import Workspace


def key_figures(
    workspace: Workspace, plan: Plan, chosen: Selection, reference: Plan | None = None
) -> None:
    """Show the figures of what is selected; with ``reference``, the differences from that plan."""
    zone = chosen.zone if reference is None else None
    sector = chosen.sector if reference is None else None
    values = workspace.area(plan, sector, zone)
    before = None if reference is None else workspace.area(reference, sector, zone)
    zones = _zones(plan, sector, zone)
    alerts = len(workspace.check(plan, zones))
    alerts_before = None if reference is None else len(workspace.check(reference))
    note = workspace.peak_note
    low, high = workspace.settings.zone_min, workspace.settings.zone_max
    cards = [
        _first(plan, values, before, _scope(plan, sector, zone)),
        card("Zones de continuité", str(len(zones)), f"règle : {low} à {high} lycées"),
        card(
            f"Trajet moyen{note}" if note else "Trajet moyen entre collègues",
            minutes(values["mean_minutes"], 1),
            "dans une même zone",
            # the mean also moves because zones have more or fewer pairs: the objective judges
            change(gap(values, before, "mean_minutes"), judged=False),
        ),
        card(
            f"Plus long trajet{note}" if note else "Trajet le plus long",
            minutes(values["max_minutes"]),
            _names(workspace, values["worst_pair"], " – "),
            change(gap(values, before, "max_minutes")),
        ),
        card(
            f"Pire relève{note}" if note else "Relève la plus lente",
            minutes(values["worst_releve_minutes"]),
            _names(workspace, values["worst_releve"], " ← "),
            change(gap(values, before, "worst_releve_minutes")),
        ),
        card(
            "Alertes",
            str(alerts),
            f"seuil {minutes(workspace.settings.max_minutes)}",
            change(None if alerts_before is None else alerts - alerts_before, digits=0),
        ),
    ]
    where = escape(_scope(plan, sector, zone))
    st.html(
        f'<section class="gz-figures" tabindex="0" aria-label="Chiffres clés : {where}">'
        f"{''.join(cards)}</section>"
    )


def _first(
    plan: Plan, values: Mapping[str, Any], before: Mapping[str, Any] | None, scope: str
) -> str:
    """Count the lycées; in a trial, where their number never changes, give the objective."""
    if before is None:
        return card("Lycées", str(values["lycees"]), scope)
    told = change(gap(values, before, "objective"))
    return card("Objectif", number(values["objective"]), f"{len(plan.lycees)} lycées", told)


def _zones(plan: Plan, sector: str | None, zone: str | None) -> list[str]:
    if zone is not None:
        return [zone]
    entries = plan.zones if sector is None else plan.zones_of(sector)
    return [entry.id for entry in entries]


def _scope(plan: Plan, sector: str | None, zone: str | None) -> str:
    if zone is not None:
        return f"zone {plan.zone(zone).name}"
    return "toute la région" if sector is None else f"secteur {plan.sector(sector).name}"


def card(label: str, value: str, detail: str, told: str = "") -> str:
    """Return a figure: what it is, its value, a detail, how it changed."""
    return (
        f'<div class="gz-figure"><span class="gz-figure-label" title="{escape(label)}">'
        f"{escape(label)}</span>"
        f'<span class="gz-figure-value">{escape(value)} {told}</span>'
        f'<span class="gz-figure-detail" title="{escape(detail)}">{escape(detail)}</span></div>'
    )


def change(difference: float | None, *, digits: int = 1, judged: bool = True) -> str:
    """Say a difference from before, and whether it is better (lower) where that can be judged."""
    if difference is None:
        return ""
    text = signed(difference, digits)
    if text == "0":
        return '<span class="gz-change gz-same">inchangé</span>'
    if not judged:
        return f'<span class="gz-change gz-same">{text}</span>'
    kind, word = ("worse", "moins bien") if difference > 0 else ("better", "mieux")
    return f'<span class="gz-change gz-{kind}">{text} ({word})</span>'


def _names(workspace: Workspace, pair: object, link: str) -> str:
    if not isinstance(pair, tuple):
        return "—"
    return link.join(workspace.lycees[lycee].name for lycee in pair)


def gap(values: Mapping[str, Any], before: Mapping[str, Any] | None, key: str) -> float | None:
    """Return how far a figure is from what it was; ``None`` where either has none."""
    if before is None or values[key] is None or before[key] is None:
        return None
    return float(values[key]) - float(before[key])
