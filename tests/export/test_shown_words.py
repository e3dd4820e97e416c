"""What files say is French: no English, no name of a setting, no fault of agreement."""

import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from pptx import Presentation

from geozones.export import Dossier
from helpers.shown_words import faults

from .conftest import Drawn

NO_SENTENCE = re.compile(r"<(style|script|svg)\b.*?</\1>", re.DOTALL)


def of_html(content: bytes) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", NO_SENTENCE.sub(" ", content.decode())))


def of_deck(content: bytes) -> str:
    said = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                said.append(shape.text_frame.text)
            if shape.has_table:
                said += [cell.text for row in shape.table.rows for cell in row.cells]
        said.append(slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "")
    return "\n".join(said)


def of_workbook(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [value for sheet in book for row in sheet.values for value in row]
    return "\n".join(value for value in cells if isinstance(value, str))


@pytest.mark.parametrize(
    ("key", "read"), [("html", of_html), ("pptx", of_deck), ("xlsx", of_workbook)]
)
@pytest.mark.parametrize("subject", ["toy_region", "toy_trial"])
def test_a_file_is_in_french(
    key: str,
    read: Callable[[bytes], str],
    subject: str,
    drawn: Drawn,
    request: pytest.FixtureRequest,
) -> None:
    dossier: Dossier = request.getfixturevalue(subject)
    text = read(drawn(dossier, key)).replace("essai.json", "…")  # the name of a file given
    assert len(text) > 1000
    assert faults(text) == ()
