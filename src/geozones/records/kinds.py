"""Records of every kept kind, one conversion each: what is stored, backed up and restored."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any

from geozones.common.bounds import parse_json, write_json
from geozones.common.errors import InputError
from geozones.domain import Decision, Event, Publication, Scenario, ScenarioSummary
from geozones.domain.access import EVERYONE, Access, Action, Member, SharedLink
from geozones.domain.comments import Comment, CommentAnswer, Opinion, OpinionAnswer, Question
from geozones.domain.errors import LeftOut
from geozones.domain.field_journal import JournalFile, JournalMonth, of_months
from geozones.domain.publications import SHIPPED_ID, Approval
from geozones.domain.scenario import FrozenCopy
from geozones.records.converter import Document, FieldError, check_field, from_json, to_json

#: A row of a table: SQLAlchemy's are keyed by columns too.
type Row = Mapping[Any, Any]


def _no_fault(_: Any) -> Iterator[str]:  # noqa: ANN401 - any kept value
    """Return no fault: most kinds have no rule between their fields."""
    return iter(())


@dataclass(frozen=True)
class Record[T]:
    """Storage of a kind: the one place that defines its columns, JSON keys and CSV columns."""

    #: The frozen dataclass; its type hints bound its fields (`geozones.common.bounds`).
    kind: type[T]
    label: str  # What it is called in French, in lower case.
    key: str  # Path of the field that identifies a value: ``id``, ``about.id``.
    #: Name of a value in messages: a text with the names of fields or columns in braces.
    name: str = "{name}"
    #: Path of the field held by each column that is not named after a field.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Fields that have a table of their own: they are in JSON, not in the row.
    own_tables: tuple[str, ...] = ()
    json_columns: tuple[str, ...] = ()  # Fields that a column holds as JSON text.
    empty: tuple[str, ...] = ()  # Optional fields written ``""`` in a row where they are ``None``.
    #: Yields what is wrong between fields, in French.
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
        """Return a value as a JSON object, without later fields that hold their default."""
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
        found = [
            source.get(name) if isinstance(source, Mapping) else None
            for name in (column, *self.key.split("."))
        ]
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


def _shown(value: object) -> str:
    """Return the key or the name of a damaged entry, as far as it can be shown."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    text = value if isinstance(value, str) else str(value)
    return text.encode(errors="replace").decode()[:100].replace("\0", "?")


def tree_faults(
    events: Iterable[Event], head: str | None, known: Mapping[str, object]
) -> Iterator[str]:
    """Yield what is wrong between events, and a head, that come after the events ``known``."""
    seen = set(known)
    for event in events:
        where = f"changement {event.id}"
        if event.id in seen:
            yield f"{where} : il y est déjà"
        if event.parent is not None and event.parent not in seen:
            yield f"{where} : le changement qui le précède n'existe pas"
        seen.add(event.id)
    if head is not None and head not in seen:
        yield "le dernier changement appliqué n'existe pas"


def _scenario_faults(scenario: Scenario) -> Iterator[str]:
    return tree_faults(scenario.events, scenario.head, {})


def _copy_faults(copy: FrozenCopy) -> Iterator[str]:
    if copy.token != copy.scenario.id:
        yield "« token » n'est pas le code de la copie"
    yield from _scenario_faults(copy.scenario)


def _member_faults(member: Member) -> Iterator[str]:
    if member.person == EVERYONE and member.access is Access.OWNER:
        yield "« person » : tout le monde ne peut pas être propriétaire"


def _publication_faults(publication: Publication) -> Iterator[str]:
    if publication.id == SHIPPED_ID:
        yield "« id » est celui du plan livré avec l'outil"
    if publication.position == 0:
        yield "« position » commence à 1"
    if bool(publication.plan) is publication.is_withdrawal:
        yield "elle doit avoir un plan, ou en retirer un"


def _month_faults(month: JournalMonth) -> Iterator[str]:
    try:
        of_months([month.content], invented=False)
    except InputError:
        yield "« content » n'est pas ce que l'outil écrit"


EVENT = Record(Event, "changement", "id", json_columns=("data",))
DECISION = Record(Decision, "décision", "at")
SCENARIO = Record(
    Scenario,
    "scénario",
    "id",
    own_tables=("events",),
    json_columns=("decisions", "base"),
    faults=_scenario_faults,
)
SUMMARY = Record(ScenarioSummary, "scénario", "id")
FROZEN = Record(
    FrozenCopy,
    "copie figée",
    "token",
    columns={"content": "scenario"},
    json_columns=("content", "figures"),
    faults=_copy_faults,
)
LINK = Record(SharedLink, "lien partagé", "token")
ANSWER = Record(CommentAnswer, "réponse à un commentaire", "at")
COMMENT = Record(
    Comment,
    "commentaire",
    "id",
    columns={
        "kind": "about.kind",
        "place": "about.id",
        "place_name": "about.name",
        "treatment": "ruling.treatment",
        "reason": "ruling.reason",
        "ruled_by": "ruling.author",
        "ruled_at": "ruling.at",
    },
    own_tables=("answers",),
)
QUESTION = Record(Question, "demande d'avis", "version")
OPINION_ANSWER = Record(OpinionAnswer, "réponse à une demande d'avis", "at")
# named by its lycée: its token opens a personal link, which no notice may show
OPINION = Record(Opinion, "avis", "lycee", own_tables=("earlier",), empty=("stance",))
MEMBER = Record(Member, "droit d'accès", "scenario", "{person}", faults=_member_faults)
ACTION = Record(Action, "ligne du journal des actions", "position", json_columns=("detail",))
PUBLICATION = Record(
    Publication,
    "publication",
    "id",
    "n° {position} du {effective}",
    json_columns=("plan", "figures"),
    faults=_publication_faults,
)
APPROVAL = Record(Approval, "seconde approbation", "publication")
JOURNAL_FILE = Record(
    JournalFile, "fichier du journal de l'expérimentation", "id", json_columns=("report",)
)
JOURNAL_MONTH = Record(
    JournalMonth, "mois du journal de l'expérimentation", "file", "{month}", faults=_month_faults
)
