"""Use cases of comments and opinions: permission, check and SQL of each in one method."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select

from geozones.common.bounds import is_id
from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain.access import Access, ActionKind, DeadLinkError, SharedLink
from geozones.domain.comments import (
    Comment,
    CommentAnswer,
    Opinion,
    Question,
    Ruling,
    Stance,
    Treatment,
)
from geozones.domain.terms import terms
from geozones.features.comments import model
from geozones.features.comments.summary import Feedback
from geozones.records.kinds import ANSWER, COMMENT, OPINION, QUESTION
from geozones.store import feature_rows, versions
from geozones.store.database import check_key, refusing
from geozones.store.tables import COMMENTS, LINKS, OPINIONS, mark_erased, purge
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Link, Role, UseCases, needs, needs_link
from geozones.workspace.scenarios.links import linked
from geozones.workspace.sharing.exported_plan import FeedbackReaders

if TYPE_CHECKING:
    from geozones.store import Store

type AskedOpinions = tuple[tuple[Question, tuple[Opinion, ...]], ...]

_REFUSED_COMMENT = "Ce commentaire ne peut pas être enregistré"
_REFUSED_QUESTION = "Cette demande d'avis ne peut pas être enregistrée"
#: Most addresses erased with each new comment: more than arrive between two comments.
_FORGOTTEN = 500


class Comments(UseCases):
    """Use cases of comments."""

    # -- by a link ---------------------------------------------------------------------------------

    @needs_link(Link.VERSION)
    def by_link(self, token: str) -> tuple[bool, tuple[Comment, ...]]:
        """Return whether a link accepts comments, and its visible comments."""
        linked(self.store, token, self.today)
        with self.store().context.reading() as connection:
            link = versions.read(connection, token)
            stored = feature_rows.read_comments(connection, version=token).values
        return link is not None and link.comments, _visible(stored)

    @needs_link(Link.VERSION)
    def leave(
        self, token: str, study: Study, place: str, signed_text: tuple[str, str], address: str
    ) -> Comment:
        """Leave a comment by the link (token) of a version (``study``); anyone with the link may.

        ``place`` is its subject, as `key_of` writes it, ``signed_text`` the name or function of its
        author and the text. A digest of the network address is stored while comments are counted.
        """
        name, text = signed_text
        comment = Comment(
            new_code(9),
            token,
            "",
            model.place_named(study, place),
            model.checked_name(name),
            model.checked_text(text, "Votre commentaire", model.MAX_COMMENT_LENGTH),
        )
        origin, context = address_digest(token, address), self.store().context
        with context.writing() as connection:
            link = _lock_link(connection, token, self.today)
            at = context.now()  # past the lock: no comment already written is later
            _count(connection, token, origin, at)
            comment = replace(comment, scenario=link.scenario, at=at)
            with refusing(_REFUSED_COMMENT):
                COMMENT.checked(comment)
            feature_rows.insert_comment(connection, comment, origin)
        return comment

    # -- for planners ------------------------------------------------------------------------------

    @needs(Role.READER, Access.READER)
    def of_scenario(self, scenario: str) -> tuple[Comment, ...]:
        """Return the comments on the versions of a scenario (id), including hidden ones."""
        return self.store().context.read_visible(feature_rows.read_comments, scenario)

    @needs(Role.READER)
    def waiting(self) -> Mapping[str, int]:
        """Return how many comments nobody has treated, by scenario (id) that the caller may read.

        Hidden comments do not count.
        """
        of_scenario, context = COMMENTS.c.scenario, self.store().context
        waits = (COMMENTS.c.treatment == Treatment.OPEN.value) & (COMMENTS.c.hidden == "")
        query = select(of_scenario, func.count()).where(waits).group_by(of_scenario)
        with context.reading() as connection:
            may_read = context.readable(connection)
            return {key: count for key, count in connection.execute(query) if may_read(key)}

    @needs(Role.PLANNER, Access.EDITOR)
    def allow(self, token: str, *, allowed: bool) -> None:
        """Open or close a link to comments; raise ``NotAllowedError``."""
        context = self.store().context
        with context.writing() as connection:
            link = versions.read(connection, token)
            if link is None:
                raise DeadLinkError
            context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            of_it = LINKS.update().where(LINKS.c.token == token)
            connection.execute(of_it.values(comments=allowed))
            context.log(connection, ActionKind.ALLOWED_COMMENTS, link.scenario, allowed=allowed)

    @needs(Role.PLANNER, Access.EDITOR)
    def answer(self, comment: str, text: str) -> Comment:
        """Answer a comment (id); people with the link can read the answer."""
        written = model.checked_text(text, "Votre réponse", model.MAX_ANSWER_LENGTH, field="answer")
        context = self.store().context
        given = CommentAnswer(self.actor.name, written, context.now())
        with refusing(_REFUSED_COMMENT):
            ANSWER.checked(given)
        with context.writing() as connection:
            self._lock(connection, comment)
            feature_rows.COMMENT_ANSWERS.append(connection, comment, [given])
            return _read(connection, comment)

    @needs(Role.PLANNER, Access.EDITOR)
    def rule(self, comment: str, treatment: Treatment, reason: str) -> Comment:
        """Record the treatment of a comment (id), with its reason; raises as `answer`."""
        needed = treatment is not Treatment.OPEN
        why = model.checked_text(
            reason, "Le motif", model.MAX_REASON, field="reason", required=needed
        )
        ruling = Ruling(treatment, why, self.actor.name, self.store().context.now())
        fields, detail = {"ruling": ruling}, {"treatment": treatment.value}
        return self._change(comment, fields, ActionKind.RULED_COMMENT, detail)

    @needs(Role.PLANNER, Access.EDITOR)
    def hide(self, comment: str, reason: str) -> Comment:
        """Hide a comment (id) from people with the link, with a reason; raises as `answer`."""
        why = model.checked_text(reason, "Le motif", model.MAX_REASON, field="hiding")
        return self._change(comment, {"hidden": why}, ActionKind.HID_COMMENT, {"hidden": True})

    @needs(Role.PLANNER, Access.EDITOR)
    def show(self, comment: str) -> Comment:
        """Show a hidden comment (id) again; raises as `answer`."""
        return self._change(comment, {"hidden": ""}, ActionKind.HID_COMMENT, {"hidden": False})

    @needs(Role.PLANNER, Access.EDITOR)
    def erase_name(self, comment: str) -> Comment:
        """Erase the commenter's name from a comment (id), for good; raises as `answer`."""
        changed = self._change(comment, {"author": ""}, ActionKind.ERASED_NAME, {})
        purge(self.store().context.database.engine)
        return changed

    def _change(
        self, comment: str, fields: dict[str, Any], kind: ActionKind, detail: dict[str, Any]
    ) -> Comment:
        context = self.store().context
        with context.writing() as connection:
            scenario = self._lock(connection, comment)
            changed = replace(_read(connection, comment), **fields)
            with refusing(_REFUSED_COMMENT):
                COMMENT.checked(changed)
            row = COMMENT.to_row(changed)
            if kind is ActionKind.ERASED_NAME:
                row["origin"] = ""
                mark_erased(connection)
            connection.execute(COMMENTS.update().where(COMMENTS.c.id == comment).values(**row))
            context.log(connection, kind, scenario, comment=comment, **detail)
            return changed

    def _lock(self, connection: Connection, comment: str) -> str:
        """Lock a comment, after checking the caller's permission; return its scenario."""
        query = select(COMMENTS.c.scenario).where(COMMENTS.c.id == comment).with_for_update()
        scenario = connection.execute(query).scalar() if is_id(comment) else None
        if scenario is None:
            raise model.UnknownCommentError
        context = self.store().context
        context.require_unless_deleted(connection, str(scenario), Access.EDITOR)
        return str(scenario)


