"""Recognition of the columns of a table by their titles and cells, which the user may correct.

Each kind of table declares its fields once; `recognise` finds the line of titles and the column of
each field, for all of them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from rapidfuzz import fuzz, process

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded, listing, lookalike
from geozones.domain.terms import worded
from geozones.intake.documents import DocumentLine

#: Confidence in a column whose title is usual, vague, misspelt or begins with a word of the field,
#: and at most in one told by its cells; least confidence in a title whose cells do not fit it.
_USUAL, _VAGUELY, MISSPELT, _BY_WORD, _BY_CELLS, _LEAST = 1.0, 0.8, 0.7, 0.6, 0.6, 0.3
#: Least similarity of a misspelt title with a usual title, and its fewest characters.
_SAME_TITLE, _FEWEST_CHARACTERS = 85.0, 4
_LONGEST_TITLE = 60
#: Lines looked at below the titles, and the share of its cells that must tell a field.
_SAMPLED, _MOST_CELLS = 200, 0.5
NUMBER = re.compile(r"[+-]?[\d\s\u00a0\u202f.,]+")

type CellTest = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class TableField:
    """Field of a table."""

    word: str  # French word that names it in an option.
    titles: tuple[str, ...] = ()  # Usual titles of its column, folded, the likeliest first.
    #: Usual titles that name it only where no other does: « id » beside « code UAI ».
    vague: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()  # Beginnings of longer titles, folded.
    parts: tuple[str, ...] = ()  # Beginnings of words, folded, of which a title has one.
    label: str = ""  # Name on screen (`worded`); its word by default.
    required: bool = False  # Whether a table has none of its kind without it.
    fits: CellTest | None = None  # Whether a cell may hold it; any may by default.
    tells: CellTest | None = None  # Whether a cell tells the field by itself.
    #: Whether its cells tell it beside columns with titles too; else in a table without titles.
    beside_titles: bool = False
    unless: tuple[str, ...] = ()  # Fields that make it needless to look at cells for this one.
    #: Whether it is the column, of those left, with the most different texts that are no numbers.
    is_name: bool = False

    @property
    def shown(self) -> str:
        """Name on screen, in the words of the territory."""
        return worded(self.label) or self.word


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """Field that a title names: the confidence in it, and the rank among its usual titles."""

    field: str
    confidence: float
    order: int = 0


class TableFields(dict[str, TableField]):
    """Fields of a kind of table, by key, with an index of their titles."""

    @cached_property
    def match(self) -> Callable[[str], TitleMatch | None]:
        """Function from a title to the field that it names; its answers are cached."""
        usual = {
            lookalike(title): TitleMatch(key, confidence, order)
            for key, field in self.items()
            for confidence, titles in ((_VAGUELY, field.vague), (_USUAL, field.titles))
            for order, title in enumerate(titles)
        }
        close = [title for title in usual if len(title) >= _FEWEST_CHARACTERS]
        heads = [(head, key) for key, field in self.items() for head in field.heads]
        heads.sort(key=lambda pair: -len(pair[0]))

        def match(title: str) -> TitleMatch | None:
            plain = lookalike(title)
            if not plain or len(title) > _LONGEST_TITLE:
                return None
            if plain in usual:
                return usual[plain]
            # « Lycée 12 » is not a misspelt title
            if len(plain) >= _FEWEST_CHARACTERS and not any(sign.isdigit() for sign in title):
                best = process.extractOne(plain, close, scorer=fuzz.ratio, score_cutoff=_SAME_TITLE)
                if best is not None:
                    return TitleMatch(usual[best[0]].field, MISSPELT)
            words = f" {folded(title)} "
            named = [key for head, key in heads if words.startswith(f" {head}")]
            named += [
                key
                for key, field in self.items()
                if any(f" {part}" in words for part in field.parts)
            ]
            return TitleMatch(named[0], _BY_WORD) if named else None

        return lru_cache(maxsize=4096)(match)

    def named_by(self, line: DocumentLine) -> dict[str, TitleMatch]:
        """Return the fields that the cells of a line name, the surest match of each."""
        named: dict[str, TitleMatch] = {}
        for cell in line.cells:
            match = self.match(cell)
            if match and (
                match.field not in named or match.confidence > named[match.field].confidence
            ):
                named[match.field] = match
        return named

    def are_enough(self, _line: DocumentLine, named: Mapping[str, TitleMatch]) -> bool:
        """Return whether a line of titles names each required field."""
        return all(key in named for key, field in self.items() if field.required)


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """Column of a field."""

    field: str  # Key of the field, and its name on screen, in the words of the territory.
    label: str
    column: int  # Rank of the column, from 0, and its title.
    title: str
    confidence: float  # From 0 to 1.
    origin: str  # ``titre``, ``contenu`` or ``choisie``.


@dataclass(frozen=True)
class TableColumns:
    """Columns of a table."""

    #: Title of each column, in order: its cell in the line of titles, else « colonne 3 ».
    titles: tuple[str, ...]
    first: int  # Rank, among the lines of the document, of the first row below the titles.
    guesses: tuple[ColumnGuess, ...]  # The column of each field that the table has.
    labels: Mapping[str, str]  # Name on screen of each field that a table of its kind may have.
    is_titled: bool = True  # Whether a line of titles was recognised.

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of the column of each field."""
        return {guess.field: guess.column for guess in self.guesses}

    def title(self, field: str) -> str:
        """Return the title of the column of a field."""
        return self.titles[self.ranks[field]]

    def cell(self, line: DocumentLine, field: str) -> str:
        """Return the cell of a field in a row; empty if the table has no such column."""
        rank = self.ranks.get(field)
        return "" if rank is None else line.cell(rank)

    @property
    def unused(self) -> tuple[str, ...]:
        """Titles of the columns that no field takes."""
        used = set(self.ranks.values())
        return tuple(
            title
            for rank, title in enumerate(self.titles)
            if rank not in used and title != _untitled(rank)
        )

    def has(self, *fields: str) -> bool:
        """Return whether the table has a column for one of some fields."""
        return not self.ranks.keys().isdisjoint(fields)


