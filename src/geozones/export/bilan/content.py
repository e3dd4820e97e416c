"""What a bilan says, whatever its format: parts of sentences and tables, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class BilanTable:
    """A table: the head, share of the width and alignment of each column; its rows.

    ``in_a_room`` is how many of the first rows a deck shows; all where it is ``None``.
    """

    columns: tuple[tuple[str, float, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    in_a_room: int | None = None


@dataclass(frozen=True, slots=True)
class BilanPart:
    """A part: its title, what it says, its table.

    A ``chapter`` has only a title: that of the area which the parts below it are of.
    """

    title: str
    sentences: tuple[str, ...] = ()
    table: BilanTable | None = None
    chapter: bool = False


@dataclass(frozen=True, slots=True)
class BilanContent:
    """A bilan: title, period, what must be known before all (a journal that was invented)."""

    title: str
    period: str
    warning: str
    parts: tuple[BilanPart, ...]


def with_voices(content: BilanContent, title: str, said: Sequence[str]) -> BilanContent:
    """Return a bilan with what people said of the plan at the end of its first chapter."""
    if not said:
        return content
    chapters = [rank for rank, part in enumerate(content.parts) if part.chapter]
    at = chapters[1] if len(chapters) > 1 else len(content.parts)
    part = BilanPart(title, tuple(said))
    return replace(content, parts=(*content.parts[:at], part, *content.parts[at:]))
