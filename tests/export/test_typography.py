"""Every file sets its sentences by the same function: apostrophes, no-break spaces, thousands."""

import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation

import geozones
from geozones.common.french import typeset
from geozones.export.registry import format_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.render.standalone_map import app_folder
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    ExportedPlan,
    ExportView,
    of_baseline,
    of_plan,
)

from .conftest import pages


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'outil d'Angers", "l’outil d’Angers"),
        ("aujourd'hui : 12 %", "aujourd’hui\u00a0: 12\u00a0%"),
        ("d'« Angers » ?", "d’«\u00a0Angers\u00a0»\u202f?"),
        ("12' et 'mot' à http://a/?b", "12' et 'mot' à http://a/?b"),
    ],
)
def test_a_sentence_is_set_as_printers_do_and_setting_it_again_changes_nothing(
    typed: str, printed: str
) -> None:
    assert typeset(typed) == printed
    assert typeset(printed) == printed


def test_what_scripts_of_maps_and_of_features_say_has_curly_apostrophes() -> None:
    package = Path(geozones.__file__).parent
    scripts = (*package.glob("export/*.js"), *package.glob("features/*/*.js"))
    scripts += (*app_folder().glob("static/*.js"),)
    said = [re.sub(r"(^|\s)//.*", "", file.read_text("utf-8")) for file in scripts]
    assert len(said) > 10
    assert re.findall(r"\w'[a-zéêâœ]{2}.*", "\n".join(said)) == []


def start(study: Study) -> ExportedPlan:
    return of_baseline(study.analysis)


def change(study: Study) -> ExportedPlan:
    moved = study.plan.move("0720012X", "SAR-4").move("0720013Y", "SAR-4")
    return of_plan(study.with_plan(moved), "essai.json")


def _deck(content: bytes) -> Iterator[str]:
    for slide in Presentation(io.BytesIO(content)).slides:
        yield slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            yield shape.text_frame.text if shape.has_text_frame else ""
            yield shape._element._nvXxPr.cNvPr.get("descr", "")
            for row in shape.table.rows if shape.has_table else ():
                yield from (cell.text for cell in row.cells)


def _workbook(content: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(values_only=True):
            yield from (cell for cell in row if isinstance(cell, str))


def words(kind: str, content: bytes, folder: Path) -> Iterator[str]:
    """Yield what a file says to a reader."""
    match kind:
        case "pptx":
            yield from _deck(content)
        case "xlsx":
            yield from _workbook(content)
        case "pdf":
            (folder / "file.pdf").write_bytes(content)
            yield from pages(folder / "file.pdf")
        case _:
            bare = re.sub(r"<(style|script)\b.*?</\1>", "", content.decode(), flags=re.DOTALL)
            yield from map(unescape, re.split(r"<[^>]+>", bare))
            script = content.decode().replace(r"\u0027", "'")
            yield from re.findall(r'"(?:name|spoken|note|text)":"(.*?)"', script)


@pytest.mark.parametrize("kind", ["pptx", "pdf", "xlsx", "html", "webinar"])
@pytest.mark.parametrize("plan", [start, change])
def test_no_file_has_a_straight_apostrophe_nor_a_number_without_a_thin_space(
    study: Study, kind: str, plan: Callable[[Study], ExportedPlan], tmp_path: Path
) -> None:
    subject = plan(study)
    if kind == "webinar":
        content = webinar_page(make_webinar(subject).webinar)
    else:
        content = format_of(kind).make(dossier(subject, ExportView()))
    said = list(words(kind, content, tmp_path))
    assert len(" ".join(said)) > 2_000
    straight = [text for text in said if re.search(r"[^\W\d_]'\w", text)]
    assert straight == []
    long = re.compile(r"(?<![\w.,/-])\d{4,}(?![\w/-])")
    numbers = [number for text in said for number in long.findall(text)]
    assert [number for number in numbers if not re.fullmatch(r"20[0-4]\d", number)] == []
