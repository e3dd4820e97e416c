"""The document and the sheets of lycées: tagged, told in words, on pages of their size."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pdfua
import pikepdf
import pytest

from geozones.common.french import typeset
from geozones.export import Dossier
from geozones.export.messages import message_of
from geozones.export.pdf import report
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

from .conftest import Drawn, pages


@pytest.fixture(scope="module")
def files(
    toy_views: dict[str, Dossier],
    toy_trial: Dossier,
    drawn: Drawn,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The document of two plans, on A4 and A3, and the sheets of the lycées that change."""
    folder = tmp_path_factory.mktemp("document")
    made = {
        "report": drawn(toy_views["region"], "pdf"),
        "a3": report(toy_views["region"], "a3"),
        "sheets": drawn(toy_trial, "fiches"),
    }
    for name, content in made.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return {name: folder / f"{name}.pdf" for name in made}


def tagged(file: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    """The elements of a kind in the tree of tags."""
    return [
        element
        for element in file.objects
        if isinstance(element, pikepdf.Dictionary) and element.get("/S") == f"/{kind}"
    ]


@pytest.mark.parametrize("name", ["report", "a3"])
def test_a_document_is_tagged_titled_in_french_and_has_an_outline(
    files: dict[str, Path], name: str
) -> None:
    with pikepdf.open(files[name]) as file:
        root = file.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("fr")
        assert root.ViewerPreferences.DisplayDocTitle
        assert "/Outlines" in root
        assert file.docinfo["/Title"]
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        figures = tagged(file, "Figure")
        assert figures
        assert all(str(figure.Alt).startswith(("Carte", "Deux cartes")) for figure in figures)
        assert tagged(file, "H1")
        assert tagged(file, "TH")
    assert not list(pdfua.validate(files[name]).findings)


def test_the_cells_that_name_rows_are_their_headers(files: dict[str, Path]) -> None:
    with pikepdf.open(files["report"]) as file:
        heads = [str(element.get("/A")) for element in tagged(file, "TH")]
        moved = len([one for one in heads if "/Row" in one])
        rows = len(tagged(file, "TR"))
        tables = len(tagged(file, "Table"))
    assert tables > 1
    assert moved == rows - tables  # every row but the heads of columns


@pytest.mark.parametrize("name", ["report", "a3"])
def test_maps_are_vectors_with_the_meaning_of_their_signs(
    files: dict[str, Path], name: str
) -> None:
    with pikepdf.open(files[name]) as file:
        kinds = {
            str(each.get("/Subtype"))
            for each in file.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Type") == "/XObject"
        }
        assert "/Image" not in kinds
        used = " ".join(str(font.get("/BaseFont")) for font in file.objects if is_font(font))
        assert "SourceSansPro-Regular" in used
    text = " ".join(pages(files[name]))
    for meaning in ("communes qui changent de zone", "brouillon de l’outil, non décidé"):
        assert meaning in text


@pytest.mark.parametrize(("name", "width_mm"), [("report", 210), ("a3", 297)])
def test_a_document_is_on_the_paper_asked_for(
    files: dict[str, Path], name: str, width_mm: int
) -> None:
    with pikepdf.open(files[name]) as file:
        (width,) = {round(float(page.mediabox[2])) for page in file.pages}
    assert width == round(width_mm / 25.4 * 72)


def is_font(each: pikepdf.Object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"


def test_the_document_of_a_change_tells_it_alone_the_finding_first(
    files: dict[str, Path], toy_views: dict[str, Dossier]
) -> None:
    text = " ".join(pages(files["report"]))
    comparison = toy_views["region"].comparison
    assert comparison is not None
    heads = (
        " ".join(message_of(comparison).title.split()),
        "Plan du fichier essai.json (non décidé)",
        "par rapport au plan de départ",
        "Avant",
        "Heures de route",
        "Ce qui est demandé",
        "1 lycée change de zone",
        "chiffres sont moins bons",
        "points de vigilance au lieu de",
        "Décision demandée",
        "Sources et version",
    )
    at = [text.find(head) for head in heads]
    assert -1 not in at
    assert at == sorted(at)
    (row,) = re.findall(r"1 lycée change de zone (.*?) chiffres sont moins bons", text)
    for said in ("Sud (brouillon", "Descartes (Doué)", "Le Bocage", "La Côte"):
        assert said in row
    assert len(pages(files["report"])) <= 3
    for left_out in ("Calendrier", "Secteur Nord", "Secteur Sud"):
        assert left_out not in text.replace("Le secteur", "")


def test_readers_are_told_the_date_and_the_sources_of_a_plan_and_no_fingerprint_but_there(
    files: dict[str, Path], toy_trial: Dossier
) -> None:
    mark = toy_trial.version.fingerprint
    for name, path in files.items():
        told = " ".join(pages(path)).split("Sources et version")
        assert mark not in told[0], name
        assert sum(part.count(mark) for part in told) == 1, name


def test_names_that_no_font_holds_and_markup_are_only_text(hostile_dossier: Dossier) -> None:
    small = hostile_dossier.sectors[1]
    content = report(_only(hostile_dossier, small.id))
    with pikepdf.open(io.BytesIO(content)) as file:
        assert file.Root.MarkInfo.Marked


def _only(whole: Dossier, sector: str) -> Dossier:
    (row,) = (row for row in whole.sectors if row.id == sector)
    name = 'Secteur *#let x = 1* 🎓 שלום $a$ "'
    zone = replace(row.zones[0], name=name)
    return replace(whole, sectors=(replace(row, name=name, zones=(zone,)),), points=())


def test_the_number_of_a_zone_is_beside_its_look_and_its_name(study: Study, tmp_path: Path) -> None:
    view = dossier(of_baseline(study.analysis), ExportView("sector", "nantes"))
    (tmp_path / "nantes.pdf").write_bytes(report(view))
    told = " ".join(pages(tmp_path / "nantes.pdf"))
    numbers = [zone.number for zone in view.zones]
    assert min(numbers) > 9
    for zone in view.zones:
        assert f"{zone.number} {typeset(zone.name)[:16].strip()}" in told


def test_sheets_of_the_lycees_that_change_are_a_page_each_with_their_sources(
    files: dict[str, Path], toy_trial: Dossier
) -> None:
    read = pages(files["sheets"])
    sheets = [sheet for sheet in toy_trial.sheets if sheet.changes]
    assert 0 < len(sheets) < len(toy_trial.lycees)
    assert len(read) == len(sheets) + 1
    for sheet, page in zip(sheets, read, strict=False):
        assert sheet.name in page
        assert "Zone de continuité" in page
        assert "Avant" in page
        assert "Calendrier" not in page
        assert toy_trial.sources[0][:30] in " ".join(page.split())
    with pikepdf.open(files["sheets"]) as file:
        assert tagged(file, "H1")
    assert not list(pdfua.validate(files["sheets"]).findings)
