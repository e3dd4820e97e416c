import io

import segno
from PIL import Image
from pptx import Presentation

from geozones.export.deck import pptx
from geozones.export.file_parts import qr_png
from geozones.export.pictures import png_file
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

LINK = "https://geozones.region.example/?version=aB3dE6gH1jK4mN7pQ0sT5vX8"


def test_a_code_has_a_white_border_and_is_as_wide_as_asked_in_whole_modules() -> None:
    with Image.open(io.BytesIO(qr_png(LINK, 500))) as opened:
        code = opened.convert("L")
    modules = next(m for m in range(21 + 8, 177 + 9, 4) if code.width % m == 0)
    assert code.width == code.height >= 500
    border = 4 * code.width // modules
    assert code.crop((0, 0, code.width, border)).getextrema() == (255, 255)
    assert code.crop((border, border, border + 1, border + 1)).getextrema()[0] < 60
    assert qr_png(LINK, 500) == qr_png(LINK, 500)


SITE, TOKEN = "https://geozones.region.example", "aB3dE6gH1jK4mN7pQ0sT5vX8"


def test_the_code_of_a_sheet_is_that_of_its_view(toy: Study) -> None:
    shown = dossier(of_baseline(toy.analysis).at(SITE, TOKEN), ExportView("sector", "nord"))
    link = f"{SITE}/?version={TOKEN}"
    assert shown.address == link
    rows = segno.make(link, error="m", micro=False).matrix
    with Image.open(io.BytesIO(png_file(shown, "hd"))) as sheet:
        corner = sheet.convert("L").crop((1740, 900, 1900, 1080))
    left, top, right, bottom = corner.point(lambda grey: 255 * (grey < 80)).getbbox()
    side = (right - left) / len(rows)
    assert side == (bottom - top) / len(rows) == int(side)  # whole pixels
    middles = [(rank + 0.5) * side for rank in range(len(rows))]
    read = [[corner.getpixel((left + x, top + y)) < 128 for x in middles] for y in middles]
    assert read == [[bool(module) for module in row] for row in rows]


def test_the_deck_leads_to_its_view_and_a_machine_of_ones_own_to_nothing(toy: Study) -> None:
    for site, codes in ((SITE, 1), ("http://127.0.0.1:8501", 0)):
        shown = dossier(of_baseline(toy.analysis).at(site, TOKEN), ExportView("sector", "nord"))
        deck = Presentation(io.BytesIO(pptx(shown)))
        told = [
            shape._element._nvXxPr.cNvPr.get("descr", "")
            for slide in deck.slides
            for shape in slide.shapes
        ]
        assert sum(f"Code QR qui mène à {site}" in text for text in told) == codes
