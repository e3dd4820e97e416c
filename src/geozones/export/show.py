"""What a webinar shows, before any drawing: slides of words, figures and scenes."""

from dataclasses import dataclass, field

from geozones.domain.organisation import Organisation, SectorChart
from geozones.render import Ground, Scene, ZoneArea


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to read from the back of a room: its value with its unit, and what it is."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list; ``zone`` is the area it is about, whose colour and signs it shows."""

    name: str
    detail: str = ""
    zone: ZoneArea | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A map, and what is written over it (nothing where the slide has one map)."""

    scene: Scene
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Slide:
    """One step: one map, two of the same extent, or a chart in their place.

    ``kicker`` says what kind of thing is shown, ``badges`` warn of what is not decided, ``more``
    says what the list of lines leaves out.
    """

    kicker: str
    title: str
    pictures: tuple[Picture, ...]
    badges: tuple[str, ...] = ()
    text: str = ""
    figures: tuple[Figure, ...] = ()
    sentences: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    more: str = ""
    chart: Organisation | SectorChart | None = None


@dataclass(frozen=True)
class Show:
    """A webinar, whole: nothing more is asked of anyone while it runs.

    ``credits`` are pieces of the footer: date, scenario and version, who made the figures;
    ``sources`` are sentences, shown with the legend.
    """

    title: str
    slides: tuple[Slide, ...]
    credits: tuple[str, ...]
    sources: tuple[str, ...] = ()
    ground: Ground = field(default_factory=Ground)
