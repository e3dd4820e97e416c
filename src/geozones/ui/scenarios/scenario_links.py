"""Links of a scenario: one to edit it, and read-only links to its versions, which may expire."""

from datetime import timedelta

import htpy
import streamlit as st

from geozones.common.french import long_date
from geozones.domain import Scenario
from geozones.domain.links import SharedLink
from geozones.ui import current_scenario, state
from geozones.ui.shared_pages.link_pictures import PICTURES
from geozones.ui.state import address
from geozones.ui.state.carte_views import Mode
from geozones.ui.state.scenarios_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.links import embed_code, link_box, whole_link

#: Days that a link stays open, with the name of each choice.
_LASTS = {"": "Sans limite", "30": "30 jours", "90": "3 mois", "365": "Un an"}


def scenario_links(scenario: Scenario) -> None:
    """Draw the links of a scenario, and the buttons that create and withdraw them."""
    key = scenario.id
    edit = whole_link(asks={address.MODE: Mode.EDIT, address.SCENARIO: key})
    html.show(
        html.stack(
            html.note("Lien pour modifier : à confier aux planificateurs. Il suit le scénario."),
            link_box(edit, f"Modifier « {scenario.name} »"),
            html.note(
                "Lien pour décider : une page sans outils, pour la direction. Ce qu'elle montre "
                "ne change plus, et rien d'autre ne s'ouvre par ce lien."
            ),
        )
    )
    chooser("Le lien est valable", _LASTS, state.bound(ScenariosView, "lasts"))
    state.bound(ScenariosView, "comments").draw(
        st.checkbox, "Permettre les commentaires sur ce lien"
    )
    st.button(
        "Figer cette version et obtenir un lien en lecture seule",
        icon=":material/ac_unit:",
        key="scenario.figer",
        on_click=_freeze,
        args=(key,),
    )
    for rank, link in enumerate(current_scenario.scenarios().sharing.links(key)):
        _link(scenario.name, link, rank)


@state.reporting_errors()
def _freeze(key: str) -> None:
    service = current_scenario.scenarios()
    days, comments = state.of(ScenariosView).lasts, state.of(ScenariosView).comments
    last = (address.now().date() + timedelta(days=int(days))).isoformat() if days else ""
    PICTURES.start(service.sharing.freeze(service.open(key), last, comments=comments))
    state.notify("ok", "Cette version est figée : son lien est dans « Partager ».")


def _link(name: str, link: SharedLink, rank: int) -> None:
    made = f"Version du {long_date(link.at)}"
    if not link.is_open(address.now().date().isoformat()):
        when = f"retiré le {long_date(link.withdrawn)}" if link.withdrawn else ""
        html.show(html.note(f"{made} : lien {when or f'expiré le {long_date(link.expires)}'}."))
        return
    until = f", valable jusqu'au {long_date(link.expires)}" if link.expires else ""
    whole = whole_link(asks={address.FROZEN: link.token})
    html.show(
        html.stack(
            htpy.h4(".gz-subtitle")[f"{made}{until}"],
            link_box(whole, f"Scénario « {name} »"),
            embed_code(whole, name),
        )
    )
    st.button(
        "Retirer ce lien",
        icon=":material/link_off:",
        key=f"scenario.retirer.{rank}",
        on_click=_withdraw,
        args=(link.token,),
    )


@state.reporting_errors()
def _withdraw(token: str) -> None:
    current_scenario.scenarios().sharing.withdraw_link(token)
    PICTURES.forget(token)
    state.notify("ok", "Le lien est retiré : sa page annonce qu'il est fermé.")
