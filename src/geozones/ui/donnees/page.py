"""Page « Données »: parts of features, travel times, territories."""

from functools import partial

import htpy
import streamlit as st

from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.donnees.minutes import minutes_part
from geozones.ui.donnees.opening import may_open, open_territory, show_opening
from geozones.ui.feature_parts import data_parts, feature_parts
from geozones.ui.notices import NOTICES, legal_notices
from geozones.ui.server.auth import actor, login_button
from geozones.ui.state import address
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import choose_part
from geozones.ui.widgets.scenario_bar import notice_box
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territories import KnownTerritory, known_territories
from geozones.workspace.roles import LOCAL


def territories_part(study: Study) -> None:
    """Draw the territories; while one is being opened, only that."""
    opening = state.of(DataView).opening
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
                "demandez à la personne qui a installé l'outil."
            )
        )
    if actor() == LOCAL:  # with a login, only the administrator makes territories, in a terminal
        for parts in feature_parts():
            parts.new_territory()


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


_PARTS = {"minutes": "Minutes", "territoires": "Territoires"}
_DRAWN = {"minutes": minutes_part, "territoires": territories_part}
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
        names = {part.key: part.label for part in data_parts()} | _PARTS
        drawn = {part.key: part.draw for part in data_parts()} | _DRAWN
        drawn[choose_part(DataView, names, former=_FORMER)](study)
    address.publish(current_scenario.current())
