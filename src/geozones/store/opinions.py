"""Opinions asked of lycées on shared versions, and what came by their personal links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from geozones.common.codes import new_code
from geozones.domain.access import Access
from geozones.domain.actions import Deed
from geozones.domain.links import DeadLinkError
from geozones.domain.opinions import (
    ANSWERS_MIN,
    MOST_ANSWERS,
    ClosedQuestionError,
    Opinion,
    OpinionAnswer,
    Question,
    Stance,
    TooManyAnswersError,
    UnknownOpinionError,
)
from geozones.store import links, members
from geozones.store.checks import is_id, refuse, text_faults
from geozones.store.hands import HeldStore
from geozones.store.tables import OPINION_ANSWERS, OPINIONS, QUESTIONS

_REFUSED = "Cette demande d'avis ne peut pas être enregistrée"
_STANCES = {stance.value: stance for stance in Stance}


class OpinionStore(HeldStore):
    """The part of `Store` that keeps the opinions of lycées."""

    def ask(self, question: Question, lycees: Mapping[str, str], today: str) -> tuple[Opinion, ...]:
        """Ask lycées (id -> name) a question on a version, and return their personal links.

        Those that were asked before keep their link and their answer; the question and its last
        day are those given now.

        Raises
        ------
        DeadLinkError
            If the version has no link that shows it on a day (ISO).
        InputError
            If something given cannot be kept.
        """
        kept = replace(question, at=self._clock())
        refuse(question_faults(kept, lycees), _REFUSED)
        with self._database.writing() as connection:
            link = links.read(connection, kept.version)
            if link is None or not link.is_open(today):
                raise DeadLinkError(link)
            self._require_voices(connection, link.scenario, Access.EDITOR)
            kept = replace(kept, scenario=link.scenario)
            write_question(connection, kept)
            known = {opinion.lycee for opinion in read_opinions(connection, kept.version)}
            new = [
                Opinion(new_code(24), kept.version, lycee, name)
                for lycee, name in lycees.items()
                if lycee not in known
            ]
            insert_opinions(connection, new)
            self._log(connection, Deed.ASKED, link.scenario, lycees=len(new), closes=kept.closes)
            return read_opinions(connection, kept.version)

    def questions(self, scenario: str | None = None) -> tuple[Question, ...]:
        """Return what was asked on the versions of a scenario, or all, the last first.

        Of all, those on scenarios that are not theirs to read are left out.
        """
        with self._database.reading() as connection:
            if scenario is not None:
                self._require_voices(connection, scenario, Access.READER)
                return read_questions(connection, scenario)
            theirs = members.readable(connection, self._hand)
            every = read_questions(connection)
        return tuple(each for each in every if theirs is None or each.scenario in theirs)

    def opinions(self, version: str) -> tuple[Opinion, ...]:
        """Return who was asked on a version (token), and their answers, by name; no link."""
        with self._database.reading() as connection:
            link = links.read(connection, version)
            if link is not None:
                self._require_voices(connection, link.scenario, Access.READER)
            return _without_links(read_opinions(connection, version))

    def personal_links(self, scenario: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return what was asked on the versions of a scenario, with each personal link.

        Raises
        ------
        UnknownScenarioError, AccessError
            If the scenario is gone, or not theirs to change.
        """
        with self._database.reading() as connection:
            self._require(connection, scenario, Access.EDITOR)
            return tuple(
                (each, read_opinions(connection, each.version))
                for each in read_questions(connection, scenario)
            )

    def answered_on(self, version: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return what was asked on a version and answered, to whoever has its link; no other."""
        with self._database.reading() as connection:
            return tuple(
                (each, _without_links(read_opinions(connection, version)))
                for each in read_questions(connection)
                if each.version == version
            )

    def asked(self, token: str) -> tuple[Question, Opinion]:
        """Return what a personal link asks, and what was answered by it.

        Raises
        ------
        UnknownOpinionError
            If nobody was given this link.
        """
        with self._database.reading() as connection:
            return _asked(connection, token)

    def give(self, opinion: Opinion, today: str) -> Opinion:
        """Write an answer that came by a personal link, after those before; return it dated.

        Raises
        ------
        UnknownOpinionError
            If nobody was given this link.
        ClosedQuestionError
            If the last day to answer is past on a day (ISO).
        TooManyAnswersError
            If as many came by it in the last minutes as it takes.
        DeadLinkError
            If its version is shown no more.
        InputError
            If it cannot be kept.
        """
        texts = {"reason": opinion.reason, "author": opinion.author}
        refuse((fault for name in texts for fault in text_faults(texts[name], name)), _REFUSED)
        with self._database.writing() as connection:
            question, before = _asked(connection, opinion.token, locked=True)
            link = links.read(connection, question.version)
            if link is not None and not link.is_open(today):
                raise DeadLinkError(link)
            if not question.is_open(today):
                raise ClosedQuestionError(question.closes)
            at = self._clock()
            if sum(each.at >= _since(at) for each in before.answers) >= MOST_ANSWERS:
                raise TooManyAnswersError
            given = replace(
                before,
                stance=opinion.stance,
                reason=opinion.reason,
                author=opinion.author,
                at=at,
                first_at=before.first_at or at,
            )
            given = replace(given, answers=(*before.answers, *given.last))
            of_it = OPINIONS.c.token == opinion.token
            connection.execute(OPINIONS.update().where(of_it).values(**_row(given)))
            connection.execute(OPINION_ANSWERS.insert(), _answer_rows(given)[-1])
        return given

    def erase_opinion_author(self, version: str, lycee: str, author: str) -> None:
        """Erase a name from the answers of a lycée (id), for good; what they said stays."""
        of_it = (OPINIONS.c.version == version) & (OPINIONS.c.lycee == lycee)
        token = select(OPINIONS.c.token).where(of_it).scalar_subquery()
        with self._database.writing() as connection:
            for table, column in ((OPINIONS, "token"), (OPINION_ANSWERS, "opinion")):
                named = (table.c[column] == token) & (table.c.author == author)
                connection.execute(table.update().where(named).values(author=""))


def _without_links(opinions: Iterable[Opinion]) -> tuple[Opinion, ...]:
    return tuple(replace(opinion, token="") for opinion in opinions)


def question_faults(question: Question, lycees: Iterable[str]) -> Iterable[str]:
    """Say what keeps a question to lycées (ids) from being kept."""
    for name, value in (("text", question.text), ("author", question.author)):
        yield from text_faults(value, name)
    if not all(map(is_id, (question.version, *lycees))):
        yield "un lycée, ou la version, n'a pas de code"


def write_question(connection: Connection, question: Question) -> None:
    """Write a question, in place of the one that its version had."""
    of_it = QUESTIONS.c.version == question.version
    values = asdict(question)
    if connection.execute(QUESTIONS.update().where(of_it).values(**values)).rowcount == 0:
        connection.execute(QUESTIONS.insert(), values)


def insert_opinions(connection: Connection, opinions: Sequence[Opinion]) -> None:
    """Write personal links that are not there, with what came by them."""
    if opinions:
        connection.execute(OPINIONS.insert(), [_row(opinion) for opinion in opinions])
    answers = [row for opinion in opinions for row in _answer_rows(opinion)]
    if answers:
        connection.execute(OPINION_ANSWERS.insert(), answers)


def read_questions(connection: Connection, scenario: str | None = None) -> tuple[Question, ...]:
    """Return what was asked on the versions of a scenario, or all, the last first."""
    query = select(QUESTIONS).order_by(QUESTIONS.c.at.desc(), QUESTIONS.c.version)
    if scenario is not None:
        query = query.where(QUESTIONS.c.scenario == scenario)
    return tuple(_question(row) for row in connection.execute(query))


def read_opinions(connection: Connection, version: str | None = None) -> tuple[Opinion, ...]:
    """Return the personal links on a version, or all, by name of their lycée."""
    query, answers = select(OPINIONS), select(OPINION_ANSWERS)
    if version is not None:
        query = query.where(OPINIONS.c.version == version)
        answers = answers.join(OPINIONS).where(OPINIONS.c.version == version)
    given = _answers(connection, answers)
    read = [_opinion(row, given.get(row.token, ())) for row in connection.execute(query)]
    return tuple(sorted(read, key=lambda each: (each.version, each.name.casefold(), each.lycee)))


def _asked(connection: Connection, token: str, *, locked: bool = False) -> tuple[Question, Opinion]:
    if not is_id(token):
        raise UnknownOpinionError
    query = select(OPINIONS).where(OPINIONS.c.token == token)
    row = connection.execute(query.with_for_update() if locked else query).first()
    if row is None:
        raise UnknownOpinionError
    of_it = QUESTIONS.c.version == row.version
    question = connection.execute(select(QUESTIONS).where(of_it)).one()
    given = _answers(connection, select(OPINION_ANSWERS).where(OPINION_ANSWERS.c.opinion == token))
    return _question(question), _opinion(row, given.get(token, ()))


def _answers(connection: Connection, query: Select[Any]) -> dict[str, tuple[OpinionAnswer, ...]]:
    """Return answers by personal link, in the order of writing; an unknown stance is left out."""
    found: dict[str, tuple[OpinionAnswer, ...]] = {}
    for row in connection.execute(query.order_by(OPINION_ANSWERS.c.position)):
        stance = _STANCES.get(row.stance)
        if stance is not None:
            answer = OpinionAnswer(stance, row.reason, row.author, row.at)
            found[row.opinion] = (*found.get(row.opinion, ()), answer)
    return found


def _since(at: str) -> str:
    """Return the time from which answers count against the next one."""
    start = datetime.fromisoformat(at) - timedelta(minutes=ANSWERS_MIN)
    return start.isoformat(timespec="milliseconds")


def _question(row: Row[tuple[str, ...]]) -> Question:
    return Question(row.version, row.scenario, row.text, row.closes, row.author, row.at)


def _opinion(row: Row[tuple[str, ...]], answers: tuple[OpinionAnswer, ...]) -> Opinion:
    values = dict(row._mapping)  # noqa: SLF001 - public in spite of its name
    return Opinion(**values | {"stance": _STANCES.get(values["stance"]), "answers": answers})


def _row(opinion: Opinion) -> dict[str, str]:
    values = asdict(opinion) | {"stance": "" if opinion.stance is None else opinion.stance.value}
    del values["answers"]
    return values


def _answer_rows(opinion: Opinion) -> list[dict[str, Any]]:
    return [
        asdict(answer)
        | {"opinion": opinion.token, "position": position, "stance": answer.stance.value}
        for position, answer in enumerate(opinion.answers, 1)
    ]
