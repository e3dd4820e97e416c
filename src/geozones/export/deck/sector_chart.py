"""A slide a sector: its RNS, its T.I.S., its zones with their T.I.P. and their lycées."""

from collections.abc import Mapping, Sequence

from pptx.presentation import Presentation
from pptx.slide import Slide

from geozones.common.french import NBSP, plural
from geozones.domain.organisation import ChartLycee, ChartZone, SectorChart
from geozones.export.deck import measure
from geozones.export.deck.boxes import (
    BAND,
    GAP,
    ON_DARK,
    PAD,
    columns,
    filled_box,
    framed_box,
    line_down,
    text_height,
)
from geozones.export.deck.parts import (
    BLUE,
    BOTTOM,
    INNER,
    MARGIN,
    MUTED,
    RULE,
    STATUS_NOTES,
    TOP,
    SlideBox,
    TextLine,
    TextRun,
    add_slide,
    notes,
    text,
)
from geozones.export.dossier import SectorRow
from geozones.export.organisation import (
    NOT_PUBLISHED,
    TOOLS_NAMES,
    UNKNOWN_POSTS,
    technicians_text,
)

_BOX, _WIDE = 0.72, 4.6
_SIZES = (14.0, 13.0, 12.0, 11.0, 10.0)
_NAME, _NAME_HEIGHT = 14.0, 0.8
#: Most zones side by side.
_MOST = 6