#: Whether a line that names some fields is the line of titles of a table.
type IsTitles = Callable[[DocumentLine, Mapping[str, TitleMatch]], bool]


def recognise(
    lines: Sequence[DocumentLine],
    fields: TableFields,
    corrections: Mapping[str, str] | None = None,
    *,
    among: int = 1,
    is_titles: IsTitles | None = None,
) -> TableColumns:
    """Return the columns of a table, first those that the user chose: see `chosen_columns`.

    The line of titles is, among the first lines, that with the titles that the user gave, else the
    one that names the most fields of those that ``is_titles`` accepts (by default, those that name
    the required fields); the first of equals.
    """
    corrections = corrections or {}
    accept = is_titles or fields.are_enough
    at = _titles_at(lines[:among], fields, corrections, accept)
    is_titled = at is not None
    if at is None and not any(field.tells or field.is_name for field in fields.values()):
        # only titles tell these fields: those of the first line may be named by the user
        at = next((rank for rank, line in enumerate(lines) if not line.is_blank), None)
    named = DocumentLine(0, ()) if at is None else lines[at]
    first = 0 if at is None else at + 1
    below = [line for line in lines[first : first + _SAMPLED] if not line.is_blank]
    width = max((len(line.cells) for line in (named, *below)), default=0)
    titles = tuple(named.cell(rank) or _untitled(rank) for rank in range(width))
    chosen = chosen_columns(titles, fields, corrections)
    guesses = {
        key: _guess(fields, key, rank, titles[rank], 1.0, "choisie")
        for key, rank in chosen.items()
        if rank is not None
    }
    cells = {
        rank: [
            cell
            for line in below
            # a line with one cell in a wider table is a heading
            if len(line.filled) >= min(2, width) and (cell := line.cell(rank))
        ]
        for rank in range(width)
    }
    _add_titled(guesses, named, cells, fields, chosen)
    _add_told(guesses, titles, cells, fields, chosen)
    ordered = tuple(guesses[key] for key in fields if key in guesses)
    labels = {key: field.shown for key, field in fields.items()}
    return TableColumns(titles, first, ordered, labels, is_titled)


def _untitled(rank: int) -> str:
    return f"colonne {rank + 1}"


