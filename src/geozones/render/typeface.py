"""Typefaces of files and of decks, with a fallback for missing letters, cut for the browser.

The texts of a deck are in Arial, which every office program has or replaces by a copy of it
(Liberation Sans, the former name of Arimo): with Arimo in its pictures, a slide has one typeface
wherever it is opened. Arimo is the fallback of the app's typeface too. The package has one file for
all weights, of which SVG draws the lightest: the bold is cut from it once on a machine, and kept in
the home folder.

The typefaces come with packages that are installed beside this one; this package contains none.
"""

import hashlib
import io
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Literal

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from geozones.common.errors import InputError
from geozones.common.files import home_folder, write_atomically

type Face = Literal["regular", "bold", "italic"]

NAME, LAST = "Source Sans Pro", "Arimo"
_FILES: Mapping[Face, str] = {
    "regular": "SourceSansPro-Regular.ttf",
    "bold": "SourceSansPro-Bold.ttf",
    "italic": "SourceSansPro-It.ttf",
}
_UPRIGHT, _ITALIC = "Arimo[wght].ttf", "Arimo-Italic[wght].ttf"
_BOLD = 700
#: Family that typst itself has, for stars and letters that the others lack: Armenian, Arabic,
#: Georgian. All are as wide, as a part of the size.
MONO_NAME, MONO_ADVANCE = "DejaVu Sans Mono", 0.602
MONO_LETTERS = frozenset(
    chain(
        map(ord, "★✓✕✗"),
        range(0x531, 0x557),
        range(0x561, 0x588),
        range(0x621, 0x63B),
        range(0x640, 0x656),
        range(0x660, 0x66E),
        range(0x6F0, 0x6FA),
        range(0x10D0, 0x10FD),
    )
)
_MISSING = (
    f"La police {NAME} manque à cette installation (paquet font-source-sans-pro). Images, PDF et "
    f"diaporama sont écrits en {LAST}, un peu plus large."
)


@dataclass(frozen=True, slots=True)
class Typeface:
    """Families of a text, each letter in the first family that has it."""

    names: tuple[str, ...]  # Names of the families, as in their files.
    files: Mapping[Face, tuple[Path, ...]]  # Their files by face, in the order of ``names``.
    warning: str = ""  # A notice if the app's typeface is missing; else empty.

    @property
    def name(self) -> str:
        """First family."""
        return self.names[0]


#: Typeface of the block of `set_in`. Every drawing function measures text: a typeface passed as an
#: argument would be a parameter of a hundred functions.
_CHOSEN: ContextVar[Typeface | None] = ContextVar("typeface", default=None)


@contextmanager
def set_in(chosen: Typeface) -> Iterator[None]:
    """Draw and measure text in a typeface for the block, in this thread."""
    token = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def typeface() -> Typeface:
    """Return the typeface that text is drawn in: the app's, but in a block of `set_in`."""
    return _CHOSEN.get() or app_typeface()


@lru_cache(maxsize=1)
def app_typeface() -> Typeface:
    """Return the app's typeface, as this installation has it."""
    return typeface_in(package_folder("font_source_sans_pro", "files"))


def typeface_in(folder: Path | None) -> Typeface:
    """Return Source Sans from a folder, or the fallback alone if a file is missing."""
    if folder is None or not all((folder / name).is_file() for name in _FILES.values()):
        return Typeface((LAST,), {face: (last_resort(face),) for face in _FILES}, _MISSING)
    both = {face: (folder / _FILES[face], last_resort(face)) for face in _FILES}
    return Typeface((NAME, LAST), both)


def last_resort(face: Face) -> Path:
    """Return the file of the fallback, which has letters that the app's typeface lacks.

    Its bold is as light as its regular, but in `office_typeface`.
    """
    folder = package_folder("fontpkg_arimo", "files")
    assert folder is not None  # noqa: S101 - the package needs it
    return folder / (_ITALIC if face == "italic" else _UPRIGHT)


