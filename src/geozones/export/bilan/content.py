"""Content of a bilan, independent of its format: sentences and tables, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class BilanTable:
    """Table: head, share of the width and alignment of each column; its rows.

    ``in_a_room`` is the number of first rows that a deck shows; ``None`` for all.
    """

    columns: tuple[tuple[str, float, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    in_a_room: int | None = None


@dataclass(frozen=True, slots=True)
class BilanPart:
    """Part of a bilan: its title, its sentences, its table.

    A ``chapter`` has only a title, the area of the parts that follow it.
    """

    title: str
    sentences: tuple[str, ...] = ()
    table: BilanTable | None = None
    chapter: bool = False


@dataclass(frozen=True, slots=True)
class BilanContent:
    """Bilan: title, period, and a warning on each page and slide (of a generated journal)."""

    title: str
    period: str
    warning: str
    parts: tuple[BilanPart, ...]


def with_feedback(content: BilanContent, title: str, lines: Sequence[str]) -> BilanContent:
    """Return a bilan with comments and opinions on the plan at the end of its first chapter."""
    if not lines:
        return content
    chapters = [rank for rank, part in enumerate(content.parts) if part.chapter]
    at = chapters[1] if len(chapters) > 1 else len(content.parts)
    part = BilanPart(title, tuple(lines))
    return replace(content, parts=(*content.parts[:at], part, *content.parts[at:]))
