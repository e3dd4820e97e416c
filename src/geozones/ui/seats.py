"""How many pages the server has open at once: one more is told so, and nothing is drawn for it."""

from threading import Lock

import htpy
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.french import plural
from geozones.ui.components import html
from geozones.workspace.apart.bounds import read_bounds

_taken: set[str] = set()
_lock = Lock()


def has_seat() -> bool:
    """Tell whether the server has room for this session, which has it until it is closed.

    Raises
    ------
    InputError
        If the bound of the settings is none.
    """
    context = get_script_run_ctx()
    if context is None or not exists():
        return True
    with _lock:
        if context.session_id not in _taken and len(_taken) >= read_bounds().sessions:
            is_open = get_instance().is_active_session
            _taken.intersection_update({one for one in _taken if is_open(one)})
            if len(_taken) >= read_bounds().sessions:
                return False
        _taken.add(context.session_id)
        return True


def say_full() -> None:
    """Say that there is no room, and what to do."""
    open_pages = plural(read_bounds().sessions, "page ouverte", "pages ouvertes")
    html.show(
        html.error(
            htpy.strong["Le serveur est complet."],
            f" Il a déjà {open_pages}, le plus qu'il accorde. Fermez-en une dont vous ne "
            "vous servez plus, ou rechargez celle-ci dans quelques minutes ; rien de ce qui est "
            "enregistré n'est perdu.",
        )
    )
