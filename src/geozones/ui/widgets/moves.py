"""Target zones of a lycée, effect of a move, and the message of the last action."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal

import htpy
import streamlit as st

from geozones.common.french import listing, plural, signed
from geozones.domain import Plan
from geozones.metrics.metric import MetricPlace
from geozones.metrics.metric_changes import compare
from geozones.metrics.metric_registry import metric, shown_in
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MoveView, Selection
from geozones.ui.state.session_views import Current, Notice
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.headline import headline_table
from geozones.workspace.moves.destinations import (
    Compensation,
    Destination,
    compensation,
    destinations,
)
from geozones.workspace.moves.equivalence import RankStatus, standings
from geozones.workspace.moves.hours_change import hours_text
from geozones.workspace.moves.preview import MoveEffect, preview
from geozones.workspace.scenarios.history_text import effect_of_moves
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

#: Key of the box of target zones, and of the button that moves the lycée.
DESTINATIONS = "gz-destinations"
_MOVE = "atelier.deplacer"
_BEST = 8


def notice_box() -> None:
    """Show the last message in a container of its own.

    The container is always there: if it came and went, text typed below it would be lost.
    """
    with st.container():
        notice()


def notice() -> None:
    """Show the last message (effect or refusal) and the notice of the current scenario, if any."""
    message, work = state.of(Notice), state.of(Current).work
    shown = []
    if work is not None and work.notice:
        shown.append(html.notice("warning", work.notice, role="status"))
    if message.text:
        role: Literal["alert", "status"] = "alert" if message.kind == "error" else "status"
        shown.append(html.notice(message.kind, message.text, role=role))
    if shown:
        html.show(html.stack(*shown))


def choice(
    study: Study,
    work: Work,
    chosen: Selection,
    make_move: Callable[[str, str], None],
) -> None:
    """Rank the zones that the selected lycée could join, and show the effect of the target."""
    plan, lycee = work.plan, chosen.lycee
    if lycee is None:
        return
    entries = {entry.zone: entry for entry in destinations(study, lycee)}
    stands = standings(study, lycee, list(entries.values()))
    ranked = {zone: entries[zone] for zone in stands}
    with st.container(key=DESTINATIONS):
        chooser(
            "Zone d'arrivée, de la meilleure à la moins bonne",
            {zone: destination_line(plan, entry, stands[zone]) for zone, entry in ranked.items()},
            state.bound(Selection, "target", then=_aim),
            placeholder="Choisir, ou cliquer la zone sur la carte",
        )
    if chosen.target is None or chosen.target not in ranked:
        _rankings(plan, list(ranked.values()), stands, study.analysis.peak_note)
        return
    effect = preview(study, lycee, chosen.target)
    state.bound(MoveView, "why").draw(st.text_input, "Pourquoi (facultatif)", max_chars=300)
    st.button(
        html.unmarked(f"Déplacer vers {plan.zone(chosen.target).name}"),
        type="primary",
        icon=":material/arrow_forward:",
        disabled=not effect.verdict.allowed,
        on_click=make_move,
        args=(lycee, chosen.target),
        key=_MOVE,
        width="stretch",
    )
    html.show(_effect(plan, effect, study.analysis.peak_note))
    back = compensation(study, lycee, chosen.target)
    if effect.verdict.allowed and back is not None:
        _take_back(study, effect, back)


def ask_where_else() -> None:
    """Offer to rank the zones again, for the lycée that was just moved."""
    st.button(
        "Voir où il pourrait aller ensuite",
        icon=":material/format_list_numbered:",
        key="atelier.ensuite",
        on_click=_rank_again,
        width="stretch",
    )


def _rank_again() -> None:
    state.update(MoveView, done=None)
    state.ask_focus(DESTINATIONS)


def _aim(zone: str | None) -> None:
    """Choose a target zone, and move the keyboard focus to the button that moves the lycée."""
    state.update(Selection, target=zone)
    if zone is not None:
        state.ask_focus(_MOVE)


def _take_back(study: Study, effect: MoveEffect, back: Compensation) -> None:
    """Offer a lycée to take back, if the move leaves its zone too small."""
    plan = study.plan
    moves = {effect.lycee: effect.target, back.lycee: back.target}
    name, origin = study.name(back.lycee), plan.zone(effect.origin)
    left = plural(len(plan.members(origin.id)) - 1, "lycée")
    text = (
        f"{origin.name} n'aurait plus que {left}. Le meilleur à lui donner : {name}, de "
        f"{plan.zone(back.origin).name}. Les deux ensemble :"
    )
    steps = html.bullets(effect_of_moves(study, moves), "gz-steps")
    html.show(html.card(html.sentence(text), steps))
    st.button(
        html.unmarked(f"Déplacer, et reprendre {study.territory.lycees[back.lycee].name}"),
        icon=":material/swap_horiz:",
        on_click=move_together,
        args=(study, moves),
        key="atelier.reprendre",
        width="stretch",
    )


def move_together(study: Study, moves: dict[str, str]) -> None:
    """Make several moves as one change, which a single undo reverts."""
    if current_scenario.record("move", {"moves": moves}, state.of(MoveView).why):
        state.update(MoveView, why="")
        state.update(Selection, target=None)
        zones = current_scenario.current().plan.zone
        sentences = [f"{study.name(lycee)} → {zones(zone).name}" for lycee, zone in moves.items()]
        state.notify("ok", f"{listing(sentences)}.")


def destination_line(plan: Plan, entry: Destination, stand: RankStatus) -> str:
    """Return one line on a target zone and the value of the move, for a list."""
    zone = plan.zone(entry.zone)
    if not entry.allowed:
        return f"{zone.name} · interdit"
    more = entry.more_points
    points = f"{signed(more, 0)} {'alerte' if abs(more) < 2 else 'alertes'}, " if more else ""
    return f"{zone.name} · {stand.short} ({points}{hours_text(entry.hours)} par an)"


def _points(entry: Destination) -> str:
    """Return how many points to watch a move brings or ends."""
    if not entry.allowed:
        return "interdit"
    return signed(entry.more_points, 0) if entry.more_points else "aucune"


def _rankings(
    plan: Plan, ranked: list[Destination], stands: Mapping[str, RankStatus], note: str
) -> None:
    """Show the best zones, and all on request: a long table slows every rerun."""
    html.show(_ranking(plan, ranked[:_BEST], stands, note))
    box = st.expander(
        f"Les {len(ranked)} zones classées",
        icon=":material/table:",
        key="atelier.classement",
        on_change="rerun",
    )
    if box.open:
        html.show(_ranking(plan, ranked, stands, note), box)


def _ranking(
    plan: Plan, ranked: list[Destination], stands: Mapping[str, RankStatus], note: str
) -> htpy.Element:
    heads = ("Zone", "Alertes", "Heures par an")
    headings = _headings(stands)
    rows: list[Sequence[htpy.Node] | htpy.Element] = []
    for entry in ranked:
        if entry.zone in headings:
            rows.append(html.group_row(headings[entry.zone], len(heads)))
        rows.append(_row(plan, entry, stands[entry.zone]))
    return html.table(
        f"La meilleure d'abord{note} : le moins d'alertes, puis le moins d'heures",
        heads,
        rows,
        numeric=frozenset({1, 2}),
    )


def _row(plan: Plan, entry: Destination, stand: RankStatus) -> tuple[htpy.Node, ...]:
    return (
        htpy.fragment[
            html.go(f"aim:{entry.zone}", plan.zone(entry.zone).name),
            htpy.small(".gz-under")[stand.short],
        ],
        _points(entry),
        hours_text(entry.hours),
    )


def _headings(stands: Mapping[str, RankStatus]) -> dict[str, str]:
    """Return the heading of each group, by its first zone (id); a group's zones are consecutive.

    The result is empty if no zone is equivalent to another.
    """
    sizes = Counter(stand.group for stand in stands.values())

    def run(zone: str) -> int:
        group = stands[zone].group
        return -1 if group is None else group if sizes[group] > 1 else 0

    runs = [(kind, list(zones)) for kind, zones in groupby(stands, run)]
    if all(kind <= 0 for kind, _ in runs):
        return {}
    return {
        zones[0]: _heading(kind, len(zones), first=rank == 0)
        for rank, (kind, zones) in enumerate(runs)
    }


def _heading(kind: int, size: int, *, first: bool) -> str:
    if kind < 0:
        return "Interdites"
    if not kind:
        return ("La meilleure" if size == 1 else "Les meilleures") if first else "Ensuite"
    return f"Les {size} meilleures, équivalentes" if first else f"Ensuite {size} équivalentes"


def _effect(plan: Plan, effect: MoveEffect, note: str) -> htpy.Element:
    sides = [
        (plan.zone(zone).name, before, after) for zone, (before, after) in effect.zones.items()
    ]
    sides.append(("Région", *effect.region))
    records = (metric("lycees"), *shown_in(MetricPlace.SUMMARY))
    rows = [
        (
            name,
            *(change.arrow() for change in compare(records, before, after)),
        )
        for name, before, after in sides
    ]
    heads = (f"Avant → après{note}", *(record.narrow for record in records))
    reasons = effect.verdict.reasons
    changes = headline_table(effect.headline, note) if effect.verdict.allowed else None
    solved = [f"Levée : {breach.message}" for breach in effect.verdict.resolved]
    return html.card(
        html.sentence(effect.summary),
        changes,
        html.bullets(reasons, "gz-alerts") if reasons else None,
        html.table("Zone par zone", heads, rows, hidden_caption=True),
        html.bullets(effect.verdict.remarks, "gz-steps") if effect.verdict.remarks else None,
        html.bullets(solved, "gz-solved") if solved else None,
    )
