"""Comments and opinions of a store by its use cases, without the checks of what people type."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from geozones.domain.comments import Comment, Opinion, Question, Ruling
from geozones.features.comments import model, use_cases
from geozones.features.comments.use_cases import AskedOpinions, Comments, Opinions
from geozones.store import Store, feature_rows
from geozones.workspace.roles import VISITOR, Actor, Role


@contextmanager
def _as_given(**changed: object) -> Iterator[None]:
    """Take texts as they are, so that what the store itself refuses is seen."""

    def same(text: str, *_: object, **__: object) -> str:
        return text

    replaced: dict[str, Any] = {"checked_text": same, "checked_name": same, **changed}
    with patch.multiple(model, **replaced):
        yield


def _planner(store: Store, name: str = "") -> Actor:
    """Return the caller of a store as the use cases know them, under a name of the test."""
    caller = store.context.caller
    return Actor(name or caller.name, Role.ADMINISTRATOR if caller.everything else Role.PLANNER)


@dataclass(frozen=True)
class StoredComments:
    """Comments of a store."""

    store: Store

    def _by(self, name: str = "") -> Comments:
        return Comments(lambda: self.store, _planner(self.store, name))

    def leave(self, comment: Comment, origin: str, today: str) -> Comment:
        """Leave a comment of this id, place and text; ``origin`` is stored as the digest."""
        service = Comments(lambda: self.store, VISITOR, lambda: datetime.fromisoformat(today))
        signed = (comment.author, comment.text)
        with (
            _as_given(place_named=lambda *_: comment.about),
            patch.object(use_cases, "new_code", lambda _: comment.id),
            patch.object(use_cases, "address_digest", lambda _, address: address),
        ):
            return service.leave(comment.version, cast("Any", None), "", signed, origin)

    def allow(self, token: str, *, allowed: bool) -> None:
        self._by().allow(token, allowed=allowed)

    def list(self, scenario: str | None = None) -> tuple[Comment, ...]:
        if scenario is None:
            return self.store.context.read_visible(feature_rows.read_comments, None)
        return self._by().of_scenario(scenario)

    def on_version(self, version: str) -> tuple[Comment, ...]:
        with self.store.context.reading() as connection:
            return tuple(feature_rows.read_comments(connection, version=version).values)

    def answer(self, comment: str, author: str, text: str) -> Comment:
        with _as_given():
            return self._by(author).answer(comment, text)

    def rule(self, comment: str, ruling: Ruling) -> Comment:
        with _as_given():
            return self._by(ruling.author).rule(comment, ruling.treatment, ruling.reason)

    def hide(self, comment: str, reason: str) -> Comment:
        return self._by().hide(comment, reason) if reason else self._by().show(comment)

    def erase_author(self, comment: str) -> Comment:
        return self._by().erase_name(comment)


@dataclass(frozen=True)
class StoredOpinions:
    """Questions and opinions of a store."""

    store: Store

    def _by(self, name: str = "") -> Opinions:
        return Opinions(lambda: self.store, _planner(self.store, name))

    def ask(self, question: Question, lycees: Mapping[str, str], today: str) -> tuple[Opinion, ...]:
        """Ask lycées (id -> name) a question on a version."""
        plan = SimpleNamespace(zone_by_lycee=lycees)
        study = cast("Any", SimpleNamespace(plan=plan, name=lycees.__getitem__))
        service = self._by(question.author)
        service = Opinions(lambda: self.store, service.actor, lambda: datetime.fromisoformat(today))
        with _as_given():
            return service.ask(
                question.version, study, question.text, tuple(lycees), question.closes
            )

    def questions(self) -> tuple[Question, ...]:
        with self.store.context.reading() as connection:
            return tuple(feature_rows.read_questions(connection).values)

    def on_version(self, version: str) -> tuple[Opinion, ...]:
        """Return the opinions on a version, without their personal links."""
        asked = next((each for each in self.questions() if each.version == version), None)
        given = () if asked is None else self._by().questions(asked.scenario)
        return next((opinions for each, opinions in given if each.version == version), ())

    def personal_links(self, scenario: str) -> AskedOpinions:
        return self._by().personal_links(scenario)

    def asked(self, token: str) -> tuple[Question, Opinion]:
        return Opinions(lambda: self.store, VISITOR).asked(token)

    def give(self, opinion: Opinion, today: str) -> Opinion:
        service = Opinions(lambda: self.store, VISITOR, lambda: datetime.fromisoformat(today))
        with _as_given():
            return service.give(opinion.token, opinion.stance, opinion.reason, opinion.author)
