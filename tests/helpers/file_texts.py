"""Texts of the files that people take away: of a deck, a workbook, a document, a page."""

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from html import unescape

import openpyxl
from pptx import Presentation
from pptx.slide import Slide

_NO_SENTENCE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)


def slide_texts(slide: Slide) -> Iterator[str]:
    """Yield the texts of a slide, a row of a table at a time."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        for row in shape.table.rows if shape.has_table else ():
            yield " ".join(cell.text for cell in row.cells)


def slide_notes(slide: Slide) -> str:
    """Return what a presenter says of a slide."""
    return str(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else ""


def slides_of(content: bytes) -> list[Slide]:
    """Return the slides of a deck."""
    return list(Presentation(io.BytesIO(content)).slides)


def deck_text(content: bytes) -> str:
    """Return what is on the slides of a deck, without their notes."""
    return "\n".join(text for slide in slides_of(content) for text in slide_texts(slide))


def deck_and_notes(content: bytes) -> str:
    """Return what is on the slides of a deck, and their notes."""
    return "\n".join([deck_text(content), *map(slide_notes, slides_of(content))])


def book_text(content: bytes, sheet: str = "") -> str:
    """Return the cells of a workbook, or of one of its sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = (row for each in ([book[sheet]] if sheet else book) for row in each.values)
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)


def document_text(content: bytes) -> str:
    """Return the text of a PDF, a page after a form feed."""
    asked = ["pdftotext", "-", "-"]
    return subprocess.run(asked, input=content, capture_output=True, check=True).stdout.decode()


def page_text(content: bytes) -> str:
    """Return the text of a page, without its markup, its styles and its scripts."""
    return unescape(re.sub(r"<[^>]+>", " ", _NO_SENTENCE.sub(" ", content.decode())))


def change_sheet_text(content: bytes) -> str:
    """Return the sheet of a workbook that says what changes."""
    return book_text(content, "Ce qui change")


#: How what changes is read in each format that says it, by its key.
READERS: dict[str, Callable[[bytes], str]] = {
    "pptx": deck_text,
    "xlsx": change_sheet_text,
    "pdf": document_text,
    "html": page_text,
}