def _titles_at(
    lines: Sequence[DocumentLine],
    fields: TableFields,
    corrections: Mapping[str, str],
    is_titles: IsTitles,
) -> int | None:
    """Return the rank of the line of titles; ``None`` without one."""
    given = {folded(text) for text in corrections.values() if not text.strip().isdecimal()} - {""}
    best, at = (0, 0), None
    for rank, line in enumerate(lines):
        named = fields.named_by(line)
        same = len(given & set(map(folded, line.cells))) if given else 0
        count = (same, len(named) if same or is_titles(line, named) else 0)
        if count > best:
            best, at = count, rank
    return at


def _guess(
    fields: TableFields, field: str, column: int, title: str, confidence: float, origin: str
) -> ColumnGuess:
    return ColumnGuess(field, fields[field].shown, column, title, round(confidence, 2), origin)


def _add_titled(
    guesses: dict[str, ColumnGuess],
    named: DocumentLine,
    cells: Mapping[int, Sequence[str]],
    fields: TableFields,
    chosen: Mapping[str, int | None],
) -> None:
    """Add the columns that titles name, the surest first: each weighed by the cells that fit it."""
    matches = [
        (match.confidence * _share(fields[match.field].fits, cells[rank]), match, rank)
        for rank, title in enumerate(named.cells)
        if (match := fields.match(title))
    ]
    taken = {guess.column for guess in guesses.values()}
    for confidence, match, rank in sorted(
        matches, key=lambda found: (-found[0], found[1].order, found[2])
    ):
        field = match.field
        if field in guesses or field in chosen or rank in taken or confidence < _LEAST:
            continue
        guesses[field] = _guess(fields, field, rank, named.cell(rank), confidence, "titre")
        taken.add(rank)


def _share(test: CellTest | None, cells: Sequence[str]) -> float:
    """Return the share of filled cells that pass a test; 1 without any."""
    return sum(map(test, cells)) / len(cells) if test and cells else 1.0


def _add_told(
    guesses: dict[str, ColumnGuess],
    titles: Sequence[str],
    cells: Mapping[int, Sequence[str]],
    fields: TableFields,
    chosen: Mapping[str, int | None],
) -> None:
    """Add the columns that no title names, recognised by their cells.

    Fields with one test must match as many columns, in their order; otherwise none of them is
    added.
    """
    taken = {guess.column for guess in guesses.values()}
    left = {rank: filled for rank, filled in cells.items() if filled and rank not in taken}
    untitled = not any(guess.origin == "titre" for guess in guesses.values())
    had = guesses.keys() | chosen.keys()

    def add(field: str, rank: int, share: float) -> None:
        guesses[field] = _guess(fields, field, rank, titles[rank], _BY_CELLS * share, "contenu")
        del left[rank]

    for test, group in groupby(fields, key=lambda key: fields[key].tells):
        sought = [
            key
            for key in group
            if (untitled or fields[key].beside_titles)
            and had.isdisjoint((key, *fields[key].unless))
            and guesses.keys().isdisjoint((key, *fields[key].unless))
        ]
        if test is None or not sought:
            continue
        shares = {rank: _share(test, filled) for rank, filled in left.items()}
        told = [rank for rank, share in shares.items() if share >= _MOST_CELLS]
        if len(sought) == 1 and told:
            told = [max(told, key=lambda rank: (shares[rank], -rank))]
        if len(told) == len(sought):
            for key, rank in zip(sought, told, strict=True):
                add(key, rank, shares[rank])
    for key, field in fields.items():
        texts = {
            rank: len({cell for cell in filled if not NUMBER.fullmatch(cell)})
            for rank, filled in left.items()
        }
        looked_for = field.is_name and (untitled or field.beside_titles) and key not in had
        if looked_for and any(texts.values()):
            rank = max(texts, key=lambda rank: (texts[rank], -rank))
            add(key, rank, len(set(left[rank])) / len(left[rank]))


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


def has_field(fields: Mapping[str, TableField], text: str) -> bool:
    """Return whether an option names one of some fields, by its key or its French word."""
    plain = folded(text).replace(" ", "_")
    return any(plain in {key, field.word} for key, field in fields.items())


def field_key(text: str, fields: Mapping[str, TableField]) -> str:
    """Return the key of the field that an option names; raise ``InputError`` if it names none."""
    for key, field in fields.items():
        if has_field({key: field}, text):
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
