"""Text in the typeface of the sheets: measuring, wrapping, shortening."""

import re
import unicodedata
from functools import lru_cache

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

from geozones.common.french import NARROW, NBSP
from geozones.render.typeface import Face, typeface

#: Height above and depth below the base line, as parts of the size, accented capitals included.
ASCENT, DESCENT = 0.94, 0.24
#: Distance between base lines, as a part of the size.
LEADING = 1.22
_MEASURED_AT = 100
_NAMELESS = "(sans nom)"
#: Characters where a line may break, and spaces where it may not.
_BREAKS, _GLUE = re.compile(r"[ \t\r\n\f\v]+"), frozenset((NBSP, NARROW))


def _font(face: Face) -> FT2Font:
    """Return the font of a face, with a fallback for missing letters.

    A font holds its last size and text, so it is never cached here: matplotlib keeps a font for
    each thread.
    """
    return get_font(typeface().files[face])


def letters_of(face: Face) -> list[frozenset[int]]:
    """Return the code points that each family has a glyph for in a face."""
    return [frozenset(get_font(path).get_charmap()) for path in typeface().files[face]]


@lru_cache
def _known(_name: str) -> frozenset[int]:
    """Return the code points that both upright faces of the typeface can write."""
    regular, bold = letters_of("regular"), letters_of("bold")
    return frozenset.union(*regular) & frozenset.union(*bold)


@lru_cache
def _names(_name: str) -> list[str]:
    """Register the files of the typeface in matplotlib, before any that a machine has."""
    found = fontManager.ttflist
    for path in (path for paths in typeface().files.values() for path in paths):
        known = len(found)
        fontManager.addfont(path)
        added = found[known:]
        found[:] = [*added, *found[:known]]
    return list(typeface().names)


def properties(face: Face, points: float) -> FontProperties:
    """Return matplotlib's properties of a face at a size: its families, by preference."""
    return FontProperties(
        family=_names(typeface().name),
        weight="bold" if face == "bold" else "normal",
        style="italic" if face == "italic" else "normal",
        size=points,
    )


def drawable(text: str) -> str:
    """Return text on one line, without the characters that no font has, such as emoji."""
    return _drawable(text, typeface().name)


@lru_cache(maxsize=8192)
def _drawable(text: str, name: str) -> str:
    known = _known(name)
    spaced = _BREAKS.sub(" ", unicodedata.normalize("NFC", text))
    kept = "".join(c for c in spaced if c in _GLUE or (ord(c) in known and c.isprintable()))
    return _BREAKS.sub(" ", kept).strip(" ") or (_NAMELESS if text.strip() else "")


def width(text: str, size: float, face: Face = "regular") -> float:
    """Return the width of a line, in the unit of ``size``."""
    return _width(text, size, face, typeface().name)


@lru_cache(maxsize=16384)
def _width(text: str, size: float, face: Face, _name: str) -> float:
    font = _font(face)
    font.set_size(_MEASURED_AT, 72)
    font.set_text(drawable(text), 0.0, flags=LoadFlags.NO_HINTING)
    measured, _ = font.get_width_height()
    return float(measured) / 64 * size / _MEASURED_AT


def wrap(
    text: str, size: float, room: float, face: Face = "regular", most: int = 3
) -> tuple[str, ...]:
    """Cut text into lines no wider than ``room``, at most ``most`` lines; ``…`` ends a cut.

    Lines end at spaces, else after a hyphen, else anywhere.
    """
    lines = [""]
    for word in drawable(text).split(" "):
        for rank, piece in enumerate(_pieces(word, size, room, face)):
            joint = "" if rank or not lines[-1] else " "
            longer = f"{lines[-1]}{joint}{piece}"
            if not lines[-1] or width(longer, size, face) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) > most:
        lines = [*lines[: most - 1], fit(f"{lines[most - 1]} {lines[most]}…", size, room, face)]
        if not lines[-1].endswith("…"):
            lines[-1] = fit(f"{lines[-1]}…", size, room, face)
    return tuple(lines)


def _pieces(word: str, size: float, room: float, face: Face) -> list[str]:
    """Return a word whole if it fits on a line, else its parts."""
    if width(word, size, face) <= room:
        return [word]
    pieces = []
    for part in re.findall(r"[^-]*-|[^-]+", word):
        left = part
        while width(left, size, face) > room and len(left) > 1:
            end = max(1, int(len(left) * room / width(left, size, face)))
            while end > 1 and width(left[:end], size, face) > room:
                end -= 1
            pieces.append(left[:end])
            left = left[end:]
        pieces.append(left)
    return pieces


def fit(text: str, size: float, room: float, face: Face = "regular") -> str:
    """Return text, shortened with ``…`` if it is wider than ``room``."""
    clean = drawable(text)
    if width(clean, size, face) <= room:
        return clean
    bare = clean.rstrip(" …")
    while bare and width(f"{bare}…", size, face) > room:
        bare = bare[:-1].rstrip()
    return f"{bare}…"
