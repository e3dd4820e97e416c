"""PNG, PDF and SVG of a dossier's view, on a sheet with its title and sources."""

import io

from matplotlib.figure import Figure
from PIL import Image

from geozones.common.french import plural
from geozones.domain.terms import terms
from geozones.export import picture
from geozones.export.change_message import message_of
from geozones.export.change_scenes import near_changes
from geozones.export.dossier import Dossier
from geozones.export.estimates import guess_of
from geozones.metrics import written
from geozones.render.figure import draw, draw_before_after
from geozones.render.sheet import Sheet

#: Sizes of a sheet, by their names on screen.
SIZES = {
    "hd": "Écran, 1920 × 1080",
    "4k": "Écran 4K, 3840 × 2160",
    "a4": "Papier A4, 300 points par pouce",
    "a3": "Papier A3, 300 points par pouce",
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
        lines = [line.rstrip(".") for line in message_of(dossier.comparison).lines[1:]]
        return " · ".join([dossier.title, *lines, *filter(None, [dossier.peak_note])])
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
    if dossier.peak_note:
        lines.append(dossier.peak_note)
    return " · ".join(lines)


def _drawn(dossier: Dossier, sheet: Sheet) -> Figure:
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
    return picture.png(_drawn(dossier, sheet), sheet)


def screen_picture(dossier: Dossier) -> bytes:
    """Return the view as a picture (WEBP) smaller than the file, for display in a page."""
    return lighter(png_file(dossier, "hd"))


def lighter(png: bytes) -> bytes:
    """Return a picture (PNG) as a smaller WEBP, for display in a page."""
    light = io.BytesIO()
    with Image.open(io.BytesIO(png)) as drawn:
        drawn.convert("RGB").save(light, "WEBP", quality=86)
    return light.getvalue()


def pdf_file(dossier: Dossier, size: str) -> bytes:
    """Return the view as vectors, on a page."""
    sheet = sheet_of(dossier, size)
    return picture.pdf(_drawn(dossier, sheet), sheet)


def svg_file(dossier: Dossier, size: str) -> bytes:
    """Return the view as vectors, for a drawing program."""
    sheet = sheet_of(dossier, size)
    return picture.svg(_drawn(dossier, sheet), sheet)
