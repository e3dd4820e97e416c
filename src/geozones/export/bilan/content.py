"""Content of a bilan, independent of its format: sentences, figures and tables, in order."""

from dataclasses import dataclass

import htpy

from geozones.export.file_parts import AMBER, BLUE, INK, RULE

#: Key of the drawn figures, wherever they are drawn.
BAR_KEY = (
    "Barre : intervalle à 95 % ; point : observé ; trait : attendu. Chaque échelle part de zéro."
)


@dataclass(frozen=True, slots=True)
class BilanTable:
    """Table: head, share of the width and alignment of each column; its rows.

    A cell ``#rrggbb`` is a square of this colour.
    """

    columns: tuple[tuple[str, float, bool], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """Shares of the length of a scale, from 0 to 1; ``None`` for what a figure lacks."""

    value: float
    low: float | None
    high: float | None
    expected: float | None


@dataclass(frozen=True)
class DrawnFigure:
    """A figure of the bilan in words; ``outside`` where its interval excludes what was expected."""

    label: str
    observed: str
    interval: str
    expected: str
    verdict: str
    counted: str
    bar: IntervalBar
    outside: bool

    @property
    def described(self) -> str:
        """What the drawn bar shows, in words."""
        parts = [f"observé {self.observed}"]
        if self.interval:
            parts.append(f"intervalle à 95 % de {self.interval}")
        if self.expected:
            parts.append(f"attendu {self.expected}")
        return f"{self.label} : {', '.join(parts)}, d'après {self.counted}"


@dataclass(frozen=True, slots=True)
class BilanPart:
    """Part of a bilan: its title, its sentences, its drawn figures, its table.

    A ``chapter`` has a title and sentences only: the findings of the ``area`` (its name) of the
    parts that follow.
    """

    title: str
    sentences: tuple[str, ...] = ()
    table: BilanTable | None = None
    chapter: bool = False
    area: str = ""
    figures: tuple[DrawnFigure, ...] = ()
    tab: str = ""


@dataclass(frozen=True, slots=True)
class BilanContent:
    """Bilan: its subject, its period, a warning on each page and slide (of a generated journal).

    The title is the one of its first chapter.
    """

    subject: str
    period: str
    warning: str
    parts: tuple[BilanPart, ...]

    @property
    def title(self) -> str:
        """The most telling finding."""
        return self.parts[0].title


#: Size of the SVG, in pixels.
_WIDE, _HIGH = 220.0, 22.0


@dataclass(frozen=True, slots=True)
class DrawnPiece:
    """Rectangle or disc, in the unit of the drawing."""

    left: float
    top: float
    width: float
    height: float
    colour: str
    round: bool = False


def interval_pieces(line: DrawnFigure, width: float, height: float) -> list[DrawnPiece]:
    """Return the scale, the interval, the observed value, then what was expected."""
    bar, radius = line.bar, 0.17 * height
    inner = width - 2 * radius  # a value at an end is whole
    colour = AMBER if line.outside else BLUE

    def at(share: float) -> float:
        return radius + share * inner

    thin = 0.06 * height
    pieces = [DrawnPiece(at(0), (height - thin) / 2, inner, thin, RULE)]
    pieces.append(DrawnPiece(at(0) - thin / 2, 0.25 * height, thin, 0.5 * height, RULE))
    if bar.low is not None and bar.high is not None:
        span = max((bar.high - bar.low) * inner, thin)
        tint = "E3B98C" if line.outside else "9DBBD2"
        pieces.append(DrawnPiece(at(bar.low), 0.18 * height, span, 0.64 * height, tint))
    side = 2 * radius
    pieces.append(DrawnPiece(at(bar.value) - radius, height / 2 - radius, side, side, colour, True))  # noqa: FBT003
    if bar.expected is not None:
        pieces.append(DrawnPiece(at(bar.expected) - thin, 0, 2 * thin, height, INK))
    return pieces


def interval_svg(line: DrawnFigure) -> str:
    """Return the drawing as an SVG file; its words are `DrawnFigure.described`."""
    drawn = htpy.svg(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDE:g} {_HIGH:g}",
        width=f"{_WIDE:g}",
        height=f"{_HIGH:g}",
    )[(_svg_piece(piece) for piece in interval_pieces(line, _WIDE, _HIGH))]
    return str(drawn).removeprefix("<!doctype html>")


def _svg_piece(piece: DrawnPiece) -> htpy.Element:
    colour = f"#{piece.colour}"
    if piece.round:
        radius = piece.width / 2
        middle = (piece.left + radius, piece.top + radius)
        return htpy.circle(
            cx=f"{middle[0]:.1f}", cy=f"{middle[1]:.1f}", r=f"{radius:.1f}", fill=colour
        )
    return htpy.rect(
        x=f"{piece.left:.1f}",
        y=f"{piece.top:.1f}",
        width=f"{piece.width:.1f}",
        height=f"{piece.height:.1f}",
        fill=colour,
    )
