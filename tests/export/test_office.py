"""The deck and the workbook, as LibreOffice opens them."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.slide import Slide

from geozones.export import Dossier
from geozones.export.deck import pptx
from geozones.export.xlsx import xlsx
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan

from .conftest import Drawn, converted

type Decks = dict[str, bytes]


@pytest.fixture(scope="module")
def mayenne(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))


@pytest.fixture(scope="module")
def decks(hostile_dossier: Dossier, toy_trial: Dossier, mayenne: Dossier, drawn: Drawn) -> Decks:
    """The decks of these tests, made once."""
    views = {"trial": toy_trial, "hostile": hostile_dossier, "mayenne": mayenne}
    return {name: drawn(view, "pptx") for name, view in views.items()}


@pytest.fixture(scope="module")
def opened(
    decks: Decks,
    mayenne: Dossier,
    hostile_dossier: Dossier,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, list[str]]:
    """The pages of every document of these tests: LibreOffice is started once."""
    folder = tmp_path_factory.mktemp("office")
    documents = {f"{name}.pptx": content for name, content in decks.items()}
    documents |= {"sheets.xlsx": xlsx(mayenne), "names.xlsx": xlsx(hostile_dossier)}
    for name, content in documents.items():
        Path(folder / name).write_bytes(content)
    return converted(folder, *documents)


def slides(content: bytes) -> list[Slide]:
    return list(Presentation(io.BytesIO(content)).slides)


def test_a_deck_of_the_region_has_the_organisation_of_the_document(study: Study) -> None:
    region = dossier(of_baseline(study.analysis), ExportView())
    deck = slides(pptx(replace(region, sectors=region.sectors[:2])))
    slide = next(each for each in deck if titled(each).startswith("Un RNS par secteur"))
    text = " ".join(words for words, _ in texts(slide))
    for said in ("Pôle Numérique", "7, un par secteur (+3)", "4 chargés d’opérations (C.O.)"):
        assert said in text
    steps = text[text.index("L’escalade d’une demande") :]
    assert steps.index("T.I.P.") < steps.index("T.I.S.") < steps.index("Cellule Expertise")
    assert "(3. La nouvelle organisation" in text  # a quote has its source
    without = pptx(replace(region, sectors=region.sectors[:2], organisation=None))
    assert not any(titled(each).startswith("Un RNS par secteur") for each in slides(without))


def test_a_deck_of_a_change_has_no_slide_of_what_it_does_not_change(toy: Study) -> None:
    trial = of_plan(toy.with_plan(toy.plan.move("D", "N1")), "essai.json")
    for view in (ExportView("before-after"), ExportView()):
        deck = slides(pptx(dossier(trial, view)))
        names = [titled(each) for each in deck]
        for left_out in ("Secteur Nord", "Secteur Sud", "2 secteurs", "Calendrier", "Un RNS"):
            assert not any(name.startswith(left_out) for name in names)
        assert len(deck) <= 8
        first = [words for words, _ in texts(deck[0])]
        assert "Plan du fichier essai.json (non décidé), par rapport au plan de départ" in first
        asked = first.index("Ce qui est demandé : ")
        assert first[asked + 1].startswith("faut-il retenir")
        assert len([shape for shape in deck[0].shapes if shape.name == "Carte"]) == 1


def test_the_calendar_of_a_deck_says_when_it_was_planned_and_marks_what_is_uncertain(
    decks: Decks,
) -> None:
    dated = [each for each in slides(decks["mayenne"]) if titled(each).startswith("Calendrier")]
    text = "\n".join(words for each in dated for words, _ in texts(each))
    for said in (
        "secteurs expérimentaux",
        "Bilans de l’expérimentation attendus",
        "Fin de l’expérimentation (novembre 25 – juillet 26)",
    ):
        assert said in text
    assert all(titled(each).startswith("Calendrier prévu en juin 2025") for each in dated)
    # a doubtful day is shown as its month, in another colour; the doubt is in the notes
    runs = [
        run
        for each in dated
        for shape in each.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
        for paragraph in cell.text_frame.paragraphs
        for run in paragraph.runs
    ]
    inks = {run.text.replace("\u00a0", " "): str(run.font.color.rgb) for run in runs}
    (due,) = (ink for words, ink in inks.items() if "Bilans de l’expérimentation" in words)
    assert inks["Janvier 2026"] == due
    assert inks["Janvier 2026"] != inks["Juillet 2026"]
    notes = dated[0].notes_slide.notes_text_frame.text.replace("\u00a0", " ")
    assert "l’outil ne suit pas ce qui a été fait" in notes
    assert len(dated) == 1


def texts(slide: Slide) -> list[tuple[str, float]]:
    """Each piece of text of a slide, its cells included, with its size in points."""
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    frames += [
        cell.text_frame
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    return [
        (run.text.replace("\u00a0", " "), run.font.size.pt if run.font.size else 99.0)
        for frame in frames
        for paragraph in frame.paragraphs
        for run in paragraph.runs
    ]


def test_the_back_row_reads_every_slide(decks: Decks) -> None:
    for name, content in decks.items():
        for rank, slide in enumerate(slides(content)):
            footers = {
                shape.text_frame.text
                for shape in slide.shapes
                if shape.name in {"Pied de page", "Numéro"}
            }
            least = 14  # of what is beside a map or for the record; other text is larger
            small = [
                words
                for words, size in texts(slide)
                if size < least and words not in {f.replace("\u00a0", " ") for f in footers}
            ]
            assert not small, (name, rank, small)
            own = [size for words, size in texts(slide) if words == titled(slide)]
            assert all(size >= 18 for size in own), (name, rank)


def titled(slide: Slide) -> str:
    return str(slide.shapes.title.text_frame.text).replace("\u00a0", " ")


def test_no_table_of_a_deck_leaves_its_slide(decks: Decks) -> None:
    for name, content in decks.items():
        deck = Presentation(io.BytesIO(content))
        for rank, slide in enumerate(deck.slides, 1):
            for shape in slide.shapes:
                where = (name, rank, shape.name)
                assert shape.left >= 0, where
                assert shape.left + shape.width <= deck.slide_width, where
                rows = shape.table.rows if shape.has_table else ()
                height = sum(row.height for row in rows) or shape.height
                assert shape.top + height <= deck.slide_height, where


def test_notes_are_a_few_spoken_sentences(decks: Decks) -> None:
    for slide in slides(decks["mayenne"]):
        text = slide.notes_slide.notes_text_frame.text.replace("\u00a0", " ")
        assert len(text) <= 600, titled(slide)
        said = [line for line in text.splitlines() if line.strip()]
        assert 2 <= len(said) <= 4, titled(slide)
        assert all(line[-1] in ".!?" for line in said)
    notes = slides(decks["mayenne"])[0].notes_slide.notes_text_frame.text
    said = notes.replace("\u00a0", " ").replace("\u202f", " ")
    assert said.startswith("Voici le secteur Mayenne, conduit par Lucien Druault : 18 lycées")
    # no-break spaces before the signs that want one
    assert "Druault\u00a0: 18" in notes


def test_a_deck_can_be_edited_and_says_what_its_pictures_show(
    decks: Decks, toy_trial: Dossier
) -> None:
    deck = Presentation(io.BytesIO(decks["trial"]))
    assert deck.core_properties.version == toy_trial.version.fingerprint
    figures, shown = deck.slides[2], deck.slides[0]
    tables = [shape.table for shape in figures.shapes if shape.has_table]
    assert [cell.text for cell in tables[0].rows[0].cells][1] == "Chiffre"
    (picture,) = [shape for shape in shown.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    described = (
        picture._element._nvXxPr.cNvPr.get("descr").replace("\u00a0", " ").replace("\u202f", " ")
    )
    assert described.startswith("Deux cartes de la partie qui change")
    assert "Descartes (Doué), en jaune, est à gauche dans Le Bocage" in described
    # its format is that of its place, and it is as sharp as a projector
    assert picture.width > 0.38 * deck.slide_width
    assert (
        abs(picture.width / picture.height - picture.image.size[0] / picture.image.size[1]) < 0.01
    )
    assert picture.image.size[0] / (picture.width / deck.slide_width) >= 1900
    # a reader of screens hears the title first
    assert all(slide.shapes[0] == slide.shapes.title for slide in list(deck.slides)[1:])


def test_of_too_many_lycees_a_workbook_has_a_table_a_sector(
    toy_region: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geozones.export.xlsx._WHOLE", 8)
    beyond = toy_region.matrix.minutes > 20
    short = replace(toy_region, matrix=replace(toy_region.matrix, within=20.0, beyond=beyond))
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(short)))["Matrice"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.values]
    assert "Un tableau par secteur. Au-delà de 20\u202fmin" in rows[0][0].replace("\xa0", "\u202f")
    assert "geozones times" in rows[0][0]
    for sector in short.sectors:
        top = rows.index([f"Secteur {sector.name}"])
        own = [lycee.id for lycee in sector.lycees]
        assert [row[0] for row in rows[top + 2 : top + 2 + len(own)]] == own
        assert len(rows[top + 1]) == 3 + len(own)
        at = [short.matrix.ids.index(key) for key in own]
        for first, row in zip(at, rows[top + 2 :], strict=False):
            # an empty cell on the diagonal
            assert len(row) == 3 + len(own) - 1
            told = [value for value in row[3:] if not isinstance(value, str)]
            known = [short.matrix.minutes[first, then] for then in at if then != first]
            assert told == [round(value, 1) for value in known if value <= 20]


@pytest.mark.slow
def test_a_formula_in_a_workbook_is_read_as_a_name(
    opened: dict[str, list[str]], hostile_dossier: Dossier
) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx(hostile_dossier))) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 8
        assert not [name for name in sheets if b"<f>" in archive.read(name)]
    text = " ".join(opened["names.xlsx"])
    assert "HYPERLINK" in text
    assert "#NAME" not in text
    assert "cliquez" in text
    assert "(estimé)" in text
    matrix = openpyxl.load_workbook(io.BytesIO(xlsx(hostile_dossier)))["Matrice"]
    assert "sans accès" in [cell for row in matrix.values for cell in row]
    assert "###" not in text  # a column too narrow for its numbers
