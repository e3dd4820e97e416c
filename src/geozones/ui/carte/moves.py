"""Moves of lycées: made, target zones ranked, joint moves, the effect of a move."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import htpy
import streamlit as st

from geozones.common.french import NBSP, capital, minutes, plural
from geozones.domain import Plan, Zone
from geozones.domain.terms import terms, worded
from geozones.effect.losses import of_places
from geozones.effect.words import short_loss
from geozones.metrics.judgement import rate_text
from geozones.metrics.metric import MetricPlace
from geozones.metrics.metric_changes import UNTOLD, compare, short_text, short_value
from geozones.metrics.metric_registry import VIGILANCE, metric, shown_in
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MadeMove, MoveView, Selection
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.panel import answer_kind, change_lines, change_table
from geozones.workspace.figures.plan_comparison import plan_change, posts_sentence
from geozones.workspace.figures.study import Study
from geozones.workspace.moves.destinations import (
    NEW_ZONE,
    Compensation,
    Destination,
    compensation,
    creating,
    destinations,
    group_moves,
    with_new_zone,
)
from geozones.workspace.moves.new_points import points_counted, points_told
from geozones.workspace.moves.preview import (
    JointMove,
    JointMoveKind,
    MoveEffect,
    joint_moves,
    preview_all,
)


@state.reporting_errors()
def make_moves(moves: Mapping[str, str], *, selected: str | None = None) -> None:
    """Make moves (the zone that each lycée joins) as one change; answer in three lines.

    A lycée (id) that was dragged or moved from its row is ``selected`` first.
    """
    if selected is not None:
        state.update(Selection, lycee=selected, zone=None, target=None)
    _record(preview_all(current_scenario.study(), moves), "move", {"moves": dict(moves)})


@state.reporting_errors()
def create_zone(moves: Mapping[str, str]) -> None:
    """Move lycées to `NEW_ZONE`, created under the name typed, as one change."""
    study = with_new_zone(current_scenario.study(), tuple(moves), state.of(MoveView).zone_name)
    _record(preview_all(study, moves), "redraw", creating(study, moves))


def _record(effect: MoveEffect, kind: str, data: dict[str, object]) -> None:
    """Record moves as a change, and tell their effect, or why they are refused."""
    state.update(Selection, zone=None, target=None)
    if effect.origin == effect.target:
        state.notify("ok", effect.sentence)
        return
    if not effect.verdict.allowed:
        state.notify("error", "Déplacement refusé. " + " ".join(effect.verdict.reasons))
        return
    answer = effect.answer
    if current_scenario.current().is_untouched:
        answer += "\nVotre premier changement fait un scénario."
    if current_scenario.record(kind, data, state.of(MoveView).why):
        event = current_scenario.current().timeline.head
        made = MadeMove(answer, event, effect)
        state.update(MoveView, why="", zone_name="", picked=(), done=made, detail=False)
        state.notify(answer_kind(effect), answer)


#: Key of the box of target zones, and of the button that moves the lycées.
DESTINATIONS = "gz-destinations"
MOVE = "atelier.deplacer"
#: Zones shown: at most, and at least where none is within the limit of a zone.
_BEST, _FEWEST = 8, 3
#: Name of the zone to create, as a target.
_NEW = "Nouvelle zone avec ces {sites}"


def destination_list(study: Study, lycees: Sequence[str]) -> None:
    """Rank the zones that lycées (ids) could join, and show the effect of the target."""
    target, several = state.of(Selection).target, len(lycees) > 1
    if several:
        study = with_new_zone(study, lycees, state.of(MoveView).zone_name)
    entries = {entry.zone: entry for entry in destinations(study, *lycees, aimed_at=target)}
    plan = study.plan
    if target is None or target not in entries:
        with st.container(key=DESTINATIONS):
            _rankings(study, entries.values())
        return
    moves = group_moves(plan, lycees)[target]
    effect = preview_all(study, moves)
    if target == NEW_ZONE:
        state.bound(MoveView, "zone_name").draw(
            st.text_input,
            "Nom de la nouvelle zone (facultatif)",
            placeholder=plan.zone(NEW_ZONE).name,
            max_chars=200,
        )
    state.bound(MoveView, "why").draw(st.text_input, "Pourquoi (facultatif)", max_chars=300)
    who = "" if len(moves) == 1 else f"{terms().site.counted(len(moves))} "
    label = f"Déplacer {who}vers {plan.zone(target).name}"
    made: Callable[[Mapping[str, str]], None] = make_moves
    if target == NEW_ZONE:
        label, made = f"Créer la zone et y déplacer {who}".strip(), create_zone
    st.button(
        html.unmarked(label),
        type="primary",
        icon=":material/arrow_forward:",
        disabled=not effect.verdict.allowed,
        on_click=made,
        args=(moves,),
        key=MOVE,
        width="stretch",
    )
    if len(moves) == 1 and target != NEW_ZONE:  # screen.js shows it before it is saved
        html.show(htpy.div("#gz-aimed", hidden=True, data_lycee=lycees[0], data_zone=target))
    ask_where_else()
    html.show(effect_card(effect))
    back = None if several else compensation(study, lycees[0], target)
    if effect.verdict.allowed and back is not None:
        _take_back(study, effect, back)


def ask_where_else() -> None:
    """Offer to rank the zones again, for lycées that have a target or were just moved."""

    def rank_again() -> None:
        state.update(MoveView, done=None)
        state.update(Selection, target=None)
        state.ask_focus(DESTINATIONS)

    st.button(
        "Voir les autres zones possibles",
        icon=":material/format_list_numbered:",
        key="atelier.ensuite",
        on_click=rank_again,
        width="stretch",
    )


def _take_back(study: Study, effect: MoveEffect, back: Compensation) -> None:
    plan = study.plan
    moves = {effect.lycee: effect.target, back.lycee: back.target}
    name, origin = study.name(back.lycee), plan.zone(effect.origin)
    left = terms().site.counted(len(plan.members(origin.id)) - 1)
    text = (
        f"{origin.name} n'aurait plus que {left}. Le meilleur {terms().site} à lui donner : "
        f"{name}, de {plan.zone(back.origin).name}. Les deux ensemble :"
    )
    steps = html.bullets(preview_all(study, moves).lines, "gz-steps")
    html.show(html.card(html.sentence(text), steps))
    st.button(
        html.unmarked(f"Déplacer, et reprendre {study.territory.lycees[back.lycee].name}"),
        icon=":material/swap_horiz:",
        on_click=make_moves,
        args=(moves,),
        key="atelier.reprendre",
        width="stretch",
    )


def destination_line(plan: Plan, entry: Destination) -> str:
    """Return one line on a target zone and the value of the move, for a list."""
    name = _name(plan, entry)
    if not entry.allowed:
        return f"{name} · refusé"
    points = points_counted(entry.points)
    watched = f", {VIGILANCE.narrow.lower()} : {points}" if points else ""
    road, unattended = (short_text(change) for change in entry.shown[:2])
    return f"{name} · {entry.short} ({road}, {unattended}{watched})"


def _name(plan: Plan, entry: Destination) -> str:
    return worded(_NEW) if entry.zone == NEW_ZONE else plan.zone(entry.zone).name


def _rankings(study: Study, ranked: Iterable[Destination]) -> None:
    """Show the best zones near the lycées, and why others are not among them.

    A zone to create is always among those shown.
    """
    every = list(ranked)
    open_to = [entry for entry in every if entry.allowed and entry.zone != NEW_ZONE]
    nearest = sorted(open_to, key=lambda entry: entry.nearest)[:_FEWEST]
    near = [
        entry
        for entry in open_to
        if entry in nearest or entry.touches or entry.nearest <= study.settings.max_minutes
    ]
    best = near[:_BEST] + [entry for entry in every if entry.allowed and entry.zone == NEW_ZONE]
    if best:
        html.show(_ranking(study, best))
    apart = len(open_to) - len(near)
    refused = Counter(entry.verdict.refusal for entry in every if not entry.allowed)
    if apart:
        limit = minutes(study.settings.max_minutes)
        zones = plural(apart, "zone à part", "zones à part")
        why = f"sans limite commune, et à plus de {limit} du premier collègue"
        html.show(html.note(f"{zones} : {why}."))
    if refused:
        sentences = [
            f"{plural(count, 'zone refusée', 'zones refusées')}. {why}"
            for why, count in refused.items()
        ]
        html.show(html.bullets(sentences, "gz-alerts"))


def _ranking(study: Study, ranked: list[Destination]) -> htpy.Element:
    rate = rate_text(study.settings.cost.absence_weight)
    caption = worded(
        "De la plus favorable à la moins favorable, celles qui touchent sa zone d'abord : route et "
        "heures sans {technician} au taux de "
    )
    told = ", ".join(filter(None, (rate, study.times.basis)))
    caption += f"{told} ; postes en plus ou en moins, puis aucune relève, en dernier"
    heads = ("Zone voisine", "Collègue", "Route par an", metric("unattended_hours").short)
    rows = [_row(study, entry) for entry in ranked]
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}))


def _row(study: Study, entry: Destination) -> tuple[htpy.Node, ...]:
    points = points_counted(entry.points)
    posts = "" if entry.alone else posts_sentence(study, study.with_plan(entry.after))
    said = (
        "" if entry.more_posts or entry.alone else entry.short,
        f"{VIGILANCE.narrow.lower()}{NBSP}: {points}" if points else "",
    )
    under = " ; ".join(filter(None, said))
    return (
        htpy.fragment[
            html.go(f"aim:{entry.zone}", _name(study.plan, entry)),
            [
                htpy.small(".gz-under.gz-worse")[short_loss(loss)]
                for loss in of_places(entry.losses)[:2]
            ],
            posts and htpy.small(".gz-under.gz-worse")[posts],
            under and htpy.small(".gz-under")[under],
        ],
        minutes(entry.nearest) if math.isfinite(entry.nearest) else UNTOLD,
        *(short_value(change) for change in entry.shown[:2]),
    )


def effect_card(effect: MoveEffect) -> htpy.Element:
    """Return the whole effect of moves: figures, what gets worse first, then zone by zone."""
    plan = effect.after
    sides = [
        (plan.zone(zone_id).name, before, after)
        for zone_id, (before, after) in effect.zones.items()
    ]
    sides.append((capital(terms().territory.singular), *effect.region))
    records = (metric("lycees"), *shown_in(MetricPlace.SUMMARY))
    rows = [
        (
            name,
            *(change.arrow() for change in compare(records, before, after)),
        )
        for name, before, after in sides
    ]
    heads = ("Avant → après", *(record.narrow for record in records))
    worse, lifted, remarks = effect.worse, effect.lifted, effect.verdict.remarks
    summary = html.sentence(effect.summary)
    changes = change_table(effect.change, summary) if effect.verdict.allowed else summary
    return html.card(
        changes,
        html.bullets(worse, "gz-alerts") if worse else None,
        html.table("Zone par zone", heads, rows, hidden_caption=True),
        html.bullets(remarks, "gz-steps") if remarks else None,
        html.bullets(lifted, "gz-solved") if lifted else None,
    )


#: Messages of a row to the map: ``row:LYCEE`` opens or closes it, ``put:LYCEE:ZONE`` moves the
#: lycée to the zone.
OPEN, PUT = "row", "put"


def row_id(lycee_id: str) -> str:
    """Return the id of the focusable element in a lycée's row: its zone, or the open list."""
    return f"gz-row-{lycee_id}"


