"""Target zones of one lycée or several, ranked, and the effect of the move to one of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import htpy
import streamlit as st

from geozones.common.french import plural
from geozones.domain import Plan
from geozones.metrics.breaches import VIGILANCE
from geozones.metrics.metric import MetricPlace
from geozones.metrics.metric_changes import compare
from geozones.metrics.metric_registry import metric, shown_in
from geozones.ui import state
from geozones.ui.carte.moving import make_moves
from geozones.ui.state.carte_views import MoveView, Selection
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.headline import headline_table
from geozones.workspace.moves.destinations import (
    Compensation,
    Destination,
    compensation,
    destinations,
    group_moves,
)
from geozones.workspace.moves.equivalence import RankStatus, standings
from geozones.workspace.moves.hours_change import hours_text
from geozones.workspace.moves.new_points import points_counted
from geozones.workspace.moves.new_zone import NEW_ZONE, with_new_zone
from geozones.workspace.moves.preview import MoveEffect, preview_all
from geozones.workspace.study import Study

#: Key of the box of target zones, and of the button that moves the lycées.
DESTINATIONS = "gz-destinations"
_MOVE = "atelier.deplacer"
_BEST = 8
#: Name of the zone to create, as a target.
_NEW = "Nouvelle zone avec ces lycées"


def destination_list(study: Study, lycees: Sequence[str]) -> None:
    """Rank the zones that lycées (ids) could join, and show the effect of the target."""
    target, several = state.of(Selection).target, len(lycees) > 1
    if several:
        study = with_new_zone(study, lycees, state.of(MoveView).zone_name)
    entries = {entry.zone: entry for entry in destinations(study, *lycees)}
    stands = standings(study, lycees, list(entries.values()))
    ranked = {zone: entries[zone] for zone in stands}
    plan = study.plan
    with st.container(key=DESTINATIONS):
        chooser(
            "Zone d'arrivée, de la meilleure à la moins bonne",
            {zone: destination_line(plan, entry, stands[zone]) for zone, entry in ranked.items()},
            state.bound(Selection, "target", then=_aim),
            placeholder="Choisir, ou cliquer la zone sur la carte",
        )
    if target is None or target not in ranked:
        _rankings(plan, list(ranked.values()), stands, study.analysis.peak_note)
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
    st.button(
        html.unmarked(_move_label(plan, moves, target)),
        type="primary",
        icon=":material/arrow_forward:",
        disabled=not effect.verdict.allowed,
        on_click=make_moves,
        args=(moves,),
        key=_MOVE,
        width="stretch",
    )
    html.show(effect_card(study, effect))
    back = None if several else compensation(study, lycees[0], target)
    if effect.verdict.allowed and back is not None:
        _take_back(study, effect, back)


def _move_label(plan: Plan, moves: Mapping[str, str], target: str) -> str:
    who = "" if len(moves) == 1 else f"{plural(len(moves), 'lycée')} "
    if target == NEW_ZONE:
        return f"Créer la zone et y déplacer {who}".strip()
    return f"Déplacer {who}vers {plan.zone(target).name}"


def ask_where_else() -> None:
    """Offer to rank the zones again, for the lycée that was just moved."""
    st.button(
        "Voir les autres zones possibles",
        icon=":material/format_list_numbered:",
        key="atelier.ensuite",
        on_click=_rank_again,
        width="stretch",
    )


def _rank_again() -> None:
    state.update(MoveView, done=None)
    state.ask_focus(DESTINATIONS)


def _aim(zone: str | None) -> None:
    """Choose a target zone, and move the keyboard focus to the button that moves lycées."""
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
        f"{origin.name} n'aurait plus que {left}. Le meilleur lycée à lui donner : {name}, de "
        f"{plan.zone(back.origin).name}. Les deux ensemble :"
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


def destination_line(plan: Plan, entry: Destination, stand: RankStatus) -> str:
    """Return one line on a target zone and the value of the move, for a list."""
    name = _name(plan, entry)
    if not entry.allowed:
        return f"{name} · interdit"
    points = points_counted(entry.points)
    watched = f"{VIGILANCE.narrow.lower()} : {points}, " if points else ""
    return f"{name} · {stand.short} ({watched}{hours_text(entry.hours)} par an)"


def _name(plan: Plan, entry: Destination) -> str:
    return _NEW if entry.zone == NEW_ZONE else plan.zone(entry.zone).name


def _points(entry: Destination) -> str:
    """Return how many points to watch a move brings or ends."""
    if not entry.allowed:
        return "interdit"
    return points_counted(entry.points) or "inchangé"


def _rankings(
    plan: Plan, ranked: list[Destination], stands: Mapping[str, RankStatus], note: str
) -> None:
    """Show the best zones, and all on request: a long table slows every rerun.

    A zone to create is always among those shown.
    """
    best = ranked[:_BEST]
    best += [entry for entry in ranked[_BEST:] if entry.zone == NEW_ZONE]
    html.show(_ranking(plan, best, stands, note))
    box = st.expander(
        f"Les {len(ranked)} zones classées",
        icon=":material/table:",
        key="atelier.classement",
        on_change="rerun",
    )
    if box.open:
        html.show(_ranking(plan, ranked, stands, note, "Toutes les zones, "), box)


def _ranking(
    plan: Plan,
    ranked: list[Destination],
    stands: Mapping[str, RankStatus],
    note: str,
    which: str = "",
) -> htpy.Element:
    caption = (
        f"{which}de la plus favorable à la moins favorable{note} : moins de points de vigilance, "
        "puis moins d'heures ; un poste de plus ou aucune relève en dernier"
    )
    heads = ("Zone", VIGILANCE.narrow, "Heures par an")
    headings = _headings(stands)
    rows: list[Sequence[htpy.Node] | htpy.Element] = []
    for entry in ranked:
        if entry.zone in headings:
            rows.append(html.group_row(headings[entry.zone], len(heads)))
        rows.append(_row(plan, entry, stands[entry.zone]))
    return html.table(
        f"{caption[0].upper()}{caption[1:]}",
        heads,
        rows,
        numeric=frozenset({1, 2}),
    )


def _row(plan: Plan, entry: Destination, stand: RankStatus) -> tuple[htpy.Node, ...]:
    return (
        htpy.fragment[
            html.go(f"aim:{entry.zone}", _name(plan, entry)),
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


def effect_card(study: Study, effect: MoveEffect) -> htpy.Element:
    """Return the whole effect of moves: figures, what gets worse first, then zone by zone."""
    plan, note = effect.after, study.analysis.peak_note
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
    solved = [f"Réglé : {breach.message}" for breach in effect.verdict.resolved]
    return html.card(
        html.sentence(effect.summary),
        changes,
        html.bullets(reasons, "gz-alerts") if reasons else None,
        html.table("Zone par zone", heads, rows, hidden_caption=True),
        html.bullets(effect.verdict.remarks, "gz-steps") if effect.verdict.remarks else None,
        html.bullets(solved, "gz-solved") if solved else None,
    )
