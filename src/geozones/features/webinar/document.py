"""Webinar as one HTML file: pages of reports and scenes of maps, in large type.

The app shows the same document over its own page, so that the show on screen and the file on a USB
stick are identical.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from geozones.common.french import typeset
from geozones.domain import DecisionStatus
from geozones.domain.terms import worded
from geozones.export.blocks import (
    Bars,
    Block,
    KeyFacts,
    Line,
    Page,
    Picture,
    Quoted,
    Row,
    Table,
    Text,
    and_others,
)
from geozones.export.file_parts import (
    AMBER,
    GREEN,
    MUTED,
    RED,
    document,
    legend_items,
    lettered,
    map_signs,
)
from geozones.export.organisation import STYLE
from geozones.render import MapGround
from geozones.render.library import dumps
from geozones.render.scene import SCHEMATIC
from geozones.render.signs import swatch_css
from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json


@dataclass(frozen=True, slots=True)
class Slide:
    """Page on a screen; ``chart`` is HTML that stands in the place of its map."""

    page: Page
    chart: str = ""

    @property
    def picture(self) -> Picture | None:
        """Its map or maps; ``None`` for words alone."""
        drawn = (block for block in self.page.blocks if isinstance(block, Picture))
        return next((block for block in drawn if block.scenes), None)


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
#: Classes of the colours of a page, on the dark ground of the words.
_INKS = {MUTED: "quiet", AMBER: "warned", RED: "worse", GREEN: "better"}
#: Figures with more characters take the width of two; titles with more are smaller.
_WIDE, _LONG = 8, 60
#: Count that the script replaces in the sentence of a list that stops.
_COUNT = 99
_LINES = ("autre ligne", "autres lignes")
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
<aside id="presenter" aria-label="Vue de l’animateur" hidden>
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
        f"{rank}.{side}": scene
        for rank, slide in enumerate(webinar.slides)
        if slide.picture is not None
        for side, scene in enumerate(slide.picture.scenes)
    }
    count = len(webinar.slides)
    steps = [_announced(slide.page, rank, count) for rank, slide in enumerate(webinar.slides)]
    notes = [[*map(typeset, slide.page.notes)] for slide in webinar.slides]
    # a room reads the names of the ground, not its waters nor its roads
    names = tuple(name for name in webinar.ground.names if name.kind in _GROUND_NAMES)
    shown = scenes_json(scenes, replace(webinar.ground, names=names))
    script = "\n".join(
        (
            map_script(),
            in_script((_HERE / "webinar.js").read_text(encoding="utf-8")),
            lettered(f"webinar({shown}, {dumps(steps)}, {dumps(notes)})"),
        )
    )
    own_style = (_HERE / "webinar.css").read_text(encoding="utf-8")
    style = "\n".join((map_style(), own_style, STYLE.read_text(encoding="utf-8")))
    return document(typeset(f"{webinar.title} – webinaire"), style, _body(webinar), script)


def _body(webinar: Webinar) -> str:
    slides = "".join(_slide(slide, rank) for rank, slide in enumerate(webinar.slides))
    charts = "".join(_below(slide, rank) for rank, slide in enumerate(webinar.slides))
    pieces = (*webinar.credits, *filter(None, (webinar.ground.credit,)))
    text = "".join(f"<span>{_set(piece)}</span>" for piece in pieces)
    keys = "".join(f"<span><kbd>{key}</kbd> {_set(what)}</span>" for key, what in _KEYS)
    return f"""
<main id="deck" tabindex="-1" aria-label="{_set(f"Webinaire : {webinar.title}")}"
 aria-describedby="keys">
