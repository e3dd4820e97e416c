"""Webinar as one HTML file: its slides of words, figures and scenes, in large type.

The app shows the same document over its own page, so that the show on screen and the file on a USB
stick are identical.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from geozones.common.french import capital
from geozones.domain.organisation import Organisation, QuoteChapter, SectorChart
from geozones.domain.terms import Noun
from geozones.export.file_parts import (
    document,
    legend_items,
    map_signs,
    swatch_of,
)
from geozones.export.organisation import STYLE, chapter_html, sector_html, whole_html
from geozones.render import MapGround, Scene, ZoneArea
from geozones.render.library import dumps
from geozones.render.map_ground import SCHEMATIC
from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json


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


_HERE = Path(__file__).parent
#: Signs of the maps of a change.
_CHANGE = (("moved", "ce qui change de zone ; une flèche par {site}"),)
#: Kinds of names of the ground on the maps of a room.
_GROUND_NAMES = frozenset({"city", "town", "departement"})
#: Figures with more characters take the width of two.
_WIDE = 8
_KEYS = (
    ("→", "suivant"),
    ("←", "précédent"),
    ("F", "plein écran"),
    ("L", "légende"),
    ("P", "vue de l'animateur"),
    ("Échap", "sortir"),
    ("H", "aide"),
)


_PRESENTER = """
<aside id="presenter" aria-label="Vue de l'animateur" hidden>
<p class="word" hidden></p>
<p id="at"></p><p class="time"><b id="elapsed"></b> <span id="clock"></span></p>
<div class="acts"><button type="button" data-act="back">← Précédent</button>
<button type="button" data-act="on">Suivant →</button>
<button type="button" data-act="again">Remettre le temps à zéro</button></div>
<h2>À dire</h2><div id="said" tabindex="0" role="region" aria-label="À dire"></div>
</aside>
<aside id="after" aria-label="Étape suivante" hidden>
<h2>Ensuite</h2><p id="following"></p><p id="glimpse"></p></aside>"""


def webinar_page(webinar: Webinar) -> bytes:
    """Return a webinar as an HTML document, UTF-8; the same webinar gives the same bytes."""
    scenes = {
        f"{rank}.{side}": picture.scene
        for rank, slide in enumerate(webinar.slides)
        for side, picture in enumerate(slide.pictures)
    }
    steps = dumps([_announced(slide, rank, webinar) for rank, slide in enumerate(webinar.slides)])
    notes = dumps([_notes(slide) for slide in webinar.slides])
    script = "\n".join(
        (
            map_script(),
            in_script((_HERE / "webinar.js").read_text(encoding="utf-8")),
            f"webinar({scenes_json(scenes, _ground(webinar))}, {steps}, {notes});",
        )
    )
    own_style = (_HERE / "webinar.css").read_text(encoding="utf-8")
    style = "\n".join((map_style(), own_style, STYLE.read_text(encoding="utf-8")))
    return document(f"{webinar.title} – webinaire", style, _body(webinar), script)


def _ground(webinar: Webinar) -> MapGround:
    """Return the ground with the names that a room can read, without waters nor roads."""
    names = tuple(name for name in webinar.ground.names if name.kind in _GROUND_NAMES)
    return replace(webinar.ground, names=names)


def _body(webinar: Webinar) -> str:
    slides = "".join(_slide(slide, rank) for rank, slide in enumerate(webinar.slides))
    charts = "".join(_chart(slide, rank) for rank, slide in enumerate(webinar.slides))
    text = "".join(f"<span>{escape(piece)}</span>" for piece in _credits(webinar))
    return f"""
<main id="deck" tabindex="-1" aria-label="{escape(f"Webinaire : {webinar.title}")}"
 aria-describedby="keys">
