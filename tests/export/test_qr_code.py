import io

from PIL import Image

from geozones.export.qr_code import qr_png, qr_svg

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


def test_on_screen_it_has_a_name() -> None:
    assert "<title>Lien vers « A &amp; B »</title>" in qr_svg(LINK, "Lien vers « A & B »")