<div id="words" role="region" aria-label="Texte de l’étape">{slides}</div>
<div id="maps"><div id="frames">{_frame(0)}{_frame(1)}</div>{charts}
<div id="legend" hidden>{_legend(webinar)}</div></div>
<p class="word" role="alert" hidden></p>
<p id="keys">{keys}<span class="touch">Touchez pour avancer, glissez pour reculer</span></p>
<footer><p id="credits">{text}</p><button type="button" id="leave" hidden>Quitter</button>
<span id="ways"><button type="button" id="back">Précédent</button>
<button type="button" id="on">Suivant</button></span>
<p id="counter"></p></footer>
<div id="progress" aria-hidden="true"><i></i></div>
<p id="live" class="unseen" role="status"></p>
</main>{_PRESENTER}"""


def _set(text: str) -> str:
    """Return a text with French typography, as HTML."""
    return escape(typeset(text))


def _frame(side: int) -> str:
    return (
        f'<figure id="frame-{side}"{" hidden" if side else ""}><figcaption hidden></figcaption>'
        f'<div class="map" id="map-{side}"></div></figure>'
    )


def _below(slide: Slide, rank: int) -> str:
    """Return the zones that the maps of a slide number, below them; its chart, in their place."""
    key = () if slide.picture is None else slide.picture.key
    zones = "".join(f"<span><strong>{number}</strong> {_set(name)}</span>" for number, name in key)
    drawn = f'<p class="zones" id="zones-{rank}" hidden>{zones}</p>' if zones else ""
    if slide.chart:
        drawn += f'<div class="chart" id="chart-{rank}" hidden>{slide.chart}</div>'
    return drawn


def _slide(slide: Slide, rank: int) -> str:
    page, picture = slide.page, slide.picture
    captions = (
        ""
        if picture is None
        else " ".join(
            f'data-caption-{side}="{_set(caption)}"'
            for side, caption in enumerate(picture.captions)
        )
    )
    alone = picture is None and not slide.chart
    long = " long" if len(page.title) > _LONG else ""
    blocks = "".join(_block(block, narrow=not alone) for block in page.blocks)
    return (
        f'<article id="slide-{rank}" class="{"alone" if alone else ""}" {captions} hidden>'
        f'<h1 class="title{long}">{_set(page.title)}</h1>{blocks}</article>'
    )


def _block(block: Block, *, narrow: bool) -> str:
    """Return a block; ``narrow`` beside a map, where a table is the brief form of its rows."""
    match block:
        case Text():
            title = f"<h2>{_set(block.title)}</h2>" if block.title else ""
            told = "".join(
                f'<p class="item {_ink(line.ink)}">{_line(line)}</p>' for line in block.lines
            )
            kind = "lines small" if block.small else "lines"
            return f'{title}<div class="{kind}">{told}</div>{_more(_LINES, block.sheet)}'
        case KeyFacts():
            wide = ' class="wide"' if any(len(fact.value) > _WIDE for fact in block.facts) else ""
            facts = "".join(
                f"<div{wide}><dt>{_set(fact.label)}</dt>"
                f'<dd class="{_ink(fact.ink)}">{_set(fact.value)}</dd></div>'
                for fact in block.facts
            )
            return f'<dl class="figures">{facts}</dl>'
        case Table():
            rows = (_brief(row, block) for row in block.rows) if narrow else _rows(block)
            tag = "ul" if narrow else "table"
            told = f'<{tag} class="lines">{"".join(rows)}</{tag}>'
            return told + _more(block.others or _LINES, block.sheet)
        case Picture():
            return _beside(block)
        case Quoted():
            line = Line(f"« {block.text} » ({block.source})", head=f"{block.name} :")
            return f'<p class="quote">{_line(line if block.name else replace(line, head=""))}</p>'
        case Bars():
            told = "".join(f'<p class="item">{_set(bar.described)}</p>' for bar in block.bars)
            return f'<div class="lines">{told}</div>{_more(_LINES, "")}'


def _ink(ink: str) -> str:
    return _INKS.get(ink, "")


def _line(line: Line) -> str:
    return f"<strong>{_set(line.head)}</strong> {_set(line.text)}" if line.head else _set(line.text)


def _more(others: tuple[str, str], sheet: str) -> str:
    """Return the place of the sentence of a list that stops: the script knows where it does."""
    one, several = (_set(and_others(count, others, sheet)) for count in (1, _COUNT))
    return f'<p class="more" data-one="{one}" data-several="{several}" hidden></p>'


def _rows(table: Table) -> Iterator[str]:
    """Yield the head of a table and its rows, each with the header that names it."""
    columns = table.columns
    heads = "".join(f'<th scope="col">{_set(worded(column.head))}</th>' for column in columns)
    whole = sum(column.share for column in columns)
    wide = (f'<col style="width:{100 * column.share / whole:.1f}%">' for column in columns)
    yield f"<colgroup>{''.join(wide)}</colgroup>"
    yield f"<thead><tr>{heads}</tr></thead>" if any(column.head for column in columns) else ""
    for row in table.rows:
        inks = dict(row.inks)
        cells = []
        for rank, (column, text) in enumerate(zip(columns, row.texts, strict=True)):
            ink = _ink(inks.get(rank, ""))
            if column.names:
                cells.append(f'<th scope="row" class="{ink}">{_set(text)}</th>')
                continue
            head = f' data-head="{_set(worded(column.head))}"' if column.head and text else ""
            cells.append(f'<td class="{ink}"{head}>{_set(text)}</td>')
        yield f'<tr class="item">{"".join(cells)}</tr>'


def _brief(row: Row, table: Table) -> str:
    """Return a row as a line: its brief form, else its name and its other cells."""
    line = row.brief
    if line is None:
        named = list(zip(table.columns, row.texts, strict=True))
        head = " ".join(text for column, text in named if column.names)
        line = Line(" · ".join(text for column, text in named if text and not column.names), head)
    sign = ""
    if row.swatch is not None:
        status = DecisionStatus.DRAFT if row.swatch.hatched else DecisionStatus.PUBLISHED
        style = escape(swatch_css(row.swatch.colour, status))
        sign = f'<i class="swatch" style="{style}" aria-hidden="true"></i>'
    name = f"<strong>{_set(line.head)}</strong>" if line.head else ""
    detail = f"<small>{_set(line.text)}</small>" if line.text else ""
    return f'<li class="item">{sign}<span>{name}{detail}</span></li>'


def _beside(picture: Picture) -> str:
    """Return what stands beside a map, or a ready image."""
    if picture.png:
        source = f"data:image/png;base64,{b64encode(picture.png).decode()}"
        code = f'<img class="code" src="{source}" alt="{_set(picture.described)}">'
        return f'{code}<p class="quiet">{escape(picture.link)}</p>'
    return "".join(_block(block, narrow=True) for block in picture.beside)


def _legend(webinar: Webinar) -> str:
    pictures = [slide.picture for slide in webinar.slides if slide.picture is not None]
    scenes = [scene for picture in pictures for scene in picture.scenes]
    zones = [zone for scene in scenes for zone in scene.zones]
    later = "" if all(zone.deployed for zone in zones) else "pas encore déployé, ou "
    signs = [("faded", f"{later}hors du sujet")]
    signs += map_signs(limits=bool(webinar.ground.departements))
    signs += _CHANGE if any(scene.change for scene in scenes) else ()
    items = legend_items(signs, zones)
    drawn = (SCHEMATIC,) if webinar.ground.schematic else ()
    sources = "".join(f"<p>{_set(source)}</p>" for source in (*webinar.sources, *drawn))
    return f"<h2>Légende</h2><ul>{items}</ul><h2>Sources</h2>{sources}"


def _announced(page: Page, rank: int, count: int) -> str:
    """Return what a screen reader says when a slide appears: its title, figures and sentences."""
    parts = [f"Étape {rank + 1} sur {count}", page.title]
    blocks = list(page.blocks)
    blocks += (each for b in page.blocks if isinstance(b, Picture) for each in b.beside)
    parts += [line.text for block in blocks if isinstance(block, Text) for line in block.lines]
    parts += [
        f"{fact.label} : {fact.value}"
        for block in blocks
        if isinstance(block, KeyFacts)
        for fact in block.facts
    ]
    return typeset(". ".join(part.rstrip(".") for part in parts if part) + ".")