<div id="words" role="region" aria-label="Texte de l'étape">{slides}</div>
<div id="maps">{_frame(0)}{_frame(1)}{charts}
<div id="legend" hidden>{_legend(webinar)}</div></div>
<p class="word" role="alert" hidden></p>
<p id="keys">{_keys()}</p>
<footer><p id="credits">{text}</p><button type="button" id="leave" hidden>Quitter</button>
<span id="ways"><button type="button" id="back">Précédent</button>
<button type="button" id="on">Suivant</button></span>
<p id="counter"></p></footer>
<div id="progress" aria-hidden="true"><i></i></div>
<p id="live" class="unseen" role="status"></p>
</main>{_PRESENTER}"""


def _credits(webinar: Webinar) -> Iterator[str]:
    yield from webinar.credits
    if webinar.ground.credit:
        yield webinar.ground.credit


def _frame(side: int) -> str:
    return (
        f'<figure id="frame-{side}"{" hidden" if side else ""}><figcaption hidden></figcaption>'
        f'<div class="map" id="map-{side}"></div></figure>'
    )


def _chart(slide: Slide, rank: int) -> str:
    if slide.chart is None:
        return ""
    if isinstance(slide.chart, Organisation):
        drawn = whole_html(slide.chart)
    elif isinstance(slide.chart, QuoteChapter):
        drawn = chapter_html(slide.chart)
    else:
        drawn = sector_html(slide.chart)
    return f'<div class="chart" id="chart-{rank}" hidden>{drawn}</div>'


def _slide(slide: Slide, rank: int) -> str:
    captions = " ".join(
        f'data-caption-{side}="{escape(picture.caption)}"'
        for side, picture in enumerate(slide.pictures)
    )
    badges = "".join(f'<p class="badge">{escape(badge)}</p>' for badge in slide.badges)
    text = f'<p class="text">{escape(slide.text)}</p>' if slide.text else ""
    long = " long" if len(slide.title) > 60 else ""
    return (
        f'<article id="slide-{rank}" {captions} hidden>'
        f'<p class="kicker">{escape(slide.kicker)}</p>{badges}'
        f'<h1 class="title{long}">{escape(slide.title)}</h1>{text}'
        f"{_figures(slide.figures)}{_sentences(slide.sentences)}{_lines(slide)}"
        "</article>"
    )


def _figures(figures: Sequence[SlideFigure]) -> str:
    wide = ' class="wide"' if any(len(figure.value) > _WIDE for figure in figures) else ""
    cells = "".join(
        f"<div{wide}><dt>{escape(figure.label)}</dt><dd>{escape(figure.value)}</dd></div>"
        for figure in figures
    )
    return f'<dl class="figures">{cells}</dl>' if cells else ""


def _sentences(sentences: Iterable[str]) -> str:
    return "".join(f'<p class="sentence">{escape(sentence)}</p>' for sentence in sentences)


def _lines(slide: Slide) -> str:
    """Return the list of a slide, and the place of the count of lines that a screen leaves out."""
    if not slide.lines:
        return ""
    noun = slide.noun or Noun("ligne", "lignes")
    one, several = (escape(text) for text in (f"autre {noun}", f"autres {noun.plural}"))
    return (
        f'<ul class="lines">{"".join(map(_line, slide.lines))}</ul>'
        f'<p class="more" data-one="{one}" data-several="{several}" hidden></p>'
    )


def _line(line: SlideLine) -> str:
    sign = ""
    if line.zone is not None:
        sign = f'<i class="swatch" style="{escape(swatch_of(line.zone))}" aria-hidden="true"></i>'
    name = f"<strong>{escape(line.name)}</strong>" if line.name else ""
    detail = f"<small>{escape(line.detail)}</small>" if line.detail else ""
    return f"<li>{sign}<span>{name}{detail}</span></li>"


def _legend(webinar: Webinar) -> str:
    pictures = [picture for slide in webinar.slides for picture in slide.pictures]
    changes = _CHANGE if any(each.scene.change for each in pictures) else ()
    zones = [zone for each in pictures for zone in each.scene.zones]
    later = "" if all(zone.deployed for zone in zones) else "pas encore déployé, ou "
    signs = [("faded", f"{later}hors du sujet")]
    signs += map_signs(limits=bool(webinar.ground.departements))
    items = legend_items((*signs, *changes), zones)
    drawn = (SCHEMATIC,) if webinar.ground.schematic else ()
    sources = "".join(f"<p>{escape(source)}</p>" for source in (*webinar.sources, *drawn))
    return f"<h2>Légende</h2><ul>{items}</ul><h2>Sources</h2>{sources}"


def _keys() -> str:
    keys = "".join(f"<span><kbd>{key}</kbd> {escape(what)}</span>" for key, what in _KEYS)
    return f'{keys}<span class="touch">Touchez pour avancer, glissez pour reculer</span>'


def _announced(slide: Slide, rank: int, webinar: Webinar) -> str:
    """Return the text for screen readers when a slide appears."""
    figures = (f"{figure.label} : {figure.value}" for figure in slide.figures)
    pictures = (picture.caption for picture in slide.pictures if picture.caption)
    parts = (slide.kicker, slide.title, *slide.badges, slide.text, *figures, *slide.sentences)
    text = ". ".join(part.rstrip(".") for part in (*parts, *pictures) if part)
    return f"Étape {rank + 1} sur {len(webinar.slides)}. {text}."


def _notes(slide: Slide) -> list[str]:
    """Return the presenter's notes of a slide: all that it shows, and what is for them alone."""
    lines = [f"{slide.kicker} : {slide.title}", *slide.badges, slide.text, *slide.sentences]
    lines += [f"{capital(figure.label)} : {figure.value}" for figure in slide.figures]
    lines += [" : ".join(filter(None, (line.name, line.detail))) for line in slide.lines]
    return [f"{part.rstrip('.')}." for part in (*lines, *slide.notes) if part]
