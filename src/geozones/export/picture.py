"""Figure as PNG, PDF or SVG: the same figure gives the same bytes.

Files contain no time, no version of a tool, no random id. Text stays text in the vector formats,
and the letters used are embedded: TrueType in PDF, a ``@font-face`` in SVG.
"""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from geozones.render.figure.drawing_lock import exclusive
from geozones.render.figure.fonts import letters_of
from geozones.render.sheet import Sheet
from geozones.render.typeface import Face, typeface

_STYLE: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "svg.fonttype": "none",
    "svg.hashsalt": "geozones",
    "text.hinting": "no_hinting",
    "path.simplify": True,
}
_CREATOR = "geozones"


@exclusive
def png(figure: Figure, sheet: Sheet) -> bytes:
    """Return the figure as a PNG of exactly the sheet's pixels, with its dots per inch."""
    return _saved(figure, "png", {"Software": None, **_words(sheet, "Title", "Description")})


@exclusive
def pdf(figure: Figure, sheet: Sheet) -> bytes:
    """Return the figure as a PDF page of the sheet's size, fonts embedded."""
    words = _words(sheet, "Title", "Subject")
    metadata = {"CreationDate": None, "Creator": _CREATOR, "Producer": _CREATOR, **words}
    return _saved(figure, "pdf", metadata)


@exclusive
def svg(figure: Figure, sheet: Sheet) -> bytes:
    """Return the figure as an SVG that carries the letters it uses."""
    return _with_fonts(svg_part(figure, sheet).decode()).encode()


@exclusive
def svg_part(figure: Figure, sheet: Sheet) -> bytes:
    """Return the figure as an SVG without fonts, for a document that has them."""
    words = _words(sheet, "Title", "Description")
    return _saved(figure, "svg", {"Date": None, "Creator": _CREATOR, **words})


def _words(sheet: Sheet, title: str, state: str) -> dict[str, str]:
    """Return metadata: the title, and the version of the scenario, by the keys of the format."""
    version = f"version {sheet.version}" if sheet.version else ""
    words = ", ".join(part for part in (sheet.scenario, version, sheet.status, sheet.date) if part)
    return {key: text for key, text in ((title, sheet.title), (state, words)) if text}


def _saved(figure: Figure, kind: str, metadata: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()


def _with_fonts(text: str) -> str:
    """Embed the letters of the text of an SVG, as fonts in its style sheet."""
    letters = {ord(sign) for sign in re.sub(r"<[^>]*>", "", text)}
    rules = "".join(rule for face in typeface().files for rule in _rules(face, letters))
    return text.replace("<defs>", f'<defs>\n  <style type="text/css">{rules}</style>', 1)


def _rules(face: Face, letters: set[int]) -> Iterator[str]:
    """Yield a rule for each family of a face, with the letters that earlier families lack."""
    left = letters
    for name, path, known in zip(
        typeface().names, typeface().files[face], letters_of(face), strict=True
    ):
        if used := left & known:
            yield _rule(name, face, path, used)
        left = left - known


def _rule(name: str, face: Face, path: Path, letters: set[int]) -> str:
    # slow to load, for one format
    from fontTools import subset  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True)
    options.drop_tables += ["FFTM", "DSIG"]  # the date and author of the font's last edit
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    weight = 700 if face == "bold" else 400
    style = "italic" if face == "italic" else "normal"
    return (
        f"@font-face{{font-family:'{name}';font-weight:{weight};font-style:{style};"
        f"src:url(data:font/ttf;base64,{data}) format('truetype')}}"
    )
