"""The moves of a proposal: what each brings, and accepting them one by one or all."""

from collections.abc import Sequence

import htpy
import streamlit as st

from geozones.common.french import listing, number, of, plural
from geozones.domain import DecisionStatus, Plan, Sector
from geozones.ui import current_scenario, state
from geozones.ui.components import html
from geozones.ui.components.headline import headline_lines, headline_table
from geozones.workspace.figures import Judgement, Metric, Place, compare, headline, metric, shown_in
from geozones.workspace.proposals.headlines import headlines_of_steps
from geozones.workspace.proposals.judging import as_good_as, judge_result, judge_steps
from geozones.workspace.proposals.search import Point, Search
from geozones.workspace.rankings import HOURS
from geozones.workspace.scenarios.work import Work
from geozones.workspace.study import Study


def summary(search: Search, point: Point, *, last: bool) -> htpy.Element:
    """Return what a point is worth, and how sure that is; ``last``: of a curve drawn to its end."""
    searched, result = search.study, point.result
    changes = headline(searched, searched.with_plan(result.plan), touched=True)
    judgement = judge_result(searched, result, search.objective)
    said = (
        f"En {plural(len(result.moves), 'déplacement')}, dans les zones qui changent ; au total, "
        f"compte tenu de l'erreur des durées, c'est {judgement.text}."
    )
    return html.stack(
        headline_table(changes, searched.analysis.peak_note),
        html.sentence(said, htpy.br, htpy.strong[_sure(point, last=last)]),
    )


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


def enough(searched: Study, points: Sequence[Point], objective: str = HOURS) -> htpy.Element | None:
    """Return from how many moves on a plan is equivalent to the best one; nothing for all.

    ``searched`` has the plan that the search started from, ``objective`` is what it was for.
    """
    best = points[-1]
    fewest = next(
        point for point in points if as_good_as(searched, point.result, best.result, objective)
    )
    if fewest is best:
        return None
    if not fewest.result.moves:
        return html.note(
            "Compte tenu de l'erreur des durées, le plan actuel est équivalent au meilleur trouvé."
        )
    return html.note(
        f"Dès {plural(fewest.moves, 'déplacement')}, le plan est équivalent au meilleur trouvé, "
        "compte tenu de l'erreur des durées."
    )


def moves_list(study: Study, work: Work, search: Search, point: Point) -> None:
    """List the moves in the order to follow; each can be accepted as long as it still holds."""
    result, plan = point.result, work.plan
    judgements = judge_steps(search.study, result, search.objective)
    changes = headlines_of_steps(search.study, result)
    waiting = [move for move in result.moves if plan.zone_by_lycee[move.lycee] == move.origin]
    with st.container(key="gz-proposed", gap=None):
        for rank in range(len(result.moves)):
            text_side, button_side = st.columns([3.2, 1], vertical_alignment="center")
            worth = judgements[rank], headline_lines(changes[rank])
            html.show(_line(study, work, point, rank, worth), text_side)
            with button_side:
                _accept_button(study, work, point, rank)
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
            args=(study, point, range(len(result.moves))),
            width="stretch",
        )


def _line(
    study: Study,
    work: Work,
    point: Point,
    rank: int,
    worth: tuple[Judgement, list[htpy.Element]],
) -> htpy.Element:
    """Return one move: who, from where to where, and what it is worth."""
    move = point.result.moves[rank]
    judgement, changes = worth
    old, new = work.base.zones, point.result.plan
    names = {zone.id: zone.name for zone in (*old, *new.zones, *work.plan.zones)}
    later = any(other.gain > 0 for other in point.result.moves[rank + 1 :])
    step = "une étape que la suite reprend" if later else "une étape pour vos conditions"
    said = judgement.text if move.gain >= 0 else step
    return htpy.p(".gz-step")[
        htpy.b[f"{rank + 1}."],
        " ",
        html.go(f"lycee:{move.lycee}", study.name(move.lycee)),
        htpy.small[f"{names[move.origin]} → {names[move.target]}"],
        changes,
        htpy.small(class_="gz-better" if judgement.is_better else "gz-same")[f"Au total : {said}."],
    ]


def _accept_button(study: Study, work: Work, point: Point, rank: int) -> None:
    move = point.result.moves[rank]
    here = work.plan.zone_by_lycee[move.lycee]
    if here == move.target:
        html.show(htpy.p(".gz-done")["✓ accepté"])
    elif here != move.origin:
        html.show(html.note("a bougé depuis"))
    else:
        st.button(
            "Accepter",
            key=f"propositions.accepter.{rank}",
            on_click=_accept,
            args=(study, point, [rank]),
            width="stretch",
        )


def _accept(study: Study, point: Point, ranks: Sequence[int]) -> None:
    """Make some of the moves ordinary moves of the scenario, each checked anew, in order."""
    done = []
    for rank in ranks:
        move = point.result.moves[rank]
        if current_scenario.current().plan.zone_by_lycee[move.lycee] != move.origin:
            continue
        if not current_scenario.accept(point, rank):
            break
        done.append(study.name(move.lycee))
    else:
        removed = current_scenario.drop_emptied(point) if len(ranks) > 1 else []
        if done:
            zones = f" Zone vidée, supprimée : {listing(removed)}." if removed else ""
            verb = "est déplacé" if len(done) == 1 else "sont déplacés"
            state.notify(
                "ok", f"{listing(done)} {verb} dans « {current_scenario.current().name} ».{zones}"
            )


def zones_table(
    study: Study, before: Plan, point: Point, sectors: list[Sector]
) -> htpy.Element | None:
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
            rows.append(_zone_row(study, zone.name, old, new))
    if not rows:
        return None
    heads = ("Zone", *(record.narrow for record in _records()))
    caption = f"Avant → après, par zone{study.analysis.peak_note}"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))


def _zone_row(
    study: Study, name: str, old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[str, ...]:
    before, after = (study.evaluator.members(members) for members in (old, new))
    return (name, *(change.arrow() for change in compare(_records(), before, after)))


def _records() -> tuple[Metric, ...]:
    return (metric("lycees"), *shown_in(Place.SUMMARY))


def title(point: Point, sectors: list[Sector]) -> htpy.Element:
    """Return the heading of a point, with the badge of a draft where all of the scope is."""
    is_draft = sectors and all(sector.is_draft for sector in sectors)
    badge = [" ", html.pill(DecisionStatus.DRAFT)] if is_draft else None
    count = len(point.result.moves)
    said = f"Proposition {of(plural(count, 'déplacement'))}" if count else "Découpage"
    return html.subtitle(said, badge)