def zone_cell(study: Study, lycee_id: str, *, opened: bool) -> htpy.Element:
    """Return the zone of a lycée as a button or, once ``opened``, as a list of targets."""
    zone = study.plan.zone_of(lycee_id)
    if opened:
        return _choice(study, lycee_id, zone)
    return htpy.button(
        ".gz-go",
        type="button",
        id=row_id(lycee_id),
        data_go=f"{OPEN}:{lycee_id}",
        aria_label=f"{zone.name} : changer la zone de {study.name(lycee_id)}",
        aria_expanded="false",
    )[zone.name]


def _choice(study: Study, lycee_id: str, zone: Zone) -> htpy.Element:
    name, field = study.name(lycee_id), row_id(lycee_id)
    options = [htpy.option(value=zone.id)[f"{zone.name} (zone actuelle)"]]
    refused: list[htpy.Element] = []
    for entry in destinations(study, lycee_id):  # the best first
        side = options if entry.allowed else refused
        side.append(htpy.option(value=entry.zone)[destination_line(study.plan, entry)])
    if refused:
        options.append(htpy.optgroup(label="Zones refusées")[refused])
    return htpy.div(".gz-row-move")[
        htpy.select(
            id=field,
            aria_label=f"Zone de {name}, de la meilleure à la moins bonne",
            autocomplete="off",
        )[options],
        html.go(f"{PUT}:{lycee_id}", "Déplacer", value_of=field, label=f"Déplacer {name}"),
        html.go(f"{OPEN}:{lycee_id}", "Fermer", label=f"Laisser {name} dans sa zone"),
    ]


