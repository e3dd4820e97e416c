"""The figures of teams, where a scenario has posts: a strip under the key figures."""

from html import escape

import streamlit as st

from geozones.domain import Plan
from geozones.domain.french import minutes, number
from geozones.ui.components.figures import card, change, gap
from geozones.workspace import Workspace

_NONE = "non renseigné"


def team_figures(
    workspace: Workspace, plan: Plan, sector: str | None, zone: str | None, base: Plan | None = None
) -> None:
    """Show them for what is selected, with the differences from ``base``; nothing without posts."""
    if not workspace.teams.posts:
        return
    values = workspace.area(plan, sector, zone)
    before = None if base is None else workspace.area(base, sector, zone)
    near = minutes(workspace.settings.teams.near_minutes)
    cards = []
    for key, label, detail, kind in (
        ("posts", "Postes de T.I.P.", "de ce scénario", "count"),
        ("unmet", "Besoins sans poste", "demi-journées par semaine", "count"),
        ("cover_median_minutes", "Délai médian de relève", "une absence", "minutes"),
        ("cover_near_share", f"Relèves en moins de {near}", "une absence", "share"),
        ("uncovered", "Sans personne", "demi-journées, une absence", "count"),
        ("pair_uncovered", "Sans personne", "demi-journées, deux absences", "count"),
    ):
        moved = gap(values, before, key)
        better_up = kind == "share"
        told = change(-moved if better_up and moved is not None else moved, digits=0)
        if key == "posts":
            told = ""
        cards.append(card(label, _written(values[key], kind), detail, told))
    st.html(
        '<section class="gz-figures gz-teams" tabindex="0" aria-label="Chiffres des équipes">'
        f"{''.join(cards)}</section>"
    )


def _written(value: object, kind: str) -> str:
    if not isinstance(value, (int, float)):
        return escape(_NONE)
    if kind == "minutes":
        return "personne" if value == float("inf") else minutes(value)
    return f"{number(value)} %" if kind == "share" else number(value)
