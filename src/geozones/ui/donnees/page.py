"""Page « Données »: import of lists in steps, quality of the data, travel times, territories."""

from functools import partial

import htpy
import streamlit as st

from geozones.common.french import plural
from geozones.domain.places import Precision
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.donnees.list_reading import (
    changes_step,
    columns_step,
    places_step,
    read_step,
    repairs_step,
)
from geozones.ui.donnees.minutes import minutes_part
from geozones.ui.donnees.new_territory import may_open, new_territory, open_territory, show_opening
from geozones.ui.notices import NOTICES, legal_notices
from geozones.ui.server.auth import actor, login_button
from geozones.ui.state import address
from geozones.ui.state.page_views import DataView, ListView, TerritoryView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import choose_part
from geozones.ui.widgets.scenario_bar import notice_box
from geozones.workspace.imports.session import ListImport, quality
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study
from geozones.workspace.territories import KnownTerritory, known_territories


def territories_part(study: Study) -> None:
    """Draw the territories; while one is being opened, only that."""
    opening = state.of(TerritoryView).opening
    if opening is not None:
        show_opening(opening)
        return
    known = known_territories()
    html.show(html.subtitle("Territoires de cette installation"))
    for rank, each in enumerate(known):
        _territory_row(study, each, rank)
    if not may_open():
        html.show(
            html.note(
                "Ce service garde un seul territoire pour tous. Pour en ouvrir un autre, "
                "demandez à l'administrateur de l'outil."
            )
        )
    if actor() == LOCAL:  # with a login, only the administrator makes territories, in a terminal
        new_territory()


def _territory_row(study: Study, territory: KnownTerritory, rank: int) -> None:
    """Draw a territory: its name, its folder, and a button that opens it."""
    sites = terms().site.counted(len(study.territory.lycees))
    row = st.container(
        horizontal=True, vertical_alignment="center", width=640, key=f"gz-territoire-{rank}"
    )
    with row:
        html.show(
            htpy.p(".gz-territory")[
                htpy.strong[territory.name],
                f" · ouvert · {sites}" if territory.is_open else "",
                actor() == LOCAL and [htpy.br, htpy.small[str(territory.folder)]],
            ]
        )
        if not territory.is_open and not territory.problem and may_open():
            st.button(
                "Ouvrir",
                key=f"territoire.ouvrir.{rank}",
                on_click=partial(open_territory, territory),
            )
    if territory.problem:
        html.show(html.error(territory.problem))


_STEPS = (
    ("Liste", read_step),
    ("Colonnes", columns_step),
    ("Réparations", repairs_step),
    ("Lieux", places_step),
    ("Changements", changes_step),
)
_SHOWN = 40


_PARTS = {
    "liste": "Liste",
    "minutes": "Minutes",
    "territoires": "Territoires",
}
#: Parts of former addresses, and the part that replaced each.
_FORMER = dict.fromkeys(("fiabilite", "pointe", "moteurs"), "minutes")


def donnees(study: Study) -> None:
    """Draw the page: lists, travel times, territories; the legal notices have no button."""
    notices = address.asked_part() == NOTICES
    if notices:
        html.show(html.title("Sources, accessibilité, vie privée"))
    else:
        html.show(html.title("Données", worded("listes {of_plural_site}, durées, territoires")))
    notice_box()
    login_button()
    if notices:
        legal_notices(study)
    else:
        _DRAWN[choose_part(DataView, _PARTS, former=_FORMER)](study)
    address.publish(current_scenario.current())


def _lists(study: Study) -> None:
    """Show the current step of the import, then the quality board."""
    work = current_scenario.current()
    view = state.of(ListView)
    html.show(
        html.note(
            worded(
                "Importer une liste {of_plural_site} et de zones : rien n'est écrit avant la "
                "dernière étape."
            )
        )
    )
    html.show(_progress(view.step))
    title, step = _STEPS[view.step - 1]
    with st.container(key="gz-step"):
        html.show(html.subtitle(f"{view.step}. {title}"))
        step(study, work)
        _buttons(view)
    html.show(html.subtitle("Qualité des données"))
    if view.current is not None:
        html.show(_list_board(view.current))
    _board(study, work)


_DRAWN = {"liste": _lists, "minutes": minutes_part, "territoires": territories_part}


def _progress(step: int) -> htpy.Element:
    """Return the steps as a list, with the current one marked."""
    items = [
        htpy.li(
            class_="gz-now" if rank == step else "gz-done" if rank < step else None,
            aria_current="step" if rank == step else None,
        )[f"{rank}. {name}"]
        for rank, (name, _) in enumerate(_STEPS, start=1)
    ]
    return htpy.ol(".gz-progress", aria_label="Étapes de l'import")[items]


def _buttons(view: ListView) -> None:
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
    state.update(ListView, step=step)
    state.clear_notice()


def _give_up() -> None:
    state.forget(ListView)
    state.notify("ok", "Import abandonné : rien n'a été écrit.")


def _new(count: int) -> str:
    """Write a count of new lycées."""
    agreeing = terms().site.agreeing
    return plural(count, agreeing("nouveau", "nouvelle"), agreeing("nouveaux", "nouvelles"))


def _list_board(current: ListImport) -> htpy.Element:
    """Return the figures of the list: rows, repairs, provisional keys, rows left out."""
    report = current.report
    provisional = sum(row.is_provisional for row in report.accepted)
    twice = sum("déjà" in question.why for question in report.ambiguous)
    new = sum(not row.known for row in report.accepted)
    cards = (
        ("Lignes lues", str(len(report.listing.rows)), current.name),
        ("Reconnues", str(len(report.accepted)), f"dont {_new(new)}"),
        ("Réparations", str(len(report.repairs)), plural(len(report.refused), "refusée")),
        ("Clés provisoires", str(provisional), worded("sans {code}")),
        ("Doublons", str(twice), "dans deux zones"),
        (
            "Laissées",
            str(len(report.ambiguous) + len(report.rejected)),
            f"{len(report.ambiguous)} à trancher",
        ),
    )
    return html.figures("Qualité de la liste", cards)


def _board(study: Study, work: Work) -> None:
    """Show the doubts about the lycées of the current plan."""
    doubts = quality(study.territory.lycees)
    where = "du scénario" if work.state.places else "des données livrées"
    cards = (
        (worded("{Sites}"), str(doubts.lycees), where),
        ("Clés provisoires", str(len(doubts.provisional)), worded("sans {code} publié")),
        (
            "Positions approximatives",
            str(len(doubts.imprecise)),
            "ni adresse, ni correction",
        ),
        ("Doublons possibles", str(len(doubts.twins)), "même point, ou même nom"),
    )
    html.show(html.figures(f"Qualité {where}", cards))
    rows = [(*_row(study, key), "clé provisoire") for key in doubts.provisional]
    rows += [
        (*_row(study, key), f"position {Precision(study.territory.lycees[key].precision).about}")
        for key in doubts.imprecise
    ]
    rows += [
        (*_row(study, key), "même point ou même nom qu'un autre")
        for keys in doubts.twins
        for key in keys
    ]
    if rows:
        with st.expander("Ce qui est à vérifier"):
            heads = (worded("{Site}"), "Commune", "Code", "À vérifier")
            html.show(html.table(worded("{Sites} à vérifier"), heads, rows[:_SHOWN]))


def _row(study: Study, key: str) -> tuple[str, str, str]:
    lycee = study.territory.lycees[key]
    return lycee.name, lycee.commune, key