_BUTTONS: Mapping[JointMoveKind, str] = {
    JointMoveKind.ALONE: "Déplacer",
    JointMoveKind.ALONG: "Déplacer les deux",
    JointMoveKind.SWAP: "Échanger les deux",
}


@when_open(
    st.expander,
    "Déplacer avec un autre {site}, ou échanger",
    key="atelier.ensemble",
)
def joint_list(study: Study, lycee_id: str) -> None:
    """Offer the best moves of a lycée, alone or with another one; computed when opened."""
    found = joint_moves(study, lycee_id)
    if not found:
        html.show(
            html.note("Aucun déplacement, seul, à deux ou en échange, ne fait gagner d'heures.")
        )
    with st.container(key="gz-joint", gap=None):
        for rank, move in enumerate(found):
            with st.container(gap="xxsmall"):
                html.show(_line(study, lycee_id, move))
                st.button(
                    _BUTTONS[move.way],
                    key=f"atelier.ensemble.{rank}",
                    on_click=make_moves,
                    args=(dict(move.moves),),
                )


def _line(study: Study, lycee_id: str, move: JointMove) -> htpy.Element:
    after = study.with_plan(move.after)
    change = plan_change(study, after)
    return htpy.p(".gz-step")[
        _who(study, lycee_id, move),
        [htpy.small(".gz-worse")[said] for said in points_told(move.points).brought],
        [htpy.small(".gz-worse")[b.message] for b in move.introduced if b.post is not None],
        [htpy.small(".gz-same")[breach.message] for breach in move.noted],
        change_lines(change),
        htpy.small(class_="gz-better" if change.is_better else "gz-same")[change.conclusion],
    ]


def _who(study: Study, lycee_id: str, move: JointMove) -> htpy.Node:
    target = study.plan.zone(move.moves[lycee_id])
    zone = html.go(f"aim:{target.id}", target.name)
    other = move.companion
    if other is None:
        return ["Seul → ", zone]
    name = html.go(f"lycee:{other}", study.name(other))
    if move.way is JointMoveKind.SWAP:
        return ["En échange de ", name, " → ", zone]
    return ["Avec ", name, " → ", zone]
