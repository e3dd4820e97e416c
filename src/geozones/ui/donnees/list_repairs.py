"""Repairs of a list, each with evidence and refusable; rows left to the user, with candidates."""

from functools import partial

import htpy
import streamlit as st

from geozones.common.french import number, plural
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.state.page_views import ListView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.imports import LEAVE, NEW, AmbiguousRow, MatchCandidate, Repair
from geozones.workspace.imports.session import ListImport
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_PAGE = 60
_EVERY = "Toutes"
_FIELDS = {
    "code": "{Codes}",
    "uai_associes": "Deux codes",
    "nom": "Noms",
    "commune": "Communes",
    "departement": "Départements",
    "zone": "Titres de zones",
}
_ONE = {
    "code": "{code}",
    "uai_associes": "deux codes",
    "nom": "nom",
    "commune": "commune",
    "departement": "département",
    "zone": "titre de zone",
}
_LATER = "plus-tard"


def repairs_step(study: Study, _work: Work) -> None:
    """Show the repairs, the rows left to settle, and the rows that cannot be used."""
    current = state.of(ListView).current
    if current is None:
        return
    report = current.report
    if not report.listing.rows:
        message = worded(
            "Aucune ligne {of_site} n'est reconnue : revenez aux colonnes, ou à la liste."
        )
        html.show(html.warning(message))
        return
    repairs = sorted((*report.repairs, *report.refused), key=lambda repair: repair.key)
    repairs_side, rest_side = st.columns([1.5, 1], gap="large")
    with repairs_side:
        _repairs(current, repairs)
    with rest_side:
        _questions(study, current)
        _rejected(current)
        _facts(current)


def _repairs(current: ListImport, repairs: list[Repair]) -> None:
    html.show(html.subtitle(plural(len(repairs), "réparation"), heading=htpy.h3))
    if repairs:
        html.show(html.sources("Décochez une réparation pour la refuser."))
    else:
        html.show(html.note("Aucune réparation : la liste est acceptée telle quelle."))
        return
    counts = {field: sum(repair.field == field for repair in repairs) for field in _FIELDS}
    kinds = {"": f"{_EVERY} ({len(repairs)})"} | {
        field: f"{worded(label)} ({counts[field]})"
        for field, label in _FIELDS.items()
        if counts[field]
    }
    shown = state.of(ListView).shown
    state.bound(ListView, "shown").draw(
        st.segmented_control,
        "Réparations à voir",
        list(kinds),
        format_func=kinds.__getitem__,
        label_visibility="collapsed",
    )
    wanted = [repair for repair in repairs if shown in {"", repair.field}]
    with st.container(key="gz-repairs"):
        for repair in wanted[:_PAGE]:
            _repair(current, repair)
    if len(wanted) > _PAGE:
        rest = len(wanted) - _PAGE
        html.show(html.note(f"… et {plural(rest, 'autre')} du même genre, acceptées aussi."))


def _repair(current: ListImport, repair: Repair) -> None:
    bound = state.BoundValue(
        f"donnees.reparation.{repair.row}.{repair.field}",
        repair.key not in current.decisions.refused,
        partial(_judge, repair),
    )
    was = htpy.del_[f"« {repair.was} »"] if repair.was else "(vide)"
    take, text_side = st.columns([0.36, 1], gap="small", vertical_alignment="center")
    bound.draw(
        take.checkbox, f"Ligne {repair.row} · {worded(_ONE.get(repair.field, repair.field))}"
    )
    line = [was, " → ", htpy.strong[repair.now], htpy.br, htpy.small[repair.why]]
    html.show(htpy.p(".gz-repair")[line], text_side)


def _judge(repair: Repair, taken: bool) -> None:  # noqa: FBT001 - written by a checkbox
    current = state.of(ListView).current
    if current is not None:
        decided = current.with_repair(repair.row, repair.field, refused=not taken)
        state.update(ListView, current=decided)


