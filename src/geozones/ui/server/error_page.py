"""Error pages, in French, and the log entry of each fault."""

import logging
from datetime import UTC, datetime
from secrets import token_hex

import htpy
import streamlit as st

from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.ui import state
from geozones.ui.state.session_views import Arrival, Current, HypothesesView, ShownPage
from geozones.ui.widgets import html

_LOG = logging.getLogger(__name__)


def show_fault(error: Exception) -> None:
    """Show that a page failed and what to do, where the page is drawn; the user's work is kept."""
    what = htpy.p[
        htpy.strong["Cette page n'a pas pu être affichée jusqu'au bout."],
        " La faute vient de l'outil, pas de vous : votre travail est gardé.",
    ]
    advice = (
        "Réessayez. Si cela recommence, réessayez sans votre sélection, ou passez par la page "
        "Scénarios : ce qui est enregistré s'y retrouve. Pour le signaler, donnez ce code à qui "
        "installe l'outil : "
    )
    remedy = htpy.p[
        advice,
        htpy.strong[_logged(error)],
        ". Le journal du serveur garde le détail.",
    ]
    html.show(htpy.div(".gz-notice.gz-error", role="alert")[what, remedy])
    with st.container(horizontal=True):
        st.button("Réessayer", icon=":material/refresh:", key="porte.reessayer")
        st.button(
            "Réessayer sans ma sélection",
            icon=":material/filter_alt_off:",
            key="porte.sans-selection",
            on_click=state.forget_all,
            args=(Arrival, Current, HypothesesView, ShownPage),
        )
        st.page_link("pages/scenarios.py", label="Ouvrir Scénarios", icon=":material/account_tree:")


def show_fault_standalone(error: Exception) -> None:
    """Show that a standalone page failed, with no link elsewhere."""
    html.show(
        html.error(
            "Cette page n'a pas pu être affichée jusqu'au bout. La faute vient de l'outil, pas de "
            "vous. Rechargez-la ; si cela recommence, donnez ce code à la personne qui vous a "
            f"donné le lien : {_logged(error)}."
        )
    )


def show_gesture_fault(error: Exception) -> bool:
    """Show above the page, which stays as it was, that an action failed, and what to do.

    The message is a single element that replaces the first element of the page: a second element
    would replace one of the page's own. Returns ``True``, so that Streamlit shows no message of its
    own.
    """
    html.show(
        html.error(
            htpy.strong["Cette action n'a pas abouti."],
            " La faute vient de l'outil, pas de vous : votre travail est gardé, et la page est "
            "comme avant. Réessayez ; si cela recommence, passez par la page Scénarios. Pour le "
            "signaler, transmettez ce code à l'administrateur de l'outil : ",
            htpy.strong[_logged(error)],
            ". Le journal du serveur garde le détail.",
        )
    )
    return True


def _logged(error: Exception) -> str:
    """Log the details of a fault; return its code and its time, for users to quote."""
    code = token_hex(3).upper()
    _LOG.error("Fault %s", code, exc_info=error)
    record_event(TelemetryEvent.FAULT, code=code, error=type(error).__name__)
    return f"{code} ({datetime.now(UTC).strftime('%d/%m/%Y à %H:%M UTC')})"
