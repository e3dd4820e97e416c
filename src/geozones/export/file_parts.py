"""Parts of files: HTML page, reproducible zip, QR code, text safe for spreadsheets.

QR codes have correction level M: a code with 15 % hidden or smudged is still readable (ISO/IEC
18004).
"""

import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from html import escape, unescape

import segno

from geozones.common.french import typeset
from geozones.domain.terms import has_organisation, worded
from geozones.render import ZoneArea
from geozones.render.signs import sample_css, signs_of, swatch_css
from geozones.render.standalone_map import POLICY
from geozones.render.typeface import embedded_css

#: Colours of office files and of the drawings in them.
INK, MUTED, BLUE, RULE = "1F2A33", "4D5963", "14507A", "D9D5CD"
PALE, AMBER, GREEN, RED = "F4F2EE", "7A4300", "1C6B34", "A3300F"


def legend_items(signs: Iterable[tuple[str, str]], zones: Iterable[ZoneArea]) -> str:
    """Return the items of a legend, each a sign and its meaning.

    ``zones`` come first (see `geozones.render.signs`), then ``signs``, texts for `worded`, drawn by
    the class ``.sign-…`` of the styles.
    """
    drawn = [
        (f'<i style="{sample_css(sign)}" aria-hidden="true"></i>', meaning)
        for sign, meaning in signs_of((zone.status, zone.changed) for zone in zones)
    ]
    drawn += [
        (f'<i class="sign-{sign}" aria-hidden="true"></i>', worded(text)) for sign, text in signs
    ]
    return "".join(f"<li>{sign}{escape(typeset(meaning))}</li>" for sign, meaning in drawn)


#: Signs of the maps of pages, and what they mean.
_SIGNS = (("dot", "{site}"), ("star", "{support_centre}"), ("dotted", "limite de département"))


def map_signs(*, limits: bool) -> list[tuple[str, str]]:
    """Return the signs of a legend: the limit of départements only with ``limits``."""
    left_out = {"dotted": not limits, "star": not has_organisation()}
    return [sign for sign in _SIGNS if not left_out.get(sign[0])]


def swatch_of(zone: ZoneArea) -> str:
    """Return the style of a small square in the look of a zone on the map."""
    return swatch_css(zone.colour, zone.status, changed=zone.changed, ink=zone.ink)


#: Words between two tags.
_WORDS = re.compile(r"(?<=>)[^<>]+(?=<)")


def lettered(call: str) -> str:
    """Return a script that makes a call once the typeface is read: the call measures words."""
    return f"Promise.all([...document.fonts].map((font) => font.load())).finally(() => {call});"


def document(title: str, style: str, body: str, script: str) -> bytes:
    """Return a document with its style, typeface and script inside.

    ``title`` is text; ``body`` is HTML whose data is escaped, its sentences are typeset here;
    ``script`` cannot end its element (see ``render.standalone_map.in_script``).
    """
    body = _WORDS.sub(lambda words: escape(typeset(unescape(words[0])), quote=False), body)
    text = f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="geozones">
<title>{escape(typeset(title))}</title>
<link rel="icon" href="data:,">
<style>
{embedded_css()}
{style}
</style>
</head>
<body>{body}
<script>
{script}
</script>
</body>
</html>
"""
    # a lone surrogate, from a file read elsewhere, cannot be written in UTF-8
    return text.encode("utf-8", "replace")


#: The oldest date that a zip can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
#: Already compressed: compressing again is only slower.
_PACKED = (".png", ".jpg", ".pptx", ".xlsx", ".pdf", ".zip")
_FILE_MODE = 0o644 << 16


def zip_of(files: Mapping[str, bytes], date: str = "") -> bytes:
    """Return a zip of files by name, in the order given, of a date (ISO) if there is one."""
    day = dt.date.fromisoformat(date) if date else None
    when = _EPOCH if day is None else (day.year, day.month, day.day, 0, 0, 0)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = _FILE_MODE
            packed = name.endswith(_PACKED)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def undated(content: bytes) -> bytes:
    """Return a zip with the same files, without their times."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zip_of({name: archive.read(name) for name in archive.namelist()})


#: Modules of white around the code, as the standard requires.
_QUIET = 4


def qr_png(link: str, pixels: int = 600) -> bytes:
    """Return the code as a PNG at least ``pixels`` wide; the same link gives the same bytes."""
    drawn = segno.make(link, error="m", micro=False)
    scale = -(-pixels // drawn.symbol_size(border=_QUIET)[0])
    out = io.BytesIO()
    drawn.save(out, kind="png", scale=scale, border=_QUIET, dark="#14202b", light="#ffffff")
    return out.getvalue()


#: First characters of a text that a spreadsheet would read as a formula.
_RISKY = tuple("=+-@\t\r\n|")
#: Characters that reverse the direction of the text around them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """Return a text on one line, without characters that break documents: controls, surrogates."""
    kept = "".join(" " if sign.isspace() else sign for sign in text)
    kept = "".join(
        sign
        for sign in kept
        if unicodedata.category(sign) not in {"Cc", "Cs", "Cn"} and sign not in _TURNING
    )
    return re.sub(r" +", " ", kept).strip()


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet could read a text as a formula."""
    return text.lstrip().startswith(_RISKY) or text.startswith(_RISKY)


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet reads as a formula (OWASP, « CSV injection »)."""
    return f"'{text}" if is_risky(text) else text


def longest_noun(head: str) -> str:
    """Return the longest word of the head of a column that has nouns of the network, else "".

    A head is a text for `worded`. Its column was made for the nouns of lycées: others are longer.
    """
    return max(worded(head).split(), key=len) if "{" in head else ""


def slug(text: str, limit: int = 60) -> str:
    """Return a text for a file name: ``secteur-maine-et-loire``."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    words = re.sub(r"[^a-z0-9]+", "-", "".join(s for s in plain if not unicodedata.combining(s)))
    return words.strip("-")[:limit].strip("-") or "sans-nom"