class Opinions(UseCases):
    """Use cases of opinions."""

    # -- for planners ------------------------------------------------------------------------------

    @needs(Role.PLANNER, Access.EDITOR)
    def ask(
        self, token: str, study: Study, text: str, lycees: Sequence[str], closes: str
    ) -> tuple[Opinion, ...]:
        """Ask lycées (ids) a question on a shared version; return their personal links.

        Asking again gives new lycées a link, and leaves the others their link and answer; the
        question and its last day (ISO) change for all.
        """
        asked_text = model.checked_text(text, "Votre question", model.MAX_QUESTION)
        last = self._last_day(closes)
        check_key(token)
        context = self.store().context
        question = Question(token, "", asked_text, last, self.actor.name, context.now())
        with context.writing() as connection:
            link = _link_until(connection, token, last)
            asked = _names_of(study, lycees)
            if not link.is_open(self.today):
                raise DeadLinkError(link)
            context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            question = replace(question, scenario=link.scenario)
            with refusing(_REFUSED_QUESTION):
                QUESTION.checked(question)
            feature_rows.write_question(connection, question)
            before = {
                opinion.lycee for opinion in feature_rows.read_opinions(connection, token).values
            }
            new = [
                Opinion(new_code(24), token, lycee_id, name)
                for lycee_id, name in asked.items()
                if lycee_id not in before
            ]
            with refusing(_REFUSED_QUESTION):
                feature_rows.insert_opinions(connection, new)
            context.log(connection, ActionKind.ASKED, link.scenario, lycees=len(new), closes=last)
            return tuple(feature_rows.read_opinions(connection, token).values)

    def _last_day(self, closes: str) -> str:
        try:
            last = date.fromisoformat(closes).isoformat()
        except (TypeError, ValueError) as error:
            raise InputError(
                "Le dernier jour s'écrit année-mois-jour, par exemple 2026-09-01."
            ) from error
        if last < self.today:
            raise InputError(
                "Le dernier jour pour répondre est passé : choisissez aujourd'hui ou plus tard.",
                field="closes",
            )
        return last

    @needs(Role.READER, Access.READER)
    def questions(self, scenario: str) -> AskedOpinions:
        """Return the questions on the versions of a scenario (id), and the answers.

        The result has no token of personal links: see `personal_links`.
        """
        context = self.store().context
        with context.reading() as connection:
            context.require_unless_deleted(connection, scenario, Access.READER)
            return _answered(connection, feature_rows.read_questions(connection, scenario).values)

    @needs(Role.PLANNER, Access.EDITOR)
    def personal_links(self, scenario: str) -> AskedOpinions:
        """Return the result of `questions` with the token of each personal link."""
        context = self.store().context
        with context.reading() as connection:
            context.require(connection, scenario, Access.EDITOR)
            return tuple(
                (each, tuple(feature_rows.read_opinions(connection, each.version).values))
                for each in feature_rows.read_questions(connection, scenario).values
            )

    # -- by a personal link ------------------------------------------------------------------------

    @needs_link(Link.OPINION)
    def asked(self, token: str) -> tuple[Question, Opinion]:
        """Return the question of a personal link, and the answer given by it."""
        with self.store().context.reading() as connection:
            return _asked(connection, token, self.today)

    @needs_link(Link.OPINION)
    def give(self, token: str, stance: Stance | None, reason: str, name: str) -> Opinion:
        """Answer by a personal link, after the earlier answers; the last answer counts."""
        context = self.store().context
        with context.writing() as connection:
            question, before = _asked(connection, token, self.today, locked=True)
            if stance is None:
                raise InputError(
                    "Choisissez un avis, favorable, réservé ou défavorable : rien n'est envoyé.",
                    field="stance",
                )
            needed, most = stance is not Stance.FAVOURABLE, model.MAX_ANSWER_LENGTH
            why = model.checked_text(reason, "Le motif", most, field="reason", required=needed)
            author = model.checked_name(name)
            if not question.is_open(self.today):
                raise model.ClosedQuestionError(question.closes)
            at = context.now()
            since = _minutes_before(at, model.ANSWERS_MIN)
            if sum(since <= each.at <= at for each in before.answers) >= model.MAX_RECENT_ANSWERS:
                raise model.TooManyAnswersError
            given = replace(
                before,
                stance=stance,
                reason=why,
                author=author,
                at=at,
                first_at=before.first_at or at,
                earlier=before.answers,
            )
            with refusing(_REFUSED_QUESTION):
                OPINION.checked(given)
            of_it = OPINIONS.update().where(OPINIONS.c.token == token)
            connection.execute(of_it.values(**OPINION.to_row(given)))
            if before.stance is not None:
                feature_rows.EARLIER_ANSWERS.append(connection, token, before.answers[-1:])
        return given


