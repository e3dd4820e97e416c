"""Small pieces of HTML, with everything that comes from data escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from geozones.domain import Sector


def pill(sector: Sector) -> str:
    """Return the badge of a sector's status: published and draft never look alike."""
    if sector.is_draft:
        return '<span class="gz-pill gz-draft">Brouillon</span>'
    return '<span class="gz-pill gz-published">Publié</span>'


def swatch(colour: str, *, draft: bool) -> str:
    """Return a coloured square, hatched for a draft."""
    kind = "gz-swatch gz-hatched" if draft else "gz-swatch"
    return f'<span class="{kind}" style="--colour:{escape(colour)}" aria-hidden="true"></span>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a list of terms and values."""
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return f'<dl class="gz-facts">{cells}</dl>'


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numeric: frozenset[int] = frozenset(),
    hidden_caption: bool = False,
) -> str:
    """Return a table that a screen reader can walk; cells are escaped text.

    ``numeric`` holds the ranks of the columns to align on the right.
    """

    def css(rank: int) -> str:
        return ' class="gz-number"' if rank in numeric else ""

    head = "".join(f'<th scope="col"{css(i)}>{escape(text)}</th>' for i, text in enumerate(heads))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>' if i == 0 else f"<td{css(i)}>{escape(cell)}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    kind = ' class="gz-hidden"' if hidden_caption else ""
    return (
        f'<div class="gz-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="gz-table"><caption{kind}>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def figures(label: str, cards: Iterable[tuple[str, str, str]]) -> str:
    """Return a strip of figures: label, value, detail of each."""
    body = "".join(
        f'<div class="gz-figure"><span class="gz-figure-label">{escape(name)}</span>'
        f'<span class="gz-figure-value">{escape(value)}</span>'
        f'<span class="gz-figure-detail">{escape(detail)}</span></div>'
        for name, value, detail in cards
    )
    return (
        f'<section class="gz-figures gz-board" tabindex="0" aria-label="{escape(label)}">{body}'
        "</section>"
    )


def text(value: str) -> str:
    """Return text with what HTML reads as markup escaped."""
    return escape(value)


def unmarked(value: str) -> str:
    """Return text for a widget that reads Markdown, with nothing in it taken for Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#$:~|" else sign for sign in value)


def note(value: str) -> str:
    """Return a remark."""
    return f'<p class="gz-hint">{escape(value)}</p>'


def bullets(items: Iterable[str], kind: str) -> str:
    """Return a list of sentences."""
    return f'<ul class="{kind}">{"".join(f"<li>{escape(item)}</li>" for item in items)}</ul>'
