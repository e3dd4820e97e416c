"""Content of a webinar before drawing: slides of words, figures and scenes."""

from dataclasses import dataclass, field

from geozones.domain.organisation import Organisation, QuoteChapter, SectorChart
from geozones.domain.terms import Noun
from geozones.render import MapGround, Scene, ZoneArea


@dataclass(frozen=True, slots=True)
class SlideFigure:
    """Figure of a slide: its value with its unit, and its name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SlideLine:
    """Line of a slide's list: a name, a detail, or both.

    ``zone`` is the area of the line, whose colour and signs it shows.
    """

    name: str
    detail: str = ""
    zone: ZoneArea | None = None


@dataclass(frozen=True, slots=True)
class SlidePicture:
    """Map, and its caption (empty if the slide has one map)."""

    scene: Scene
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Slide:
    """Step of a webinar: one map, two of the same extent, or a chart in their place.

    ``kicker`` names the kind of content, ``badges`` warn of undecided content. ``noun`` is what
    ``lines`` are: a screen shows as many as can be read on it and counts the others. ``notes`` are
    sentences for the presenter alone.
    """

    kicker: str
    title: str
    pictures: tuple[SlidePicture, ...]
    badges: tuple[str, ...] = ()
    text: str = ""
    figures: tuple[SlideFigure, ...] = ()
    sentences: tuple[str, ...] = ()
    lines: tuple[SlideLine, ...] = ()
    noun: Noun | None = None
    notes: tuple[str, ...] = ()
    chart: Organisation | QuoteChapter | SectorChart | None = None


@dataclass(frozen=True)
class Webinar:
    """Webinar with all its data: it needs no request while it runs.

    ``credits`` are pieces of the footer: the date, the plan and its status; ``sources`` are
    sentences, shown with the legend.
    """

    title: str
    slides: tuple[Slide, ...]
    credits: tuple[str, ...]
    sources: tuple[str, ...] = ()
    ground: MapGround = field(default_factory=MapGround)
