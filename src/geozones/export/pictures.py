"""Pictures of a dossier's view, as PNG: the same bytes for the same drawing.

A template sets the page around the maps, which are SVG. Files contain no time, no version of a
tool, no random id.
"""

import io
import math
import struct
import zlib
from collections.abc import Mapping
from typing import Literal, Protocol

from PIL import Image

from geozones.common.french import plural
from geozones.domain.terms import terms
from geozones.export.change_scenes import near_changes
from geozones.export.dossier import Dossier
from geozones.export.file_parts import qr_png
from geozones.export.messages import guess_of, message_of
from geozones.export.typesetting import typeset_file, typeset_values
from geozones.metrics import written
from geozones.render import MapGround, Scene
from geozones.render.figure import Figure, PageValues
from geozones.render.sheet import (
    LEAST,
    LEAST_IN_ROOM,
    LEAST_PIXELS,
    ON_SLIDES_PT,
    PRINTED_PT,
    UNITS,
    Sheet,
)

_TEMPLATE = "picture.typ"
_SIGNATURE, _HEAD = 8, 33  # Bytes of a PNG's signature, and of that and its head.
_INCH = 0.0254


def laid_out(figure: Figure) -> PageValues:
    """Return the page of a figure with its maps drawn in the places that the page leaves them."""
    places = typeset_values(_TEMPLATE, figure.page(), "place", _code(figure))
    return figure.drawn([(width, height) for width, height in places])


def typeset_figure(figure: Figure, kind: Literal["pdf", "png"]) -> bytes:
    """Return a figure as a page of its own."""
    page, ppi = laid_out(figure), 72 * figure.sheet.unit
    return typeset_file(_TEMPLATE, kind, page, _code(figure), ppi=ppi)


def _code(figure: Figure) -> Mapping[str, bytes]:
    """Return the file of the QR code of a figure's address, if it has one."""
    address = figure.sheet.address
    return {"code.png": qr_png(address, 1)} if address else {}


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG of exactly the sheet's pixels, with its dots per inch."""
    return _with_words(typeset_figure(figure, "png"), figure.sheet)


