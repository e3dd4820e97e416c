"""Record of a kept kind: its one conversion to and from a row, JSON and a backup entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any

from geozones.common.errors import InputError
from geozones.common.json_text import parse_json, write_json
from geozones.domain.left_out import LeftOut
from geozones.records.converter import Document, FieldError, check_field, from_json, to_json

#: A row of a table: SQLAlchemy's are keyed by columns too.
type Row = Mapping[Any, Any]


def _no_fault(_: Any) -> Iterator[str]:  # noqa: ANN401 - any kept value
    """Return no fault: most kinds have no rule between their fields."""
    return iter(())


@dataclass(frozen=True)
class Record[T]:
    """Storage of a kind: the one place that defines its columns, JSON keys and CSV columns.

    Parameters
    ----------
    kind
        The frozen dataclass; its type hints bound its fields (`geozones.common.bounds`).
    label
        What it is called in French, in lower case.
    key
        The field that names one among others, as a path: ``id``, ``about.id``.
    name
        How people call one: a text with the names of fields or columns in braces.
    columns
        For each column that is not called as a field of its own, the path of what it holds.
    own_tables
        Fields that have a table of their own: they are in JSON, not in the row.
    json_columns
        Fields that a column holds as JSON text.
    empty
        Optional fields written ``""`` in a row where they are ``None``.
    faults
        Yields what is wrong between fields, in French.
    """

    kind: type[T]
    label: str
    key: str
    name: str = "{name}"
    columns: Mapping[str, str] = field(default_factory=dict)
    own_tables: tuple[str, ...] = ()
    json_columns: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    faults: Callable[[T], Iterable[str]] = _no_fault

    @cached_property
    def paths(self) -> dict[str, str]:
        """The path of what each column holds."""
        nested = {path.split(".")[0] for path in self.columns.values()}
        own = [
            item.name
            for item in fields(self.kind)  # type: ignore[arg-type]
            if item.name not in nested and item.name not in self.own_tables
        ]
        return {name: name for name in own} | dict(self.columns)

    @cached_property
    def _defaults(self) -> Document:
        """The fields that JSON leaves out where they hold their default; a row has them all."""
        added = (each for each in fields(self.kind) if each.metadata.get("added_later"))  # type: ignore[arg-type]
        return {
            each.name: each.default if each.default_factory is MISSING else each.default_factory()
            for each in added
        }

    def to_json(self, value: T) -> Document:
        """Return a value as a JSON object, with every field."""
        document: Document = to_json(value)
        return document

    def from_json(self, document: object) -> T:
        """Return the value of a JSON object; raise ``FieldError`` at its first fault."""
        value = from_json(self.kind, document)
        fault = next(iter(self.faults(value)), None)
        if fault is not None:
            raise FieldError(fault)
        return value

    def checked(self, value: T) -> T:
        """Return a value as it will be read back; raise ``FieldError`` if it cannot be."""
        return self.from_json(self.to_json(value))

    def check_fields(self, values: Mapping[str, Any]) -> None:
        """Raise ``FieldError`` if one of these fields, by name, cannot hold its value."""
        for name, value in values.items():
            check_field(self.kind, name, value)

    def to_row(self, value: T) -> Document:
        """Return the columns of a value."""
        document = self._defaults | self.to_json(value)
        row = {column: _at(document, path) for column, path in self.paths.items()}
        for name in self.json_columns:
            row[name] = write_json(row[name])
        for name in self.empty:
            row[name] = "" if row[name] is None else row[name]
        return row

    def row_document(self, row: Row, **own_tables: Any) -> Document:  # noqa: ANN401 - JSON values
        """Return the JSON object of a row, with the fields that have their own tables."""
        document: Document = {name: own_tables.get(name, []) for name in self.own_tables}
        for column, path in self.paths.items():
            value = row[column]
            if column in self.json_columns:
                value = parse_json(value, column)
            if column in self.empty and value == "":
                value = None
            _put(document, path, value)
        return document

    def from_row(self, row: Row, **own_tables: Any) -> T:  # noqa: ANN401 - JSON values
        """Return the value of a row; raise ``InputError`` if it cannot be read."""
        return self.from_json(self.row_document(row, **own_tables))

    def to_csv(self, value: T, columns: Mapping[str, str], **others: str) -> dict[str, str]:
        """Return a row of a table: texts by column.

        ``columns`` gives the path of the field that each column holds, "" for one of ``others``.
        """
        document = self._defaults | self.to_json(value)
        found = {
            column: _at(document, path) if path else others[column]
            for column, path in columns.items()
        }
        return {column: "" if each is None else str(each) for column, each in found.items()}

    def left_out(self, source: object, reason: str) -> LeftOut:
        """Return the notice of a row or a JSON object that cannot be read."""
        column = next((name for name, path in self.paths.items() if path == self.key), self.key)
        found = [_found(source, name) for name in (column, *self.key.split("."))]
        key = next((each for each in found if each is not None), "")
        fields_of_it = source if isinstance(source, Mapping) else {}
        called = {name: _shown(value) for name, value in fields_of_it.items()}
        try:
            name = self.name.format(**called)
        except KeyError:
            name = ""
        return LeftOut(self.label, _shown(key), name, reason)

    def read_rows(
        self, rows: Iterable[Row], own_tables: Callable[[Row], Document] | None = None
    ) -> "Reading[T]":
        """Read rows one by one: one that cannot be read is left out and named."""
        reading: Reading[T] = Reading()
        for row in rows:
            try:
                own = {} if own_tables is None else own_tables(row)
                reading.values.append(self.from_row(row, **own))
            except InputError as error:
                reading.left_out.append(self.left_out(row, str(error)))
        return reading

    def read_entries(self, entries: Iterable[object]) -> "Reading[T]":
        """Read JSON objects one by one: one that cannot be read is left out and named."""
        reading: Reading[T] = Reading()
        for rank, entry in enumerate(entries, 1):
            try:
                reading.values.append(self.from_json(entry))
            except InputError as error:
                notice = self.left_out(entry, str(error))
                reading.left_out.append(notice if notice.key else notice.at_rank(rank))
        return reading


@dataclass
class Reading[T]:
    """Values that were read, and notices of those that could not be."""

    values: list[T] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def _at(document: Document, path: str) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = document
    for step in path.split("."):
        value = value[step]
    return value


def _put(document: Document, path: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    *parents, last = path.split(".")
    for step in parents:
        document = document.setdefault(step, {})
    document[last] = value


def _found(source: object, name: str) -> object:
    return source.get(name) if isinstance(source, Mapping) else None


def _shown(value: object) -> str:
    """Return the key or the name of a damaged entry, as far as it can be shown."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    text = value if isinstance(value, str) else str(value)
    return text.encode(errors="replace").decode()[:100].replace("\0", "?")