@needs(Role.READER, Access.READER)
def feedback_of(service: UseCases, scenario: str | None) -> Feedback:
    """Return the feedback on the versions of a scenario (id); empty for ``None``."""
    if scenario is None:
        return Feedback()
    context = service.store().context
    with context.reading() as connection:
        context.require_unless_deleted(connection, scenario, Access.READER)
        return Feedback(
            _visible(feature_rows.read_comments(connection, scenario).values),
            _answered(connection, feature_rows.read_questions(connection, scenario).values),
        )


@needs_link(Link.VERSION)
def feedback_on(opener: "Callable[[], Store]", version: str) -> Feedback:
    """Return the feedback on one version, by its token; raise ``StoreError``."""
    with opener().context.reading() as connection:
        return Feedback(
            _visible(feature_rows.read_comments(connection, version=version).values),
            _answered(connection, feature_rows.read_questions(connection, version=version).values),
        )


def _visible(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    return tuple(comment for comment in comments if not comment.hidden)


def _answered(connection: Connection, questions: Iterable[Question]) -> AskedOpinions:
    """Return questions with the opinions on the version of each, without personal links."""
    return tuple(
        (
            question,
            tuple(
                replace(opinion, token="")
                for opinion in feature_rows.read_opinions(connection, question.version).values
            ),
        )
        for question in questions
    )


def address_digest(token: str, address: str) -> str:
    """Return a hash of an address, salted with the link: it cannot be compared between links."""
    if not address:
        return ""
    return hashlib.sha256(f"{token} {address}".encode(errors="replace")).hexdigest()[:16]


def _lock_link(connection: Connection, token: str, today: str) -> SharedLink:
    """Return the link of a version, locked, so that its comments are counted one by one."""
    if not is_id(token):
        raise DeadLinkError
    connection.execute(select(LINKS.c.token).where(LINKS.c.token == token).with_for_update())
    link = versions.read(connection, token)
    if link is None or not link.is_open(today):
        raise DeadLinkError(link)
    if not link.comments:
        raise model.ClosedCommentsError
    return link


def _count(connection: Connection, version: str, origin: str, at: str) -> None:
    """Raise ``TooManyCommentsError`` or ``FullVersionError`` at a limit; erase old digests."""
    # a later one comes from a clock that was set back
    recent = COMMENTS.c.at.between(_minutes_before(at, model.WINDOW_MIN), at)
    old = ~recent & (COMMENTS.c.origin != "")
    # skip rows locked by another transaction, which erases them itself
    query = select(COMMENTS.c.id).where(old).limit(_FORGOTTEN).with_for_update(skip_locked=True)
    keys = connection.execute(query).scalars().all()
    connection.execute(COMMENTS.update().where(COMMENTS.c.id.in_(keys)).values(origin=""))
    of_version = select(func.count()).where(COMMENTS.c.version == version)
    late = of_version.where(recent)
    if origin and _number(connection, late.where(COMMENTS.c.origin == origin)) >= model.PER_ADDRESS:
        raise model.TooManyCommentsError("viennent de votre adresse", model.PER_ADDRESS)
    if _number(connection, late) >= model.PER_LINK:
        raise model.TooManyCommentsError("arrivent par ce lien", model.PER_LINK)
    if _number(connection, of_version) >= model.MAX_COMMENTS_PER_VERSION:
        raise model.FullVersionError


def _number(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar() or 0


def _minutes_before(at: str, minutes: int) -> str:
    """Return the time (ISO 8601) some minutes before another, in the form of the store."""
    start = datetime.fromisoformat(at) - timedelta(minutes=minutes)
    return start.isoformat(timespec="milliseconds")


def _read(connection: Connection, comment: str) -> Comment:
    """Read a stored comment; raise ``UnknownCommentError`` if it is damaged."""
    values = feature_rows.read_comments(connection, id=comment).values
    if not values:
        raise model.UnknownCommentError
    return values[0]


def _link_until(connection: Connection, token: str, last: str) -> SharedLink:
    """Return the link of a version; raise ``InputError`` if it expires before a day (ISO)."""
    link = versions.read(connection, token)
    if link is None:
        raise DeadLinkError
    if link.expires and link.expires < last:
        raise InputError(
            "Le lien de cette version expire avant ce jour. Choisissez un jour plus proche, ou "
            "partagez une version plus longtemps.",
            field="closes",
        )
    return link


def _names_of(study: Study, lycees: Sequence[str]) -> dict[str, str]:
    """Return the names of the lycées (ids) that a plan has; raise if none or too many are asked."""
    asked = {key: study.name(key) for key in lycees if key in study.plan.zone_by_lycee}
    if not asked or len(asked) > model.MAX_LYCEES_PER_QUESTION:
        raise InputError(
            f"Choisissez de 1 à {model.MAX_LYCEES_PER_QUESTION} {terms().site.plural} de cette "
            "version : rien n'est demandé.",
            field="lycees",
        )
    return asked


def _asked(
    connection: Connection, token: str, today: str, *, locked: bool = False
) -> tuple[Question, Opinion]:
    """Read a personal link and its question.

    Raise ``UnknownOpinionError`` if one is missing or damaged, ``DeadLinkError`` if the link of the
    version is closed.
    """
    if not is_id(token):
        raise model.UnknownOpinionError
    query = select(OPINIONS).where(OPINIONS.c.token == token)
    rows = connection.execute(query.with_for_update() if locked else query).mappings()
    opinion = next(iter(feature_rows.with_answers(connection, rows).values), None)
    if opinion is None:
        raise model.UnknownOpinionError
    asked = feature_rows.read_questions(connection, version=opinion.version).values
    if not asked:
        raise model.UnknownOpinionError
    (question,) = asked
    link = versions.read(connection, question.version)
    if link is not None and not link.is_open(today):
        raise DeadLinkError(link)
    return question, opinion


#: How files and pages of the core read comments and opinions.
READERS = FeedbackReaders(feedback_of, feedback_on)
