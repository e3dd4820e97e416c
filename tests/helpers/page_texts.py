"""Texts that a page under test shows, without its markup; the parts of each page."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

from geozones.ui.state.page_views import DataView, ShareView
from helpers.one_navigation import at_address
from helpers.waiting import PATIENCE

APP = Path(__file__).parents[2] / "app.py"
#: Fields of an element whose text is read by a person.
TEXTS = ("body", "label", "help", "placeholder", "value", "text", "caption")
PARTS = {
    "equipes": ("postes", "absence", "annee", "bilan"),
    "donnees": ("liste", "minutes", "territoires"),
    "partager": ("fichiers", "webinaire"),
}  # fmt: skip
VIEWS = {"equipes": "TeamView", "donnees": "DataView", "partager": "ShareView"}
#: What is no sentence: a command to copy, a style sheet, a script.
NO_SENTENCE = re.compile(r"<(code|style|script|svg|kbd)\b.*?</\1>", re.DOTALL)


def shown(app: AppTest) -> str:
    """Return the text of a page, without its markup."""
    return "\n".join(_texts(app))


def said(app: AppTest) -> str:
    """Return what a page says, as it is written for the browser."""
    return " ".join(element.proto.body for element in app.get("html"))


def read(app: AppTest) -> str:
    """Return what a page says, as it is read; it was drawn without a fault."""
    assert not app.exception
    return unescape(said(app))


def plain(app: AppTest) -> str:
    """Return what a page says with the spaces and apostrophes of a keyboard."""
    return read(app).translate({0xA0: " ", 0x202F: " ", 0x2019: "'"})


def everything(app: AppTest) -> str:
    """Return all that was sent to the browser."""
    return " ".join(str(element.proto) for element in app.main)


def _texts(app: AppTest) -> Iterator[str]:
    for block in (app.main, app.sidebar):
        for element in block:
            proto = getattr(element, "proto", None)
            for name in TEXTS:
                text = getattr(proto, name, "")
                if isinstance(text, str) and text:
                    yield unescape(re.sub(r"<[^>]+>", " ", NO_SENTENCE.sub(" ", text)))
            for option in getattr(proto, "options", ()):
                yield option if isinstance(option, str) else getattr(option, "content", "")


def opened(page: str = "carte", *records: object, **query: str) -> AppTest:
    """Open a page by its address, in a session that holds some records."""
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    for record in records:
        app.session_state[f"geozones.{type(record).__name__}"] = record
        if isinstance(record, ShareView | DataView):
            app.query_params["partie"] = record.part
    app.query_params.update(query)
    if page != "carte":
        at_address(app, page)
    app.run()
    assert not app.exception
    return app
