"""HTML of the pages is made of elements, its style sheets of one scale."""

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


SHEETS = Path(__file__).parents[2] / "src/geozones/ui/static"
NAMES = sorted(path.name for path in SHEETS.glob("*.css"))
#: A space: none, a token, a line of a pixel or two, a part of the window or of the paper.
_SPACE = re.compile(
    r"-?(?:0|[123]px|[\d.]+(?:vh|mm|%)|auto|inherit)|calc\(.*\)|var\(--space-[1-6]\)"
)
_SPACED = re.compile(
    r"(?<![\w-])(?:padding|margin|(?:row-|column-)?gap)(?:-(?:left|right|top|bottom|inline|block))?"
    r":\s*([^;}]+)"
)


def rules(name: str) -> str:
    """Return a style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (SHEETS / name).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_sizes_and_weights_are_those_of_the_scale(name: str) -> None:
    text = rules(name)
    written = re.findall(r"font-size:\s*([^;}!]+)", text)
    in_short = re.findall(r"(?<![\w-])font:\s*(?!inherit)\S+\s+([^\s/]+)", text)
    # Streamlit's own word is hidden by a size of 0 where French takes its place
    other = {"0", "100%", "200%", "inherit"}
    assert not [size for size in written + in_short if not size.startswith("var(--type-")
                and size.strip() not in other]  # fmt: skip
    weights = re.findall(r"font-weight:\s*(\d+)", text) + re.findall(r"font:\s*(\d+)\s", text)
    assert set(weights) <= {"400", "600"}


# the first picture of the plan lies where the map will have drawn it
@pytest.mark.parametrize("name", [name for name in NAMES if name != "first_picture.css"])
def test_spaces_are_of_the_one_list(name: str) -> None:
    strange = [
        (value, part)
        for value in _SPACED.findall(rules(name))
        for part in re.findall(r"calc\((?:[^()]|\([^()]*\))*\)|[^\s!]+", value)
        if part != "important" and not _SPACE.fullmatch(part)
    ]
    assert strange == []


def test_there_are_five_sizes_six_spaces_and_one_accent() -> None:
    tokens = dict(re.findall(r"--([\w-]+):\s*([^;]+);", rules("scale.css")))
    pixels = {name: float(size[:-3]) * 16 for name, size in tokens.items() if size[-3:] == "rem"}
    types = [size for name, size in pixels.items() if name.startswith("type-")]
    assert types == [12, 14, 16, 20, 28]
    assert [size for name, size in pixels.items() if "space" in name] == [4, 8, 12, 16, 20, 24]
    for name in NAMES:
        assert name == "scale.css" or tokens["accent"] not in rules(name)
