"""Recognition of the columns of a table by their titles, which the user may correct."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded, listing
from geozones.intake.documents import DocumentLine

_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class TableField:
    """Field of a table."""

    word: str  # French word that names it in an option.
    titles: tuple[str, ...] = ()  # Usual titles of its column, folded, the likeliest first.
    #: Parts of titles, folded, of which one is enough; with a label for the page (`worded`).
    parts: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Columns of a table: the rank of each field that has one, and its titles.

    ``first`` is the rank of the first line below the titles.
    """

    first: int
    ranks: Mapping[str, int]
    titles: tuple[str, ...]

    def title(self, field: str) -> str:
        """Return the title of the column of a field."""
        return self.titles[self.ranks[field]]


def recognise(
    lines: Sequence[DocumentLine],
    fields: Mapping[str, TableField],
    is_table: Callable[[Mapping[str, int]], bool],
    corrections: Mapping[str, str] | None = None,
    *,
    among: int = 1,
) -> TableColumns | None:
    """Return the columns of the line of titles, the first among some that has enough fields.

    ``is_table`` tells whether fields are enough. ``corrections`` are those of `chosen_columns`; a
    title that no line has raises ``InputError``.
    """
    missing: InputError | None = None
    for rank, line in enumerate(lines[:among]):
        try:
            chosen = chosen_columns(line.cells, fields, corrections or {})
        except InputError as error:
            missing = missing or error
            continue
        ranks = {field: at for field, at in chosen.items() if at is not None}
        plain = [folded(cell) if len(cell) <= _LONGEST_TITLE else "" for cell in line.cells]
        for key, field in fields.items():
            if key not in chosen and (at := _place(plain, field, ranks)) is not None:
                ranks[key] = at
        if is_table(ranks):
            titles = tuple(line.cell(at) for at in range(len(line.cells)))
            return TableColumns(rank + 1, ranks, titles)
    if missing is not None:
        raise missing
    return None


def _place(plain: Sequence[str], field: TableField, taken: Mapping[str, int]) -> int | None:
    free = {at: title for at, title in enumerate(plain) if title and at not in taken.values()}
    by_title = {title: at for at, title in reversed(free.items())}
    for usual in field.titles:
        if usual in by_title:
            return by_title[usual]
    return next(
        (at for at, title in free.items() if any(part in title for part in field.parts)), None
    )


def chosen_columns(
    titles: Sequence[str], fields: Mapping[str, TableField], corrections: Mapping[str, str]
) -> dict[str, int | None]:
    """Return the rank of each column that the user chose; ``None`` for a field without column.

    ``corrections`` are the title or the rank (from 1) of the column of each field, by its key or
    its French word; an empty title says that the table has no such column.
    """
    return {
        field_key(name, fields): _rank_of(titles, title) if title.strip() else None
        for name, title in corrections.items()
    }


def field_key(text: str, fields: Mapping[str, TableField]) -> str:
    """Return the key of the field that an option names, by its key or its French word."""
    plain = folded(text).replace(" ", "_")
    for key, field in fields.items():
        if plain in {key, field.word}:
            return key
    words = listing([field.word for field in fields.values()], "ou")
    raise InputError(f"« {shortened(text, 40)} » n'est pas un champ : choisissez parmi {words}.")


def _rank_of(titles: Sequence[str], title: str) -> int:
    same = [rank for rank, other in enumerate(titles) if folded(other) == folded(title)]
    if same:
        return same[0]
    if title.strip().isdecimal() and 1 <= int(title) <= len(titles):
        return int(title) - 1
    every = listing([f"« {shortened(other, 30)} »" for other in titles if other.strip()], "ou")
    raise InputError(
        f"Cette liste n'a pas de colonne « {shortened(title, 40)} » : choisissez parmi {every}."
    )
