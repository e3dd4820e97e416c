"""Style sheets of the app: sizes, weights and spaces come from the one list of `scale.css`."""

import re
from pathlib import Path

import pytest

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
