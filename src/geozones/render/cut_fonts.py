"""Fonts without the signs that nothing draws: smaller files for the browser."""

import io
from collections.abc import Collection, Iterable, Mapping

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

#: Latin letters, punctuation, arrows and mathematical signs.
LATIN = (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2800))


def icon_names(font: bytes) -> frozenset[str]:
    """Return the names of the icons in an icon font, where a name is a ligature of its letters."""
    return frozenset(_icons(TTFont(io.BytesIO(font))))


def cut_icons(font: bytes, names: Collection[str]) -> bytes:
    """Return an icon font with only the icons named, as WOFF2.

    Raises
    ------
    KeyError
        If the font has no icon of that name.
    """
    opened = TTFont(io.BytesIO(font))
    icons = _icons(opened)
    letters = {letter for name in names for letter in name}
    # without closure: the letters that remain would bring back every icon
    options = Options(layout_closure=False, layout_features=["*"])
    return _cut(opened, options, map(ord, letters), {icons[name] for name in names})


def cut_letters(font: bytes, letters: Iterable[int] = LATIN) -> bytes:
    """Return a text font with only some letters (code points), as WOFF2."""
    return _cut(TTFont(io.BytesIO(font)), Options(), letters)


def _cut(
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