def _with_words(png: bytes, sheet: Sheet) -> bytes:
    """Return a PNG with its dots per inch, its title, and the version of the scenario."""
    version = f"version {sheet.version}" if sheet.version else ""
    words = ", ".join(part for part in (sheet.scenario, version, sheet.status, sheet.date) if part)
    metre = round(sheet.dpi / _INCH)
    chunks = [_chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))]
    chunks += [
        _chunk(b"iTXt", key + bytes(5) + text.encode())
        for key, text in ((b"Title", sheet.title), (b"Description", words))
        if text
    ]
    return png[:_HEAD] + b"".join(chunks) + png[_HEAD:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    """Return a part of a PNG file: its length, kind, content and checksum."""
    length, checksum = (struct.pack(">I", n) for n in (len(content), zlib.crc32(kind + content)))
    return length + kind + content + checksum


#: Sizes of a sheet, by their names on screen.
SIZES = {
    "hd": "Écran, 1920 × 1080",
    "4k": "Écran 4K, 3840 × 2160",
    "a4": "Papier A4",
    "a3": "Papier A3",
}


#: Captions of two maps.
_WHEN = ("Avant", "Après")


def sheet_of(dossier: Dossier, size: str) -> Sheet:
    """Return the sheet of a view; raise ``InputError`` for an unknown size."""
    version = dossier.version
    engine, *sources = dossier.sources or ("",)
    changes = dossier.comparison if dossier.paired else None
    return Sheet.named(
        size,
        title=dossier.title if changes is None else message_of(changes).title,
        subtitle=_subtitle(dossier),
        # for a publication, one sentence gives the name, since when and who approved it
        date="" if version.published else version.date,
        scenario=version.name_and_status if version.published else version.name,
        version=_marks(dossier),
        status="" if version.published else version.status,
        engine=engine,
        sources=tuple(sources),
        undecided=not version.decided,
        address=dossier.address,
    )


def _marks(dossier: Dossier) -> str:
    """Return the version shown, and the version compared with it."""
    fingerprint = dossier.version.fingerprint
    if not dossier.paired or dossier.comparison is None:
        return fingerprint
    before = dossier.comparison.before
    return f"{fingerprint}, comparée à {before.name}, version {before.fingerprint}"


def _subtitle(dossier: Dossier) -> str:
    if dossier.paired and dossier.comparison is not None:
        figures = dossier.comparison.change.in_short
        return f"{dossier.title} · {figures}"
    zones = [zone for zone in dossier.zones if zone.lycees]
    lines = [terms().site.counted(len(dossier.lycees))]
    if len(zones) > 1:
        lines.insert(0, plural(len(zones), "zone"))
    if len(dossier.sectors) > 1:
        lines.insert(0, plural(len(dossier.sectors), "secteur"))
    if dossier.values["mean_minutes"] is not None:
        mean, longest = (
            ", ".join(filter(None, (written(dossier.values, key, 0), guess_of(dossier, key))))
            for key in ("mean_minutes", "max_minutes")
        )
        lines.append(f"trajet moyen entre collègues {mean}")
        lines.append(f"le plus long {longest}")
    return " · ".join(lines)


def figure_of(dossier: Dossier, size: str) -> Figure:
    """Return the picture of a view: its map, or two maps of two plans."""
    sheet, comparison = sheet_of(dossier, size), dossier.comparison
    if not dossier.paired or comparison is None:
        return Figure((dossier.scene,), dossier.ground, sheet, undecided=(sheet.undecided,))
    versions = (comparison.before, dossier.version)
    return Figure(
        near_changes(comparison.scene, dossier.scene),
        dossier.ground,
        sheet,
        tuple(f"{when} : {each.name}" for when, each in zip(_WHEN, versions, strict=True)),
        tuple(not each.decided for each in versions),
    )


def png_file(dossier: Dossier, size: str) -> bytes:
    """Return the view as a picture."""
    return png(figure_of(dossier, size))


def screen_picture(dossier: Dossier) -> bytes:
    """Return the view as a picture (WEBP) smaller than the file, for display in a page."""
    return lighter(png_file(dossier, "hd"))


def lighter(png: bytes) -> bytes:
    """Return a picture (PNG) as a smaller WEBP, for display in a page."""
    light = io.BytesIO()
    with Image.open(io.BytesIO(png)) as drawn:
        drawn.convert("RGB").save(light, "WEBP", quality=86)
    return light.getvalue()


#: Pixels across the width of a slide, more than a projector's.
_PIXELS_PER_INCH = 160
#: Width of a picture on paper, in inches, and its pixels per inch.
_PAPER_WIDTH, _PAPER_DPI = 7.0, 170


class HasSize(Protocol):
    """Anything with a width and a height in inches."""

    @property
    def width(self) -> float:
        """Width in inches."""

    @property
    def height(self) -> float:
        """Height in inches."""


def map_png(
    scenes: tuple[Scene, ...], ground: MapGround, place: HasSize, captions: tuple[str, ...] = ()
) -> bytes:
    """Return a map with the shape of a place, or two maps of `near_changes` under their captions.

    The meaning of their signs is below.
    """
    dpi = max(_PIXELS_PER_INCH, math.ceil(LEAST_PIXELS / min(place.width, place.height)))
    width, height = (round(side * dpi) for side in (place.width, place.height))
    unit = min(place.width, place.height) * 72 / UNITS
    zoom = ON_SLIDES_PT / (LEAST_IN_ROOM * unit)
    sheet = Sheet(width, height, dpi, bare=True, zoom=zoom, room=True)
    return png(_bare(scenes, ground, sheet, captions))


def printed_maps(
    scenes: tuple[Scene, ...],
    ground: MapGround,
    height: float,
    captions: tuple[str, ...] = (),
    described: str = "",
) -> PageValues:
    """Return the same for a page of paper, of a height in inches, for its template."""
    zoom = PRINTED_PT / LEAST / (min(_PAPER_WIDTH, height) * 72 / UNITS)
    dpi = max(_PAPER_DPI, math.ceil(LEAST_PIXELS / height))
    pixels = (round(_PAPER_WIDTH * dpi), round(height * dpi))
    sheet = Sheet(*pixels, dpi, bare=True, zoom=zoom, room=len(scenes) > 1)
    return laid_out(_bare(scenes, ground, sheet, captions, described))


def _bare(
    scenes: tuple[Scene, ...],
    ground: MapGround,
    sheet: Sheet,
    captions: tuple[str, ...],
    described: str = "",
) -> Figure:
    undecided = (False,) * len(scenes)
    return Figure(scenes, ground, sheet, captions or ("",), undecided, described)