def _questions(study: Study, current: ListImport) -> None:
    questions, chosen = current.report.ambiguous, current.decisions.chosen
    settled = [row for row in chosen if row not in {question.row for question in questions}]
    to_settle = f"{plural(len(questions), 'ligne')} à trancher"
    html.show(html.subtitle(to_settle, heading=htpy.h3))
    for question in questions[:_PAGE]:
        _question(study, current, question)
    if len(questions) > _PAGE:
        rest = len(questions) - _PAGE
        html.show(html.note(f"… et {plural(rest, 'autre')}, à trancher après celles-ci."))
    for row in settled:
        answer = chosen[row]
        name = _named(study, answer)
        with st.container(horizontal=True, vertical_alignment="center"):
            html.show(html.note(f"Ligne {row} : {name}, selon votre choix."))
            st.button(
                "Revenir sur ce choix",
                key=f"donnees.reprendre.{row}",
                on_click=_answer,
                args=(row, None),
            )
    if not questions and not settled:
        html.show(html.note("Aucune : chaque ligne est reconnue ou écartée avec sa raison."))


def _named(study: Study, answer: str) -> str:
    """Return the user's answer for a row, in words."""
    if answer in study.territory.lycees:
        return study.name(answer)
    return {NEW: _new("nouveau", "nouvelle"), LEAVE: "laissée de côté"}.get(
        answer.partition(":")[0], answer
    )


def _question(study: Study, current: ListImport, question: AmbiguousRow) -> None:
    names = {_LATER: "— à trancher"} | {
        entry.id: f"{entry.name} ({entry.commune}) · {entry.id} · {_likeness(entry)}"
        for entry in question.candidates
    }
    named = _new("Un nouveau", "Une nouvelle")
    names[NEW] = f"{named}, absent{terms().site.e} de {study.atlas.directory_title}"
    names[LEAVE] = "Laisser cette ligne de côté"
    chosen = current.decisions.chosen.get(question.row, _LATER)
    html.show(
        htpy.p(".gz-repair")[
            htpy.small[f"Ligne {question.row}"],
            htpy.br,
            htpy.strong[question.text],
            htpy.br,
            htpy.small[question.why],
        ]
    )
    chooser(
        f"{worded('{Site}')} de la ligne {question.row}",
        names,
        state.BoundValue(f"donnees.choix.{question.row}", chosen, partial(_answer, question.row)),
        label_visibility="collapsed",
    )
    if chosen == NEW:  # its commune is not recognised
        commune = f"Commune {_new('du nouveau', 'de la nouvelle')}"
        communes = {f"{NEW}:{entry.code}": entry.name for entry in study.atlas.communes}
        chooser(
            f"{commune} de la ligne {question.row}",
            communes,
            state.BoundValue(
                f"donnees.commune.{question.row}", None, partial(_answer, question.row)
            ),
            placeholder=commune,
            label_visibility="collapsed",
        )


def _new(masculine: str, feminine: str) -> str:
    """Return the noun of a site after the form of « nouveau » that agrees with it."""
    site = terms().site
    return f"{site.agreeing(masculine, feminine)} {site}"


def _likeness(entry: MatchCandidate) -> str:
    """Return how near a candidate is, and the row that is this lycée already."""
    near = f"ressemblance {number(entry.score)} %"
    return near if entry.taken is None else f"{near}, déjà ligne {entry.taken}"


def _answer(row: int, choice: str | None) -> None:
    current = state.of(ListView).current
    if current is not None:
        answer = None if choice == _LATER else choice
        state.update(ListView, current=current.with_answer(row, answer))


def _rejected(current: ListImport) -> None:
    rejected = current.report.rejected
    if rejected:
        rows = [(str(row.row), row.text, row.why) for row in rejected[: _PAGE * 3]]
        caption = f"{plural(len(rejected), 'ligne écartée', 'lignes écartées')}"
        html.show(html.table(caption, ("Ligne", "Lu", "Pourquoi"), rows, numeric=frozenset({0})))


def _facts(current: ListImport) -> None:
    """Show the document's other content: sectors, calendar, skipped rows."""
    report = current.report
    facts = [
        (
            sector.name,
            f"RNS : {report.rns.get(sector.rank, 'non dit')} ; "
            + plural(sum(zone.sector == sector.rank for zone in report.listing.zones), "zone"),
        )
        for sector in report.listing.sectors
    ]
    facts += [(step.label, " ; ".join(step.actions)) for step in report.listing.calendar]
    if facts:
        with st.expander("Secteurs et calendrier lus"):
            html.show(html.facts(facts))
    if report.notes:
        with st.expander(f"Remarques sur le document ({len(report.notes)})"):
            sentences = [
                f"Ligne {note.row} : {note.what}" if note.row else note.what
                for note in report.notes[:_PAGE]
            ]
            html.show(html.bullets(sentences, "gz-steps"))
