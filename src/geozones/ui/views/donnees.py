"""The page « Données »: a list imported in steps, and how good the data are."""

from html import escape

import streamlit as st

from geozones.domain.french import plural
from geozones.ui import desk, state
from geozones.ui.auth import login_button
from geozones.ui.components import html, legend
from geozones.ui.components.list_changes import changes_step, places_step
from geozones.ui.components.list_reading import columns_step, read_step
from geozones.ui.components.list_repairs import repairs_step
from geozones.ui.components.moves import notice_box
from geozones.workspace import ListImport, Work, Workspace, quality

_STEPS = (
    ("Liste", read_step),
    ("Colonnes", columns_step),
    ("Réparations", repairs_step),
    ("Lieux", places_step),
    ("Changements", changes_step),
)
_SHOWN = 40


def donnees(workspace: Workspace) -> None:
    """Draw the page: the step that the import is at, then the quality board."""
    work = desk.current(workspace)
    view = state.list_view()
    st.html(
        '<h1 class="gz-title">Données <small>importer une liste de lycées et de zones ; rien '
        "n'est écrit avant la dernière étape</small></h1>"
    )
    notice_box()
    login_button()
    st.html(_progress(view.step))
    title, step = _STEPS[view.step - 1]
    with st.container(key="gz-step"):
        st.html(f'<h2 class="gz-subtitle">{view.step}. {escape(title)}</h2>')
        step(workspace, work)
        _buttons(view)
    st.html('<h2 class="gz-subtitle">Qualité des données</h2>')
    if view.current is not None:
        st.html(_list_board(view.current))
    _board(workspace, work)
    legend.sources(workspace)
    state.publish(work)


def _progress(step: int) -> str:
    """Return the steps as a list, the one at hand marked."""
    items = "".join(
        f'<li class="{"gz-now" if rank == step else "gz-done" if rank < step else ""}"'
        f"{' aria-current="step"' if rank == step else ''}>{rank}. {escape(name)}</li>"
        for rank, (name, _) in enumerate(_STEPS, start=1)
    )
    return f'<ol class="gz-progress" aria-label="Étapes de l\'import">{items}</ol>'


def _buttons(view: state.ListView) -> None:
    if view.current is None:
        return
    with st.container(horizontal=True):
        if view.step > 1:
            st.button(
                "Retour",
                icon=":material/arrow_back:",
                key="donnees.retour",
                on_click=_go,
                args=(view.step - 1,),
            )
        if view.step < len(_STEPS):
            st.button(
                "Continuer",
                icon=":material/arrow_forward:",
                key="donnees.continuer",
                type="primary",
                on_click=_go,
                args=(view.step + 1,),
            )
        st.button(
            "Abandonner l'import",
            icon=":material/close:",
            key="donnees.abandonner",
            on_click=_give_up,
        )


def _go(step: int) -> None:
    state.set_list_view(step=step)
    state.clear_notice()


def _give_up() -> None:
    state.end_list()
    state.notify("ok", "Import abandonné : rien n'a été écrit.")


def _list_board(current: ListImport) -> str:
    """Return the figures of the list: rows, repairs, provisional keys, what is left."""
    report = current.report
    provisional = sum(row.is_provisional for row in report.accepted)
    twice = sum("déjà" in question.why for question in report.questions)
    new = sum(not row.known for row in report.accepted)
    cards = (
        ("Lignes lues", str(len(report.listing.rows)), current.name),
        ("Reconnues", str(len(report.accepted)), f"dont {plural(new, 'nouveau', 'nouveaux')}"),
        ("Réparations", str(len(report.repairs)), plural(len(report.refused), "refusée")),
        ("Clés provisoires", str(provisional), "sans code UAI"),
        ("Doublons", str(twice), "dans deux zones"),
        (
            "Laissées",
            str(len(report.questions) + len(report.rejected)),
            f"{len(report.questions)} à trancher",
        ),
    )
    return html.figures("Qualité de la liste", cards)


def _board(workspace: Workspace, work: Work) -> None:
    """Show what is doubtful about the lycées of the plan at work."""
    found = quality(workspace.lycees)
    where = "du scénario" if work.state.places else "des données livrées"
    cards = (
        ("Lycées", str(found.lycees), where),
        ("Clés provisoires", str(len(found.provisional)), "sans code UAI publié"),
        ("Lieux imprécis", str(len(found.imprecise)), "ni adresse ni main"),
        ("Doublons possibles", str(len(found.twins)), "même point, ou même nom"),
    )
    st.html(html.figures(f"Qualité {where}", cards))
    rows = [(*_told(workspace, key), "clé provisoire") for key in found.provisional]
    rows += [
        (*_told(workspace, key), f"position {workspace.lycees[key].precision}")
        for key in found.imprecise
    ]
    rows += [
        (*_told(workspace, key), "même point ou même nom qu'un autre")
        for keys in found.twins
        for key in keys
    ]
    if rows:
        with st.expander("Ce qui est à vérifier", icon=":material/fact_check:"):
            heads = ("Lycée", "Commune", "Code", "À vérifier")
            st.html(html.table("Lycées à vérifier", heads, rows[:_SHOWN]))


def _told(workspace: Workspace, key: str) -> tuple[str, str, str]:
    lycee = workspace.lycees[key]
    return lycee.name, lycee.commune, key
