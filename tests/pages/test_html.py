"""HTML of the pages is made of elements, whose text is never taken for markup."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import htpy
import pytest

from geozones.ui.widgets import html
from geozones.ui.widgets.sharing import picture_element

UI = Path(html.__file__).parents[1]
FEATURES = UI.parent / "features"
FILES = sorted([*UI.rglob("*.py"), *FEATURES.rglob("parts.py"), *FEATURES.rglob("parts/*.py")])
TAG = re.compile(r"</?[a-z][a-z0-9]*[\s/>]|&[a-z]+;|&#", re.IGNORECASE)
HOSTILE = "</td><script>alert(\"1\")</script> & <b class='x'>"
#: What hands the style sheet and scripts of the app itself to the browser, and ``html.show``.
HANDS_OVER = {"frame.py", "address.py", "html.py"}


def written(tree: ast.Module) -> Iterator[ast.Constant]:
    """Strings of a module, pieces of f-strings too, without those that only say something."""
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(UI.parent)))
def test_no_page_writes_html_by_hand(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    by_hand = [node.value for node in written(tree) if TAG.search(str(node.value))]
    assert by_hand == []
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) != "htpy.html"
    }
    assert "escape" not in called
    assert "html" not in called or file.name in HANDS_OVER


#: What of Streamlit reads Markdown, and would take the name of a scenario for some.
MARKDOWN = {"error", "warning", "info", "success", "exception", "toast", "markdown", "write"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(UI.parent)))
def test_no_message_of_a_page_is_read_as_markdown(file: Path) -> None:
    """Messages quote what people wrote: they go by ``html.error`` and its like."""
    called = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    own = {"st.markdown"} if file.name == "notices.py" else set()  # its page of Markdown
    assert [name for name in called if name in {f"st.{kind}" for kind in MARKDOWN} - own] == []


class Reader(HTMLParser):
    """The tags and the text that a browser would find."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize(
    ("piece", "tags"),
    [
        (html.title(HOSTILE, HOSTILE), "h1 small"),
        (html.subtitle(HOSTILE), "h2"),
        (html.error(HOSTILE), "p"),
        (html.warning(HOSTILE), "p"),
        (html.card(htpy.h3[HOSTILE], html.note(HOSTILE)), "div h3 p"),
        (html.facts([(HOSTILE, HOSTILE)]), "dl dt dd"),
        (html.bullets([HOSTILE], "gz-steps"), "ul li"),
        (html.figures(HOSTILE, [(HOSTILE, HOSTILE, HOSTILE)]), "section div span span span"),
        (
            html.table(HOSTILE, [HOSTILE, HOSTILE], [[HOSTILE, HOSTILE]], numeric=frozenset({1})),
            "div table caption thead tr th th tbody tr th td",
        ),
        (html.legend(HOSTILE, [(html.swatch(HOSTILE), HOSTILE)]), "ul li span"),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_text_of_people_stays_text(piece: htpy.Element, tags: str) -> None:
    read = Reader(str(piece))
    assert read.tags == tags.split()
    assert HOSTILE in "".join(read.texts)
    labels = [value for name, value in read.attributes if name == "aria-label"]
    assert labels in ([], [HOSTILE])


def test_a_table_says_what_its_heads_are_and_which_columns_are_numbers() -> None:
    made = html.table(
        "Zones", ["Zone", "Lycées"], [["Nord", "5"]], numeric=frozenset({1}), hidden_caption=True
    )
    assert str(made) == (
        '<div class="gz-scroll" tabindex="0" role="region" aria-label="Zones">'
        '<table class="gz-table"><caption class="gz-hidden">Zones</caption>'
        '<thead><tr><th scope="col">Zone</th><th scope="col" class="gz-number">Lycées</th></tr>'
        '</thead><tbody><tr><th scope="row">Nord</th><td class="gz-number">5</td></tr></tbody>'
        "</table></div>"
    )


def test_a_picture_and_its_caption_are_a_named_figure() -> None:
    markup = str(picture_element(b"", "Aperçu : la région", "Aperçu : la région"))
    assert '<figure class="gz-preview" role="figure" aria-label="Aperçu : la région">' in markup
    assert 'alt="Aperçu : la région"' in markup
    assert "<figcaption>Aperçu : la région" in markup
