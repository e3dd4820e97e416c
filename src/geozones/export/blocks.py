"""Report as pages of blocks, which the writers of PDF, PPTX, XLSX and HTML lay out.

A report is a function from a dossier to pages. Writers choose position and size, never content nor
order. Rows without room on a slide are counted there, with the workbook sheet that has them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass

from geozones.common.french import plural
from geozones.export.file_parts import INK
from geozones.metrics.metric import Format
from geozones.render import Scene


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, with a few words in bold before it; ``ink`` is its colour, ``RRGGBB``."""

    text: str
    head: str = ""
    ink: str = INK

    @property
    def whole(self) -> str:
        """The sentence with its first words."""
        return f"{self.head} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences, one under another, as a list if there are several."""

    lines: tuple[Line, ...]
    _: KW_ONLY
    title: str = ""
    #: Whether it is for the record, and may be small on a slide.
    small: bool = False
    #: One and several lines left out, and the sheet of the workbook that has them.
    others: tuple[str, str] = ("autre ligne", "autres lignes")
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure: its name, and its value, or both values « 63 → 68 min » where it changes."""

    label: str
    value: str
    changes: bool = False
    ink: str = INK


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A few figures side by side."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a table, which a workbook holds as a number; ``None`` where there is none."""

    value: float | None
    format: Format
    guessed: bool = False

    @property
    def text(self) -> str:
        """The number as it is written elsewhere, with a star if it is estimated."""
        return self.format.write(self.value) + " *" * (self.guessed and self.value is not None)


type Cell = str | Number


@dataclass(frozen=True, slots=True)
class TableColumn:
    """Column of a table: its head, a text for `worded`, and its share of the width.

    In a sheet of a workbook the share is a width in characters.
    """

    head: str
    share: float
    _: KW_ONLY
    numeric: bool = False
    #: Whether its cells name their rows.
    names: bool = False


@dataclass(frozen=True, slots=True)
class Swatch:
    """The look of an area on the map, in the first cell of its row: hatched for a draft."""

    colour: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Row of a table.

    ``brief`` tells the row in a narrow place, after the name of its row; ``inks`` are the colours
    of its cells, by rank.
    """

    cells: tuple[Cell, ...]
    _: KW_ONLY
    total: bool = False
    brief: Line | None = None
    inks: tuple[tuple[int, str], ...] = ()
    swatch: Swatch | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Its cells as texts."""
        return tuple(cell.text if isinstance(cell, Number) else cell for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """Table. Where it ends before its last row, ``others`` counts the rest and ``sheet`` has it."""

    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    _: KW_ONLY
    title: str = ""
    #: One and several rows left out, « autre point », « autres points »; a table without them is
    #: continued on further slides.
    others: tuple[str, str] | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A map, or two under their captions, or a ready image; and what stands beside it.

    ``described`` is read aloud by screen readers. ``key`` has the numbers of the map and
    their zones; empty where the map or a table beside it names them.
    """

    described: str
    _: KW_ONLY
    scenes: tuple[Scene, ...] = ()
    captions: tuple[str, ...] = ()
    key: tuple[tuple[int, str], ...] = ()
    #: Blocks beside it on a slide, below it on paper.
    beside: "tuple[Block, ...]" = ()
    png: bytes = b""  # A ready image, and the address that it leads to.
    link: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """An observed figure, in words and on a scale from 0 to 1 with its interval.

    ``at``, ``low``, ``high`` and ``expected_at`` are shares of the scale, ``None`` where unknown.
    """

    label: str
    value: str
    interval: str  # The interval at 95 %, and what was expected; empty where unknown.
    expected: str
    verdict: str  # Judgement of what was observed, and the observations it comes from.
    counted: str
    described: str  # For screen readers.
    at: float
    low: float | None = None
    high: float | None = None
    expected_at: float | None = None
    outside: bool = False  # Whether what was expected is outside the interval.

    @property
    def details(self) -> tuple[str, ...]:
        """What is known beside the value, a line each."""
        judged = f"{self.verdict}, d'après {self.counted}".removeprefix(", ")
        return (
            *([f"attendu : {self.expected}"] if self.expected else []),
            *([f"intervalle à 95 % : {self.interval}"] if self.interval else []),
            judged,
        )


@dataclass(frozen=True, slots=True)
class Bars:
    """Observed figures under one another; ``key`` explains their drawing."""

    bars: tuple[Bar, ...]
    key: str

    @property
    def table(self) -> Table:
        """The same in words; without columns of what was expected where nothing was."""
        expected = any(bar.expected for bar in self.bars)
        modelled = (TableColumn("Attendu", 24), TableColumn("Jugement", 22)) if expected else ()
        columns = (
            TableColumn("Ce qui s'est passé", 46, names=True),
            TableColumn("Observé", 30),
            TableColumn("Intervalle à 95 %", 24),
            *modelled,
            TableColumn("D'après", 38),
        )
        rows = (
            (
                bar.label,
                bar.value,
                bar.interval or "—",
                *((bar.expected or "—", bar.verdict or "—") if expected else ()),
                bar.counted,
            )
            for bar in self.bars
        )
        return Table(columns, tuple(map(Row, rows)))


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a document says, with its source; ``name`` is its subject."""

    text: str
    source: str
    name: str = ""


type Block = Text | KeyFacts | Table | Picture | Bars | Quoted


@dataclass(frozen=True, slots=True)
class Page:
    """A slide, or a part of a document under its title."""

    title: str
    blocks: tuple[Block, ...]
    #: What a presenter says, in a few sentences.
    notes: tuple[str, ...] = ()
    _: KW_ONLY
    key: str = ""  # Name of the page, the same whatever its title says.
    #: Whether it goes on below the page before, in a document.
    flows: bool = False


@dataclass(frozen=True, slots=True)
class ReportPages:
    """Pages, and what names the whole: its title, and a warning on each page."""

    title: str
    pages: tuple[Page, ...]
    _: KW_ONLY
    warning: str = ""
    text_size: float = 9.5  # Of the text of a document, in points.


def lines(sentences: Iterable[str], ink: str = INK, *, title: str = "", sheet: str = "") -> Text:
    """Return sentences of one colour as a block."""
    return Text(tuple(Line(one, ink=ink) for one in sentences), title=title, sheet=sheet)


def and_others(count: int, others: tuple[str, str], sheet: str) -> str:
    """Return how a list that stops says so: « et 20 autres points : classeur, feuille Vigilance ».

    Every writer uses it.
    """
    where = f" : classeur, feuille {sheet}" if sheet else ""
    return f"… et {plural(count, *others)}{where}"


#: Most characters that a presenter says at a slide.
MOST_SPOKEN = 600


def spoken(sentences: Sequence[str]) -> tuple[str, ...]:
    """Return the first sentences that a presenter has the time to say at a slide."""
    kept: list[str] = []
    for sentence in filter(None, sentences):
        if sum(map(len, kept)) + len(kept) + len(sentence) > MOST_SPOKEN:
            break
        kept.append(sentence)
    return tuple(kept)
