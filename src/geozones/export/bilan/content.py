"""Content of a bilan, independent of its format: sentences, figures, maps and tables, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geozones.domain.field_journal import BilanLine
from geozones.render import Scene

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
class BilanMap:
    """Map of a figure by zone: its scene, its text for screen readers, its colours and classes.

    ``zones`` are its zones with their figures, a line each.
    """

    scene: Scene
    described: str
    zones: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BilanPart:
    """Part of a bilan: its title, its sentences, its map, its drawn figures, its table.

    A ``chapter`` has a title and sentences only: the findings of the ``area`` (its name) of the
    parts that follow.
    """

    title: str
    sentences: tuple[str, ...] = ()
    table: BilanTable | None = None
    chapter: bool = False
    area: str = ""
    figures: tuple[BilanLine, ...] = ()
    map: BilanMap | None = None
    tab: str = ""
    record: bool = False


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


def with_feedback(content: BilanContent, title: str, lines: Sequence[str]) -> BilanContent:
    """Return a bilan with comments and opinions on the plan at the end of its first chapter."""
    if not lines:
        return content
    chapters = [rank for rank, part in enumerate(content.parts) if part.chapter]
    at = chapters[1] if len(chapters) > 1 else len(content.parts)
    part = BilanPart(title, tuple(lines))
    return replace(content, parts=(*content.parts[:at], part, *content.parts[at:]))
