"""Texts that a page under test shows, without its markup; the parts of each page."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

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


def opened(page: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    if page != "carte":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app
