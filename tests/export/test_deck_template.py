"""A deck over a template of the Région's: its places are respected, what cannot be used refused."""

import io
import zipfile
from pathlib import Path

import pptx
import pytest
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation
from pptx.util import Emu, Inches

from geozones.common.errors import InputError
from geozones.export import Dossier
from geozones.export.deck import pptx as made
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

WIDE, OLD, UPRIGHT = (13.333, 7.5), (10.0, 7.5), (7.5, 10.0)


def saved(deck: Presentation) -> bytes:
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def template(size: tuple[float, float] = WIDE, *, title: bool = True) -> Presentation:
    """A template as PowerPoint makes them: footers, and layouts of many kinds."""
    deck = pptx.Presentation()
    across = Inches(size[0]) / deck.slide_width
    high = Inches(size[1]) / deck.slide_height
    deck.slide_width, deck.slide_height = Inches(size[0]), Inches(size[1])
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if not title and "TITLE" in shape.placeholder_format.type.name:
                shape._element.getparent().remove(shape._element)
                continue
            left, top, width, height = shape.left, shape.top, shape.width, shape.height
            shape.left, shape.width = Emu(int(left * across)), Emu(int(width * across))
            shape.top, shape.height = Emu(int(top * high)), Emu(int(height * high))
    return deck


def low_title() -> Presentation:
    """Another: every title is a narrow band under a logo."""
    deck = template()
    for layout in deck.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
                shape.left, shape.top = Inches(2), Inches(1)
                shape.width, shape.height = Inches(10.5), Inches(0.9)
    return deck


@pytest.fixture(scope="module")
def shown(toy: Study) -> Dossier:
    return dossier(of_baseline(toy.analysis), ExportView("sector", "nord"))


def old() -> Presentation:
    """Another, in the format 4:3."""
    return template(OLD)


@pytest.mark.parametrize("make", [template, low_title, old])
def test_titles_and_footers_are_where_the_template_has_them(shown: Dossier, make: object) -> None:
    content = saved(make())  # type: ignore[operator]
    deck = pptx.Presentation(io.BytesIO(made(shown, content)))
    for slide in list(deck.slides)[1:]:
        title = slide.shapes.title
        assert not title._element.spPr.xpath("a:xfrm")  # its layout's own place
        kinds = {shape.placeholder_format.type for shape in slide.placeholders}
        assert PP_PLACEHOLDER.FOOTER in kinds
        footer = next(
            s for s in slide.placeholders if s.placeholder_format.type == PP_PLACEHOLDER.FOOTER
        )
        assert "Plan de départ" in footer.text_frame.text
        assert all(shape.text_frame.text for shape in slide.placeholders)
        for shape in slide.shapes:
            if shape.is_placeholder:
                continue
            assert shape.top >= title.top + title.height, shape.name
            assert shape.top + shape.height <= footer.top, shape.name
            assert shape.left + shape.width <= deck.slide_width, shape.name


@pytest.mark.parametrize("size", [WIDE, OLD])
def test_a_template_without_a_place_for_titles_gets_one_at_the_top(
    shown: Dossier, size: tuple[float, float]
) -> None:
    content = saved(template(size, title=False))
    deck = pptx.Presentation(io.BytesIO(made(shown, content)))
    for slide in deck.slides:
        title = slide.shapes.title
        assert title.text_frame.text
        assert title.top + title.height < deck.slide_height / 5
        others = [shape for shape in slide.shapes if not shape.is_placeholder]
        assert all(shape.top >= title.top + title.height for shape in others)
    assert made(shown, content) == made(shown, content)


def test_slides_that_the_template_holds_are_not_shown(shown: Dossier) -> None:
    deck = template()
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "Exemple à effacer"
    content = made(shown, saved(deck))
    titles = [s.shapes.title.text for s in pptx.Presentation(io.BytesIO(content)).slides]
    assert "Exemple à effacer" not in titles
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [n for n in archive.namelist() if b"effacer" in archive.read(n)]
    assert made(shown, saved(deck)) == content


def macros() -> bytes:
    """The template as PowerPoint keeps it with a macro."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(template()))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("ppt/vbaProject.bin", b"Attribut VB_Name")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: saved(template(UPRIGHT)), "trop étroit"),
        (lambda: saved(template())[:9000], "abîmé"),
        (lambda: b"%PDF-1.7 not a deck", "abîmé"),
        (lambda: Path(__file__).read_bytes(), "abîmé"),
        (macros, "macros"),
    ],
    ids=["upright", "cut", "a PDF", "a text", "macros"],
)
def test_a_template_that_cannot_be_used_is_refused_in_a_sentence(
    shown: Dossier, content: object, why: str
) -> None:
    with pytest.raises(InputError, match=why) as refused:
        made(shown, content())  # type: ignore[operator]
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_zip_that_is_no_deck_is_refused(shown: Dossier) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("rien.txt", "rien")
    with pytest.raises(InputError, match="modèle"):
        made(shown, stream.getvalue())
