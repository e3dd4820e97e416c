"""Opinions that lycées are asked on shared versions, and their answers by personal links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from geozones.common.bounds import is_id
from geozones.common.files import new_code
from geozones.domain.access import Access, ActionKind, DeadLinkError
from geozones.domain.comments import (
    ANSWERS_MIN,
    MAX_RECENT_ANSWERS,
    ClosedQuestionError,
    Opinion,
    Question,
    TooManyAnswersError,
    UnknownOpinionError,
)
from geozones.records import Reading
from geozones.records.kinds import OPINION, QUESTION, Row
from geozones.store import versions
from geozones.store.comments import EARLIER_ANSWERS
from geozones.store.database import refusing
from geozones.store.permissions import StoreContext
from geozones.store.tables import OPINIONS, QUESTIONS

_REFUSED = "Cette demande d'avis ne peut pas être enregistrée"


@dataclass(frozen=True, slots=True)
class OpinionStore:
    """Questions and opinions of the store."""

    context: StoreContext

    def ask(self, question: Question, lycees: Mapping[str, str], today: str) -> tuple[Opinion, ...]:
        """Ask lycées (id -> name) a question on a version, and return their personal links.

        Lycées asked before keep their link and their answer; the new question and its last day
        replace the old ones.
        """
        kept = replace(question, at=self.context.now())
        with self.context.writing() as connection:
            link = versions.read(connection, kept.version)
            if link is None or not link.is_open(today):
                raise DeadLinkError(link)
            self.context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            kept = replace(kept, scenario=link.scenario)
            with refusing(_REFUSED):
                QUESTION.checked(kept)
            write_question(connection, kept)
            known = {opinion.lycee for opinion in read_opinions(connection, kept.version).values}
            new = [
                Opinion(new_code(24), kept.version, lycee, name)
                for lycee, name in lycees.items()
                if lycee not in known
            ]
            with refusing(_REFUSED):
                insert_opinions(connection, new)
            self.context.log(
                connection, ActionKind.ASKED, link.scenario, lycees=len(new), closes=kept.closes
            )
            return tuple(read_opinions(connection, kept.version).values)

    def questions(self, scenario: str | None = None) -> tuple[Question, ...]:
        """Return the questions on the versions of a scenario, or all questions, newest first.

        The full list leaves out scenarios that the caller may not read.
        """
        return self.context.read_visible(read_questions, scenario)

    def on_version(self, version: str) -> tuple[Opinion, ...]:
        """Return the opinions on a version (token), by name of lycée, without their links."""
        with self.context.reading() as connection:
            link = versions.read(connection, version)
            if link is not None:
                self.context.require_unless_deleted(connection, link.scenario, Access.READER)
            return _without_links(read_opinions(connection, version).values)

    def personal_links(self, scenario: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return the questions on the versions of a scenario, with each personal link."""
        with self.context.reading() as connection:
            self.context.require(connection, scenario, Access.EDITOR)
            return tuple(
                (each, tuple(read_opinions(connection, each.version).values))
                for each in read_questions(connection, scenario).values
            )

    def answered_on(self, version: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return the question on a version and its opinions, without their personal links."""
        with self.context.reading() as connection:
            return tuple(
                (each, _without_links(read_opinions(connection, version).values))
                for each in read_questions(connection).values
                if each.version == version
            )

    def asked(self, token: str) -> tuple[Question, Opinion]:
        """Return the question and the opinion of a personal link."""
        with self.context.reading() as connection:
            return _asked(connection, token)

    def give(self, opinion: Opinion, today: str) -> Opinion:
        """Add an answer by a personal link after the earlier answers; return it dated."""
        with self.context.writing() as connection:
            question, before = _asked(connection, opinion.token, locked=True)
            link = versions.read(connection, question.version)
            if link is not None and not link.is_open(today):
                raise DeadLinkError(link)
            if not question.is_open(today):
                raise ClosedQuestionError(question.closes)
            at = self.context.now()
            if sum(_since(at) <= each.at <= at for each in before.answers) >= MAX_RECENT_ANSWERS:
                raise TooManyAnswersError
            # the link and its lycée are kept as stored; the other fields are those of the new
            # answer
            given = replace(
                opinion,
                version=before.version,
                lycee=before.lycee,
                name=before.name,
                at=at,
                first_at=before.first_at or at,
                earlier=before.answers,
            )
            with refusing(_REFUSED):
                OPINION.checked(given)
            values = OPINION.to_row(given)
            of_it = OPINIONS.c.token == opinion.token
            connection.execute(OPINIONS.update().where(of_it).values(**values))
            if before.stance is not None:
                EARLIER_ANSWERS.append(connection, opinion.token, before.answers[-1:])
        return given


def write_question(connection: Connection, question: Question) -> None:
    """Write a question, replacing the question of its version, if any."""
    values = QUESTION.to_row(question)
    of_it = QUESTIONS.c.version == question.version
    if connection.execute(QUESTIONS.update().where(of_it).values(**values)).rowcount == 0:
        connection.execute(QUESTIONS.insert(), values)


def insert_opinions(connection: Connection, opinions: Sequence[Opinion]) -> None:
    """Insert personal links that the table does not hold, with their answers."""
    if opinions:
        rows = [OPINION.to_row(OPINION.checked(opinion)) for opinion in opinions]
        connection.execute(OPINIONS.insert(), rows)
    for opinion in opinions:
        EARLIER_ANSWERS.insert(connection, opinion.token, opinion.earlier)


def read_questions(connection: Connection, scenario: str | None = None) -> Reading[Question]:
    """Read the questions on the versions of a scenario, or all questions, newest first."""
    query = select(QUESTIONS).order_by(QUESTIONS.c.at.desc(), QUESTIONS.c.version)
    if scenario is not None:
        query = query.where(QUESTIONS.c.scenario == scenario)
    return QUESTION.read_rows(connection.execute(query).mappings())


def read_opinions(connection: Connection, version: str | None = None) -> Reading[Opinion]:
    """Read the personal links on a version, or all links, by name of lycée."""
    query = select(OPINIONS)
    if version is not None:
        query = query.where(OPINIONS.c.version == version)
    reading = _with_answers(connection, connection.execute(query).mappings())
    reading.values.sort(key=lambda each: (each.version, each.name.casefold(), each.lycee))
    return reading


def read_opinions_of(connection: Connection, scenario: str) -> Reading[Opinion]:
    """Read the personal links on every version of a scenario."""
    versions = select(QUESTIONS.c.version).where(QUESTIONS.c.scenario == scenario)
    query = select(OPINIONS).where(OPINIONS.c.version.in_(versions))
    return _with_answers(connection, connection.execute(query).mappings())


def _with_answers(connection: Connection, rows: Iterable[Row]) -> Reading[Opinion]:
    """Read opinions with their earlier answers."""
    listed = list(rows)
    tokens = [row["token"] for row in listed if is_id(row["token"])]
    given, left_out = EARLIER_ANSWERS.read(connection, tokens)
    found = OPINION.read_rows(listed, lambda row: {"earlier": given.get(row["token"], [])})
    found.left_out += left_out
    return found


def _without_links(opinions: Iterable[Opinion]) -> tuple[Opinion, ...]:
    return tuple(replace(opinion, token="") for opinion in opinions)


def _since(at: str) -> str:
    """Return the start of the time window in which answers count towards the limit."""
    start = datetime.fromisoformat(at) - timedelta(minutes=ANSWERS_MIN)
    return start.isoformat(timespec="milliseconds")


def _asked(connection: Connection, token: str, *, locked: bool = False) -> tuple[Question, Opinion]:
    """Read a personal link and question; raise ``UnknownOpinionError`` if missing or damaged."""
    if not is_id(token):
        raise UnknownOpinionError
    query = select(OPINIONS).where(OPINIONS.c.token == token)
    rows = connection.execute(query.with_for_update() if locked else query).mappings()
    opinion = next(iter(_with_answers(connection, rows).values), None)
    if opinion is None:
        raise UnknownOpinionError
    of_it = select(QUESTIONS).where(QUESTIONS.c.version == opinion.version)
    question = next(iter(QUESTION.read_rows(connection.execute(of_it).mappings()).values), None)
    if question is None:
        raise UnknownOpinionError
    return question, opinion
