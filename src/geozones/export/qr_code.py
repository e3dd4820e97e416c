"""QR code of a link: in SVG for the screen, in PNG for slides.

Correction level M: a code with 15 % hidden or smudged is still readable (ISO/IEC 18004).
"""

import io

import segno

#: Modules of white around the code, as the standard requires.
_QUIET = 4


def qr_svg(link: str, label: str) -> str:
    """Return the code as an SVG file, with its ``label`` for screen readers."""
    drawn = segno.make(link, error="m", micro=False)
    out = io.BytesIO()
    drawn.save(
        out, kind="svg", xmldecl=False, nl=False, scale=4, border=_QUIET, dark="#14202b",
        light="#ffffff", title=label,
    )  # fmt: skip
    return out.getvalue().decode()


def qr_png(link: str, pixels: int = 600) -> bytes:
    """Return the code as a PNG at least ``pixels`` wide; the same link gives the same bytes."""
    drawn = segno.make(link, error="m", micro=False)
    scale = -(-pixels // drawn.symbol_size(border=_QUIET)[0])
    out = io.BytesIO()
    drawn.save(out, kind="png", scale=scale, border=_QUIET, dark="#14202b", light="#ffffff")
    return out.getvalue()
