"""Pictures of a dossier's view: PNG, or SVG for a document; same bytes for the same figure.

Files contain no time, no version of a tool, no random id. Text stays text in an SVG.
"""

import hashlib
import io
import re
from dataclasses import replace
from typing import Any, Protocol

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image

from geozones.common.french import plural
from geozones.domain.terms import terms
from geozones.export.change_scenes import near_changes
from geozones.export.dossier import Dossier
from geozones.export.messages import message_of
from geozones.export.sentences import guess_of
from geozones.metrics import written
from geozones.render import MapGround, Scene
from geozones.render.figure import draw, draw_before_after
from geozones.render.figure.draw import exclusive
from geozones.render.figure.labels import LEAST_IN_ROOM
from geozones.render.sheet import UNITS, Sheet

_STYLE: dict[Any, Any] = {
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
def svg_part(figure: Figure, sheet: Sheet) -> bytes:
    """Return the figure as an SVG without fonts, for a document that has them."""
    words = _words(sheet, "Title", "Description")
    drawn = _saved(figure, "svg", {"Date": None, "Creator": _CREATOR, **words}).decode()
    return _with_clips_named(drawn).encode()


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


#: Ids of clips: matplotlib's are hashes of transforms, whose last digits differ between processes.
_CLIP = re.compile(r"\bp[0-9a-f]{10}\b")


def _with_clips_named(text: str) -> str:
    """Name the clips of an SVG by a digest of its content and a rank, unique among pictures."""
    drawn = hashlib.sha256(_CLIP.sub("", text).encode()).hexdigest()[:10]
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(_CLIP.findall(text)))}
    return _CLIP.sub(lambda found: f"p{drawn}-{ranks[found[0]]}", text)


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
    return Sheet.named(
        size,
        title=_title(dossier),
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


def _title(dossier: Dossier) -> str:
    """Return what a change does, or the name of the view."""
    changes = dossier.comparison if dossier.paired else None
    return dossier.title if changes is None else message_of(changes).title


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


def figure_of(dossier: Dossier, sheet: Sheet) -> Figure:
    """Return the view drawn on a sheet: its map, or two maps if it compares two plans."""
    comparison = dossier.comparison
    if dossier.paired and comparison is not None:
        versions = (comparison.before, dossier.version)
        left, right = (f"{when} : {v.name}" for when, v in zip(_WHEN, versions, strict=True))
        undecided = (not versions[0].decided, not versions[1].decided)
        scenes = near_changes(comparison.scene, dossier.scene)
        return draw_before_after(*scenes, dossier.ground, sheet, (left, right), undecided)
    return draw(dossier.scene, dossier.ground, sheet)


def png_file(dossier: Dossier, size: str) -> bytes:
    """Return the view as a picture."""
    sheet = sheet_of(dossier, size)
    return png(figure_of(dossier, sheet), sheet)


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
#: Points of the smallest name on a slide, legible from the back of a room.
LEAST_NAME_PT = 12.5


class HasSize(Protocol):
    """Anything with a width and a height in inches."""

    @property
    def width(self) -> float:
        """Width in inches."""

    @property
    def height(self) -> float:
        """Height in inches."""


def map_png(scene: Scene, ground: MapGround, place: HasSize) -> bytes:
    """Return a map with the shape of a place, the meaning of its signs below it."""
    sheet = replace(_sheet(place), keys=True)
    return png(draw(scene, ground, sheet), sheet)


def pair_png(
    scenes: tuple[Scene, Scene], ground: MapGround, names: tuple[str, str], place: HasSize
) -> bytes:
    """Return two maps of `near_changes`, each under its name, their signs below."""
    sheet = replace(_sheet(place), keys=True)
    return png(draw_before_after(*scenes, ground, sheet, names), sheet)


def _sheet(place: HasSize) -> Sheet:
    width, height = (round(side * _PIXELS_PER_INCH) for side in (place.width, place.height))
    unit = min(place.width, place.height) * 72 / UNITS
    zoom = LEAST_NAME_PT / (LEAST_IN_ROOM * unit)
    return Sheet(width, height, _PIXELS_PER_INCH, bare=True, zoom=zoom, room=True)
