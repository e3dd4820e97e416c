"""Repairs, each with its evidence and refusable; rows left to the user, with candidates."""

from html import escape

import streamlit as st

from geozones.domain.french import number, plural
from geozones.ui import state
from geozones.ui.components import html
from geozones.workspace import LEAVE, NEW, ListImport, Question, Repair, Work, Workspace

_PAGE = 60
_EVERY = "Toutes"
_FIELDS = {
    "code": "Codes UAI",
    "uai_associes": "Deux codes",
    "nom": "Noms",
    "commune": "Communes",
    "departement": "Départements",
    "zone": "Titres de zones",
}
_ONE = {
    "code": "code UAI",
    "uai_associes": "deux codes",
    "nom": "nom",
    "commune": "commune",
    "departement": "département",
    "zone": "titre de zone",
}
_LATER = "plus-tard"


def repairs_step(workspace: Workspace, _work: Work) -> None:
    """Show what was repaired, what is left to settle, and what cannot be used."""
    current = state.list_view().current
    if current is None:
        return
    report = current.report
    if not report.listing.rows:
        st.warning("Aucune ligne de lycée n'est reconnue : revenez aux colonnes, ou à la liste.")
        return
    repairs = sorted((*report.repairs, *report.refused), key=lambda repair: repair.key)
    repairs_side, rest_side = st.columns([1.5, 1], gap="large")
    with repairs_side:
        _repairs(current, repairs)
    with rest_side:
        _questions(workspace, current)
        _rejected(current)
        _facts(current)


def _repairs(current: ListImport, repairs: list[Repair]) -> None:
    st.html(f'<h3 class="gz-subtitle">{plural(len(repairs), "réparation")}</h3>')
    if repairs:
        st.html('<p class="gz-sources">Décochez une réparation pour la refuser.</p>')
    else:
        st.html(html.note("Rien à réparer : la liste est prise telle quelle."))
        return
    counts = {field: sum(repair.field == field for repair in repairs) for field in _FIELDS}
    kinds = {"": f"{_EVERY} ({len(repairs)})"} | {
        field: f"{label} ({counts[field]})" for field, label in _FIELDS.items() if counts[field]
    }
    shown = state.list_view().shown
    state.put("donnees.voir", shown if shown in kinds else "")
    st.segmented_control(
        "Réparations à voir",
        list(kinds),
        format_func=kinds.__getitem__,
        key="donnees.voir",
        label_visibility="collapsed",
        on_change=lambda: state.set_list_view(shown=state.widget("donnees.voir") or ""),
    )
    wanted = [repair for repair in repairs if shown in {"", repair.field}]
    with st.container(key="gz-repairs"):
        for repair in wanted[:_PAGE]:
            _repair(current, repair)
    if len(wanted) > _PAGE:
        rest = number(len(wanted) - _PAGE)
        st.html(html.note(f"… et {rest} autres du même genre, prises aussi."))


def _repair(current: ListImport, repair: Repair) -> None:
    key = f"donnees.reparation.{repair.row}.{repair.field}"
    state.put(key, repair.key not in current.decisions.refused)
    was = f"<s>« {escape(repair.was)} »</s>" if repair.was else "(vide)"
    take, said = st.columns([0.36, 1], gap="small", vertical_alignment="center")
    take.checkbox(
        f"Ligne {repair.row} · {_ONE.get(repair.field, repair.field)}",
        key=key,
        on_change=_judge,
        args=(key, repair),
    )
    said.html(
        f'<p class="gz-repair">{was} → <strong>{escape(repair.now)}</strong><br>'
        f"<small>{escape(repair.why)}</small></p>"
    )


def _judge(key: str, repair: Repair) -> None:
    current = state.list_view().current
    if current is not None:
        refused = not state.widget(key)
        state.set_list_view(current=current.with_repair(repair.row, repair.field, refused=refused))


def _questions(workspace: Workspace, current: ListImport) -> None:
    questions, chosen = current.report.questions, current.decisions.chosen
    settled = [row for row in chosen if row not in {question.row for question in questions}]
    st.html(f'<h3 class="gz-subtitle">{plural(len(questions), "ligne")} à trancher</h3>')
    for question in questions[:_PAGE]:
        _question(question)
    if len(questions) > _PAGE:
        rest = number(len(questions) - _PAGE)
        st.html(html.note(f"… et {rest} autres, à trancher après celles-ci."))
    for row in settled:
        said = chosen[row]
        name = workspace.name(said) if said in workspace.lycees else said
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(html.note(f"Ligne {row} : {name}, selon votre choix."))
            st.button(
                "Revenir sur ce choix",
                key=f"donnees.reprendre.{row}",
                on_click=_answer,
                args=(row, None),
            )
    if not questions and not settled:
        st.html(html.note("Aucune : chaque ligne est reconnue ou écartée avec sa raison."))


def _question(question: Question) -> None:
    names = {_LATER: "— à trancher"} | {
        entry.id: f"{entry.name} ({entry.commune}) · {entry.id} · {number(entry.score)} %"
        for entry in question.candidates
    }
    if question.may_be_new:
        names[NEW] = "Un nouveau lycée, absent de l'annuaire"
    names[LEAVE] = "Laisser cette ligne de côté"
    key = f"donnees.choix.{question.row}"
    st.html(
        f'<p class="gz-repair"><small>Ligne {question.row}</small><br>'
        f"<strong>{escape(question.text)}</strong><br><small>{escape(question.why)}</small></p>"
    )
    st.selectbox(
        f"Lycée de la ligne {question.row}",
        list(names),
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: _answer(question.row, state.widget(key)),
    )


def _answer(row: int, choice: str | None) -> None:
    current = state.list_view().current
    if current is not None:
        said = None if choice == _LATER else choice
        state.set_list_view(current=current.with_answer(row, said))


def _rejected(current: ListImport) -> None:
    rejected = current.report.rejected
    if rejected:
        rows = [(str(row.row), row.text, row.why) for row in rejected[: _PAGE * 3]]
        caption = f"{plural(len(rejected), 'ligne écartée', 'lignes écartées')}"
        st.html(html.table(caption, ("Ligne", "Lu", "Pourquoi"), rows, numeric=frozenset({0})))


def _facts(current: ListImport) -> None:
    """Show what the document says beside its rows: sectors, calendar, what was skipped."""
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
        with st.expander("Secteurs et calendrier lus", icon=":material/event_note:"):
            st.html(html.facts(facts))
    if report.notes:
        with st.expander(
            f"Remarques sur le document ({len(report.notes)})", icon=":material/info:"
        ):
            said = [
                f"Ligne {note.row} : {note.what}" if note.row else note.what
                for note in report.notes[:_PAGE]
            ]
            st.html(html.bullets(said, "gz-steps"))
