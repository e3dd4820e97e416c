"""Drawing of an observed figure with its interval and its expectation: as SVG, and on a slide."""

from dataclasses import dataclass

import htpy
from pptx.enum.shapes import MSO_SHAPE
from pptx.slide import Slide

from geozones.domain.bilan_line import OUTSIDE, BilanLine
from geozones.export.deck.page import SlideBox
from geozones.export.deck.parts import AMBER, BLUE, INK, RULE, rule

#: Size of the SVG, in pixels.
_WIDE, _HIGH = 220.0, 22.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rectangle or disc, in the unit of the drawing."""

    left: float
    top: float
    width: float
    height: float
    colour: str
    round: bool = False


def _pieces(line: BilanLine, width: float, height: float) -> list[_Piece]:
    """Return the scale, the interval, the observed value, then what was expected."""
    bar, radius = line.bar, 0.17 * height
    inner = width - 2 * radius  # a value at an end is whole
    colour = AMBER if line.verdict in OUTSIDE else BLUE

    def at(share: float) -> float:
        return radius + share * inner

    thin = 0.06 * height
    pieces = [_Piece(at(0), (height - thin) / 2, inner, thin, RULE)]
    pieces.append(_Piece(at(0) - thin / 2, 0.25 * height, thin, 0.5 * height, RULE))
    if bar.low is not None and bar.high is not None:
        span = max((bar.high - bar.low) * inner, thin)
        tint = "E3B98C" if line.verdict in OUTSIDE else "9DBBD2"
        pieces.append(_Piece(at(bar.low), 0.18 * height, span, 0.64 * height, tint))
    side = 2 * radius
    pieces.append(_Piece(at(bar.value) - radius, height / 2 - radius, side, side, colour, True))  # noqa: FBT003
    if bar.expected is not None:
        pieces.append(_Piece(at(bar.expected) - thin, 0, 2 * thin, height, INK))
    return pieces


def interval_svg(line: BilanLine) -> str:
    """Return the drawing as an SVG file; its words are `BilanLine.described`."""
    drawn = htpy.svg(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDE:g} {_HIGH:g}",
        width=f"{_WIDE:g}",
        height=f"{_HIGH:g}",
    )[(_svg_piece(piece) for piece in _pieces(line, _WIDE, _HIGH))]
    return str(drawn).removeprefix("<!doctype html>")


def _svg_piece(piece: _Piece) -> htpy.Element:
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


def draw_interval(slide: Slide, box: SlideBox, line: BilanLine) -> None:
    """Draw the figure in a box of a slide; its words are beside it, so screen readers skip it."""
    for piece in _pieces(line, box.width, box.height):
        place = SlideBox(box.left + piece.left, box.top + piece.top, piece.width, piece.height)
        kind = MSO_SHAPE.OVAL if piece.round else MSO_SHAPE.RECTANGLE
        shape = rule(slide, place, piece.colour, kind)
        shape.name = "Dessin du chiffre"