def package_folder(package: str, inside: str) -> Path | None:
    """Return a folder of an installed package; ``None`` if the package is missing."""
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / inside


@lru_cache(maxsize=1)
def office_typeface() -> Typeface:
    """Return the typeface of a deck's pictures; the app's if its bold cannot be kept."""
    files = {face: (last_resort(face),) for face in _FILES}
    try:
        bold = _bold(last_resort("regular"))
    except (OSError, InputError):
        return app_typeface()
    return Typeface((LAST,), {**files, "bold": (bold,)})


def _bold(upright: Path) -> Path:
    """Return the file of the bold, cut if the home folder lacks it."""
    source = upright.read_bytes()
    kept = home_folder() / "fonts" / f"arimo-bold-{hashlib.sha256(source).hexdigest()[:16]}.ttf"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        # slow to load, once on a machine
        from fontTools.ttLib import TTFont  # noqa: PLC0415
        from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

        font = TTFont(io.BytesIO(source), recalcTimestamp=False)
        instantiateVariableFont(font, {"wght": _BOLD}, inplace=True, updateFontNames=True)
        made = io.BytesIO()
        font.save(made)
        write_atomically(kept, made.getvalue())
    return kept


#: Latin letters, punctuation, arrows and mathematical signs.
LATIN = (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2800))


def icon_names(font: bytes) -> frozenset[str]:
    """Return the names of the icons in an icon font, where a name is a ligature of its letters."""
    return frozenset(_icons(TTFont(io.BytesIO(font))))


def cut_icons(font: bytes, names: Collection[str]) -> bytes:
    """Return an icon font with only the icons named, as WOFF2."""
    opened = TTFont(io.BytesIO(font))
    icons = _icons(opened)
    letters = {letter for name in names for letter in name}
    # without closure: the letters that remain would bring back every icon
    options = Options(layout_closure=False, layout_features=["*"])
    return _cut_to_signs(opened, options, map(ord, letters), {icons[name] for name in names})


def cut_letters(font: bytes, letters: Iterable[int] = LATIN) -> bytes:
    """Return a text font with only some letters (code points), as WOFF2."""
    # the same font gives the same bytes: its date is not that of today
    opened = TTFont(io.BytesIO(font), recalcTimestamp=False)
    return _cut_to_signs(opened, Options(), letters)


def face_css(address: str, weights: str) -> str:
    """Return CSS that has a page use a font file as the app's typeface.

    Its italics are slanted by the browser: a file of their own would be 100 kB for the rivers.
    """
    rule = "font-family: 'Source Sans'; font-weight: {}; font-display: block; src: url({});"
    return f"@font-face {{ {rule.format(weights, address)} }}"


@lru_cache(maxsize=1)
def embedded_css() -> str:
    """Return CSS with the app's typeface in it, for documents that read no file."""
    faces: tuple[tuple[Face, str], ...] = (("regular", "400"), ("bold", "700"))
    rules = []
    for face, weight in faces if app_typeface().name == NAME else ():
        cut = b64encode(cut_letters(app_typeface().files[face][0].read_bytes())).decode()
        rules.append(face_css(f"data:font/woff2;base64,{cut}", weight))
    return "\n".join(rules)


def _cut_to_signs(
    font: TTFont, options: Options, letters: Iterable[int], glyphs: Iterable[str] = ()
) -> bytes:
    cutter = Subsetter(options)
    cutter.populate(unicodes=letters, glyphs=glyphs)
    cutter.subset(font)
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def _icons(font: TTFont) -> Mapping[str, str]:
    """Return the glyphs of an icon font by the letters that they stand for."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items() if code < 0x80}
    found: dict[str, str] = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            for first, ligatures in inner.ligatures.items():
                for ligature in ligatures:
                    spelt = [letters.get(glyph, "") for glyph in (first, *ligature.Component)]
                    found["".join(spelt)] = ligature.LigGlyph
    return found
