"""The moves of a proposal: what each brings, and accepting them one by one or all."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from geozones.domain import Plan, Sector
from geozones.domain.french import listing, minutes, number, of, plural, signed
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.workspace import Point, Work, Workspace


def summary(point: Point, *, last: bool) -> str:
    """Return what a point is worth, and how sure that is; ``last``: of a curve drawn to its end."""
    result = point.result
    gain = result.objective_before - result.objective_after
    before, after = minutes(result.worst_before), minutes(result.worst_after)
    worst = f"reste à {after}" if before == after else f"passe de {before} à {after}"
    said = (
        f"En {plural(len(result.moves), 'déplacement')}, l'objectif passe de "
        f"{number(result.objective_before, 1)} à {number(result.objective_after, 1)} "
        f"({signed(-gain)}) et le trajet le plus long {worst}."
    )
    sure = escape(_sure(point, last=last))
    return f'<p class="gz-sentence">{escape(said)}<br><strong>{sure}</strong></p>'


def _sure(point: Point, *, last: bool) -> str:
    if point.result.status.value != "optimal":
        gap = number(100 * point.result.gap, 1)
        return f"Pas encore prouvé : un autre plan ferait mieux de {gap} % au plus."
    if last:
        return (
            "Prouvé : sous ces conditions, aucun plan ne fait mieux, même en plus de déplacements."
        )
    allowed = plural(point.moves, "déplacement")
    return f"Prouvé : sous ces conditions, aucun plan à {allowed} au plus ne fait mieux."


def moves_list(workspace: Workspace, work: Work, point: Point) -> None:
    """List the moves in the order to follow; each can be accepted as long as it still holds."""
    result, plan = point.result, work.plan
    waiting = [move for move in result.moves if plan.zone_by_lycee[move.lycee] == move.origin]
    with st.container(key="gz-proposed", gap=None):
        for rank in range(len(result.moves)):
            text_side, button_side = st.columns([3.2, 1], vertical_alignment="center")
            text_side.html(_line(workspace, work, point, rank))
            with button_side:
                _accept_button(workspace, work, point, rank)
    if waiting:
        label = (
            "Accepter ce déplacement"
            if len(waiting) == 1
            else f"Accepter les {plural(len(waiting), 'déplacement')}"
        )
        st.button(
            label,
            type="primary",
            icon=":material/done_all:",
            key="propositions.tout",
            on_click=_accept,
            args=(workspace, point, range(len(result.moves))),
            width="stretch",
        )


def _line(workspace: Workspace, work: Work, point: Point, rank: int) -> str:
    """Return one move: who, from where to where, and what it takes off the objective."""
    move = point.result.moves[rank]
    old, new = work.base.zones, point.result.plan
    names = {zone.id: zone.name for zone in (*old, *new.zones, *work.plan.zones)}
    step = "" if move.gain >= 0 else ", que la suite reprend"
    return (
        f'<p class="gz-step"><b>{rank + 1}.</b> {escape(workspace.name(move.lycee))}'
        f"<small>{escape(names[move.origin])} → {escape(names[move.target])}</small>"
        f'<small class="{"gz-better" if move.gain > 0 else "gz-same"}">'
        f"{signed(-move.gain)} min d'objectif{step}</small></p>"
    )


def _accept_button(workspace: Workspace, work: Work, point: Point, rank: int) -> None:
    move = point.result.moves[rank]
    here = work.plan.zone_by_lycee[move.lycee]
    if here == move.target:
        st.html('<p class="gz-done">✓ accepté</p>')
    elif here != move.origin:
        st.html('<p class="gz-hint">a bougé depuis</p>')
    else:
        st.button(
            "Accepter",
            key=f"propositions.accepter.{rank}",
            on_click=_accept,
            args=(workspace, point, [rank]),
            width="stretch",
        )


def _accept(workspace: Workspace, point: Point, ranks: Sequence[int]) -> None:
    """Make some of the moves ordinary moves of the scenario, each checked anew, in order."""
    done = []
    for rank in ranks:
        move = point.result.moves[rank]
        if desk.current(workspace).plan.zone_by_lycee[move.lycee] != move.origin:
            continue
        if not desk.accept(workspace, point, rank):
            break
        done.append(workspace.name(move.lycee))
    else:
        removed = desk.drop_emptied(workspace, point) if len(ranks) > 1 else []
        if done:
            zones = f" Zone vidée, supprimée : {listing(removed)}." if removed else ""
            verb = "est déplacé" if len(done) == 1 else "sont déplacés"
            state.notify(
                "ok", f"{listing(done)} {verb} dans « {desk.current(workspace).name} ».{zones}"
            )


def zones_table(workspace: Workspace, before: Plan, point: Point, sectors: list[Sector]) -> str:
    """Return the zones of the scope that change, or all of a draft: lycées, mean and worst."""
    after = point.result.plan
    rows = []
    for sector in sectors:
        for zone in after.zones_of(sector.id):
            known = any(entry.id == zone.id for entry in before.zones)
            old = before.members(zone.id) if known else ()
            new = after.members(zone.id)
            if not old and not new:
                continue
            if old == new and not sector.is_draft:
                continue
            rows.append(_zone_row(workspace, zone.name, old, new))
    if not rows:
        return ""
    heads = ("Zone", "Lycées", "Trajet moyen", "Plus long")
    caption = f"Avant → après, par zone{workspace.peak_note}"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}))


def _zone_row(
    workspace: Workspace, name: str, old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[str, ...]:
    cells = [name, f"{len(old)} → {len(new)}" if len(old) != len(new) else str(len(new))]
    before, after = (workspace.evaluator.members(members) for members in (old, new))
    for key in ("mean_minutes", "max_minutes"):
        start, end = minutes(before[key]), minutes(after[key])
        cells.append(end if start == end else f"{start.removesuffix('min').strip()} → {end}")
    return tuple(cells)


def title(point: Point, sectors: list[Sector]) -> str:
    """Return the heading of a point, with the badge of a draft where all of the scope is."""
    badge = f" {html.pill(sectors[0])}" if sectors and all(s.is_draft for s in sectors) else ""
    count = len(point.result.moves)
    said = f"Proposition {of(plural(count, 'déplacement'))}" if count else "Découpage"
    return f'<h2 class="gz-subtitle">{said}{badge}</h2>'
