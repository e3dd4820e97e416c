"""Webinar show over the page: started by a button or by a link, run by the browser."""

import htpy
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from geozones.ui import STATIC

_HTML = htpy.div(".gz-start")[
    htpy.button(".gz-start-main", type="button")["Démarrer le webinaire"],
    htpy.button(type="button", hidden=True),
    htpy.button(type="button")["Ouvrir la vue de l'animateur"],
    htpy.p(".gz-blocked", role="alert", hidden=True)[
        "Le navigateur a bloqué la fenêtre : autorisez les fenêtres de ce site, puis recommencez."
    ],
    htpy.div(".gz-preview"),
]
_CSS = """
.gz-start { display: flex; flex-wrap: wrap; gap: var(--space-3); padding: var(--space-1);
  font-family: inherit; }
button { font: inherit; font-size: var(--type-text); font-weight: 600; cursor: pointer;
  min-height: var(--target); padding: var(--space-2) var(--space-5); border-radius: 6px;
  border: 1px solid var(--accent); background: #fff; color: var(--accent); }
button.gz-start-main { background: var(--accent); color: #fff; }
button:hover { box-shadow: 0 2px 10px rgba(20, 32, 43, .25); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.gz-preview { flex: 0 0 100%; aspect-ratio: 16 / 9; border-radius: 8px; overflow: hidden;
  background: #0b2233; }
.gz-preview iframe { width: 1280px; height: 720px; border: 0; pointer-events: none;
  transform: scale(var(--small)); transform-origin: 0 0; }
.gz-blocked { flex: 0 0 100%; margin: 0; color: #8f1d0c; }
[hidden] { display: none; }
"""


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    script = (STATIC / "webinar.js").read_text(encoding="utf-8")
    return st.components.v2.component("geozones.webinar", html=str(_HTML), css=_CSS, js=script)


def show_word(message: str) -> htpy.Element:
    """Return the message that a running show displays about its scenario; "" for none."""
    return htpy.div("#gz-show-word", data_said=message, hidden=True)


def webinar_show(page: str, *, step: int | None, rank: int, start: bool) -> None:
    """Draw the buttons that start a show from the first step or from ``step``, and a preview.

    ``page`` is the document to show; it stays in the browser. ``rank`` is the rank of the step's
    slide; ``step`` is ``None`` for a step that has no slide. ``start``: start at once, from a link.
    """
    data = {"page": page, "step": step, "rank": rank, "start": start}
    _component()(data=data, key="webinaire.spectacle")
