"""Where a lycée could go, what that would change, and the moves made so far."""

from collections.abc import Callable
from html import escape

import streamlit as st

from geozones.domain import Plan
from geozones.domain.french import listing, minutes, plural, signed
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.ui.components.chooser import chooser
from geozones.workspace import (
    Compensation,
    Destination,
    MoveEffect,
    Work,
    Workspace,
    effect_of_moves,
)

_BEST = 8
#: The widget of the reason of a move.
WHY = "atelier.pourquoi"


def notice_box() -> None:
    """Show the last message: what a move did, or why it was refused.

    Its place is always there: what is typed below would be lost where it came and went.
    """
    message = state.notice()
    with st.container(key="gz-notice-box"):
        if message is not None:
            role = "alert" if message.kind == "error" else "status"
            said = escape(message.text)
            st.html(f'<p class="gz-notice gz-{message.kind}" role="{role}">{said}</p>')


def choice(
    workspace: Workspace,
    work: Work,
    chosen: state.Selection,
    make_move: Callable[[Workspace, str, str], None],
) -> None:
    """Rank the zones that the chosen lycée could join, and show what the one aimed at costs."""
    plan, lycee, locks = work.plan, chosen.lycee, work.state.locks
    if lycee is None:
        return
    ranked = {entry.zone: entry for entry in workspace.destinations(plan, lycee, locks)}
    chooser(
        "Zone d'arrivée, de la meilleure à la moins bonne",
        {zone: _line(plan, entry) for zone, entry in ranked.items()},
        chosen.target,
        lambda zone: state.select(target=zone),
        key="atelier.cible",
        placeholder="Choisir, ou cliquer la zone sur la carte",
    )
    if chosen.target is None or chosen.target not in ranked:
        _rankings(plan, list(ranked.values()), workspace.peak_note)
        return
    effect = workspace.preview(plan, lycee, chosen.target, locks)
    st.text_input("Pourquoi (facultatif)", key=WHY, max_chars=300)
    st.button(
        f"Déplacer vers {plan.zone(chosen.target).name}",
        type="primary",
        icon=":material/arrow_forward:",
        disabled=not effect.verdict.allowed,
        on_click=make_move,
        args=(workspace, lycee, chosen.target),
        key="atelier.deplacer",
        width="stretch",
    )
    st.html(_effect(plan, effect, workspace.peak_note))
    back = workspace.compensation(plan, lycee, chosen.target, locks)
    if effect.verdict.allowed and back is not None:
        _take_back(workspace, plan, effect, back)


def _take_back(workspace: Workspace, plan: Plan, effect: MoveEffect, back: Compensation) -> None:
    """Offer the lycée to take back where the move leaves its zone too small."""
    moves = {effect.lycee: effect.target, back.lycee: back.target}
    name, origin = workspace.name(back.lycee), plan.zone(effect.origin)
    left = plural(len(plan.members(origin.id)) - 1, "lycée")
    said = (
        f"{origin.name} n'aurait plus que {left}. Le meilleur à lui donner : {name}, de "
        f"{plan.zone(back.origin).name}. Les deux ensemble : objectif "
        f"{signed(back.delta_objective)}."
    )
    st.html(
        f'<article class="gz-card"><p class="gz-sentence">{escape(said)}</p>'
        f"{html.bullets(effect_of_moves(workspace, plan, moves), 'gz-steps')}</article>"
    )
    st.button(
        f"Déplacer, et reprendre {workspace.lycees[back.lycee].name}",
        icon=":material/swap_horiz:",
        on_click=_move_both,
        args=(workspace, moves),
        key="atelier.reprendre",
        width="stretch",
    )


def _move_both(workspace: Workspace, moves: dict[str, str]) -> None:
    """Make both moves as one change, which one undo takes back."""
    why = str(state.widget(WHY) or "")
    if desk.record(workspace, "move", {"moves": moves}, why):
        state.put(WHY, "")
        state.select(target=None)
        zones = desk.current(workspace).plan.zone
        said = [f"{workspace.name(lycee)} → {zones(zone).name}" for lycee, zone in moves.items()]
        state.notify("ok", f"{listing(said)}.")


def _line(plan: Plan, entry: Destination) -> str:
    zone = plan.zone(entry.zone)
    if not entry.allowed:
        return f"{zone.name} · interdit"
    return f"{zone.name} · {_gap(entry.delta_mean_minutes)} en moyenne"


def _gap(value: float | None) -> str:
    return "—" if value is None else f"{signed(value)} min"


def _rankings(plan: Plan, ranked: list[Destination], note: str) -> None:
    """Show the best zones, and all of them when asked: a long table slows each gesture down."""
    st.html(_ranking(plan, ranked[:_BEST], note))
    box = st.expander(
        f"Les {len(ranked)} zones classées",
        icon=":material/table:",
        key="atelier.classement",
        on_change="rerun",
    )
    if box.open:
        box.html(_ranking(plan, ranked, note))


def _ranking(plan: Plan, ranked: list[Destination], note: str) -> str:
    rows = [
        (
            plan.zone(entry.zone).name,
            _gap(entry.delta_mean_minutes),
            _gap(entry.delta_max_minutes),
            "interdit"
            if not entry.allowed
            else plural(len(entry.verdict.introduced), "alerte")
            if entry.verdict.introduced
            else "aucune",
        )
        for entry in ranked
    ]
    heads = ("Zone", "Moyenne", "Plus long", "Alertes créées")
    return html.table(
        f"Effet sur les deux zones touchées, la meilleure d'abord{note}",
        heads,
        rows,
        numeric=frozenset({1, 2, 3}),
    )


def _effect(plan: Plan, effect: MoveEffect, note: str) -> str:
    sides = [
        (plan.zone(zone).name, before, after) for zone, (before, after) in effect.zones.items()
    ]
    sides.append(("Région", *effect.region))
    rows = [
        (
            name,
            _count(before["lycees"], after["lycees"]),
            _change(before["mean_minutes"], after["mean_minutes"]),
            _change(before["max_minutes"], after["max_minutes"]),
        )
        for name, before, after in sides
    ]
    heads = (f"Avant → après{note}", "Lycées", "Trajet moyen", "Plus long")
    reasons = html.bullets(effect.verdict.reasons, "gz-alerts") if effect.verdict.reasons else ""
    solved = [f"Levée : {breach.message}" for breach in effect.verdict.resolved]
    return (
        f'<article class="gz-card"><p class="gz-sentence">{escape(effect.sentence)}</p>'
        + html.table("Avant et après", heads, rows, hidden_caption=True)
        + reasons
        + (html.bullets(solved, "gz-solved") if solved else "")
        + "</article>"
    )


def _count(before: object, after: object) -> str:
    return f"{before} → {after}" if before != after else f"{after}"


def _change(before: object, after: object) -> str:
    start, end = minutes(before), minutes(after)
    return f"{start.removesuffix('min').strip()} → {end}" if start != end else end