def sector_chart_slides(deck: Presentation, sector: SectorRow) -> None:
    """Add who is with whom in a sector; more slides where it has many zones."""
    chart = sector.chart
    if chart is None:
        return
    pages = max(-(-len(chart.zones) // _MOST), 1)
    each = -(-len(chart.zones) // pages)
    colours = {zone.id: zone.colour.lstrip("#") for zone in sector.scene.zones}
    said = f"{STATUS_NOTES.get(sector.status, '')} {TOOLS_NAMES}".strip()
    for page in range(pages):
        rest = " (suite)" if page else ""
        slide = add_slide(deck, f"Secteur {chart.name} : qui est avec qui{rest}")
        _people(slide, chart, sector.status_text)
        zones = chart.zones[page * each : (page + 1) * each]
        _zones(slide, zones, page * each, colours)
        box = SlideBox(MARGIN, BOTTOM - 0.28, INNER, 0.28)
        text(slide, box, [[TextRun(said, 10, colour=MUTED)]])
        notes(slide, [*_sentences(chart), said])


def _people(slide: Slide, chart: SectorChart, status: str) -> None:
    """Draw the RNS, then the T.I.S., across all the zones that they serve."""
    head = SlideBox(MARGIN + (INNER - _WIDE) / 2, TOP, _WIDE, _BOX)
    said = f"RNS du secteur {chart.name} ({status})"
    size = measure.fitting_size(said, (_WIDE - 0.3) * 72, (12, 11, 10, 9), lines=1)
    rns = chart.rns or NOT_PUBLISHED
    large = measure.fitting_size(rns, (_WIDE - 0.3) * 72, (16, 14, 12, 10), lines=1)
    lines: list[TextLine] = [
        [TextRun(said, size, colour=ON_DARK)],
        [TextRun(rns, large, bold=True, colour="FFFFFF")],
    ]
    filled_box(slide, head, lines, BLUE)
    line_down(slide, MARGIN + INNER / 2, TOP + _BOX)
    band = SlideBox(MARGIN, TOP + _BOX + GAP, INNER, _BOX)
    support = "" if chart.support is None else f" · centre support : {chart.support.name}"
    lines = [
        [TextRun(technicians_text(chart), 15, bold=True)],
        [TextRun(f"tout le secteur, appui auprès des T.I.P.{support}", 12, colour=MUTED)],
    ]
    filled_box(slide, band, lines, BAND)
    line_down(slide, MARGIN + INNER / 2, band.top + _BOX)


def _zones(
    slide: Slide, zones: Sequence[ChartZone], before: int, colours: Mapping[str, str]
) -> None:
    """Draw some zones side by side; ``before`` is how many come before them."""
    top = TOP + 2 * (_BOX + GAP)
    row = SlideBox(MARGIN, top, INNER, BOTTOM - 0.36 - top)
    boxes = columns(row, len(zones))
    size = min((_size(box, zone) for box, zone in zip(boxes, zones, strict=True)), default=_NAME)
    for rank, (box, zone) in enumerate(zip(boxes, zones, strict=True)):
        framed_box(slide, box, colours.get(zone.id, RULE))
        _zone(slide, box, zone, before + rank + 1, size)


def _size(box: SlideBox, zone: ChartZone) -> float:
    """Return the largest size at which what is in a zone fits its box, else the least."""
    across, inside = box.width - 2 * PAD, _inside(zone)
    left = box.height - 0.3 - _head_height(zone, across)
    return next((size for size in _SIZES if _height(inside, across, size) <= left), _SIZES[-1])


def _head_height(zone: ChartZone, across: float) -> float:
    words, size = _name(zone, across)
    return text_height("Zone", across, 12) + text_height(words, across, size, bold=True)


def _name(zone: ChartZone, across: float) -> tuple[str, float]:
    """Return the name of a zone and its size; one too long is cut, the notes have it whole."""
    most = _NAME_HEIGHT
    for size in (_NAME, 12.0, 11.0):
        if text_height(zone.name, across, size, bold=True) <= most:
            return zone.name, size
    words = zone.name
    while len(words) > 1 and text_height(f"{words}…", across, 11.0, bold=True) > most:
        words = words[:-1]
    return f"{words.rstrip()}…", 11.0


def _zone(slide: Slide, box: SlideBox, zone: ChartZone, rank: int, size: float) -> None:
    """Write a zone: its T.I.P. where the scenario has some, with their lycées."""
    across = box.width - 2 * PAD
    head = [
        [TextRun(f"Zone {rank}", 12, colour=MUTED)],
        [TextRun(*_name(zone, across), bold=True, colour=BLUE)],
    ]
    tall = _head_height(zone, across)
    text(slide, SlideBox(box.left + PAD, box.top + 0.1, across, tall), head)
    left = box.height - 0.3 - tall
    inside = _inside(zone)
    shown = list(inside)
    while len(shown) > 1 and _height(shown, across, size) > left:
        shown.pop()
    if len(shown) < len(inside):
        more = plural(len(inside) - len(shown) + 1, "autre ligne", "autres lignes")
        shown[-1] = (f"et {more}, dans les notes", False)
    lines = [[TextRun(words, size, bold=strong)] for words, strong in shown]
    text(slide, SlideBox(box.left + PAD, box.top + 0.2 + tall, across, left), lines, space=2)


def _inside(zone: ChartZone) -> list[tuple[str, bool]]:
    """Return the lines of a zone, each with whether it is bold."""
    if not zone.posts:
        return [(UNKNOWN_POSTS, True), *((_lycee(each), False) for each in zone.lycees)]
    lines = []
    for post in zone.posts:
        lines += [(post.name, True), (", ".join(each.name for each in post.lycees), False)]
    if zone.left_out:
        lines.append(("sans poste", True))
        lines += [(_lycee(each), False) for each in zone.left_out]
    return lines


def _lycee(lycee: ChartLycee) -> str:
    star = f"★{NBSP}" if lycee.is_support else ""
    where = f" ({lycee.detail})" if lycee.detail else ""
    return f"{star}{lycee.name}{where}"


def _height(lines: Sequence[tuple[str, bool]], width: float, size: float) -> float:
    return sum(text_height(words, width, size, bold=bold) + 2 / 72 for words, bold in lines)


def _sentences(chart: SectorChart) -> list[str]:
    """Say a chart, for whoever presents it."""
    said = [
        f"Secteur {chart.name}, RNS : {chart.rns or NOT_PUBLISHED}.",
        f"{technicians_text(chart)}, en appui auprès des T.I.P.",
    ]
    for rank, zone in enumerate(chart.zones, 1):
        inside = " ; ".join(words for words, _ in _inside(zone))
        said.append(f"Zone {rank}, {zone.name} : {inside}.")
    return said
