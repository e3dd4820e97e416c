"""Use cases of comments, for one user or by a link."""

import hashlib
from datetime import UTC
from typing import override

from geozones.common.codes import new_code
from geozones.domain.access import Access
from geozones.domain.comments import (
    MAX_ANSWER_LENGTH,
    MAX_COMMENT_LENGTH,
    Comment,
    Ruling,
    Treatment,
)
from geozones.workspace.comments.places import place_named
from geozones.workspace.comments.texts import checked_name, checked_text
from geozones.workspace.roles import Link, Role, needs, needs_link
from geozones.workspace.scenarios.reading import linked
from geozones.workspace.study import Study
from geozones.workspace.use_case_base import UseCases

#: Longest reason of a planner, in characters.
MAX_REASON = 500


class Comments(UseCases):
    """Use cases of comments."""

    @property
    @override
    def today(self) -> str:
        """Today's date in UTC (ISO)."""
        return self._clock().astimezone(UTC).date().isoformat()

    # -- by a link ---------------------------------------------------------------------------------

    @needs_link(Link.VERSION)
    def by_link(self, token: str) -> tuple[bool, tuple[Comment, ...]]:
        """Return whether a link accepts comments, and its visible comments.

        Raises
        ------
        DeadLinkError
            If the link is closed.
        """
        linked(self.store, token, self.today)
        store = self.store()
        link = store.versions.link(token)
        shown = tuple(each for each in store.comments.on_version(token) if not each.hidden)
        return link is not None and link.comments, shown

    @needs_link(Link.VERSION)
    def leave(
        self, token: str, study: Study, place: str, signed_text: tuple[str, str], address: str
    ) -> Comment:
        """Leave a comment by the link of a version; anyone with the link may.

        Parameters
        ----------
        token
            The token of the version.
        study
            The version.
        place
            Subject of the comment: ``lycee:ID``, ``zone:ID`` or ``sector:ID``.
        signed_text
            The commenter's name or function, and the text.
        address
            The caller's network address; empty if unknown.

        Raises
        ------
        DeadLinkError
            If the link is closed.
        InputError
            If it accepts no comments, or no more for now, or a text is invalid.
        """
        name, text = signed_text
        comment = Comment(
            new_code(9),
            token,
            "",
            place_named(study, place),
            checked_name(name),
            checked_text(text, "Votre commentaire", MAX_COMMENT_LENGTH),
        )
        return self.store().comments.leave(comment, _print(token, address), self.today)

    # -- for planners ------------------------------------------------------------------------------

    @needs(Role.READER, Access.READER)
    def of_scenario(self, scenario: str) -> tuple[Comment, ...]:
        """Return the comments on the versions of a scenario (id), including hidden ones.

        Raises
        ------
        LoginRequiredError
            If the caller is not logged in.
        """
        return self.store().comments.list(scenario)

    @needs(Role.READER)
    def every(self) -> tuple[Comment, ...]:
        """Return the comments of all scenarios; raises as `of_scenario`."""
        return self.store().comments.list()

    @needs(Role.PLANNER, Access.EDITOR)
    def allow(self, token: str, *, allowed: bool) -> None:
        """Open or close a link to comments; raise ``NotAllowedError``."""
        self.store().versions.allow_comments(token, allowed=allowed)

    @needs(Role.PLANNER, Access.EDITOR)
    def answer(self, comment: str, text: str) -> Comment:
        """Answer a comment (id); people with the link can read the answer.

        Raises
        ------
        NotAllowedError
            If the caller is not a planner.
        InputError
            If there is no such comment, or the answer is empty or too long.
        """
        answer = checked_text(text, "Votre réponse", MAX_ANSWER_LENGTH)
        return self.store().comments.answer(comment, self.actor.name, answer)

    @needs(Role.PLANNER, Access.EDITOR)
    def rule(self, comment: str, treatment: Treatment, reason: str) -> Comment:
        """Record the treatment of a comment (id), with its reason; raises as `answer`."""
        why = checked_text(reason, "Le motif", MAX_REASON, required=treatment is not Treatment.OPEN)
        return self.store().comments.rule(comment, Ruling(treatment, why, self.actor.name))

    @needs(Role.PLANNER, Access.EDITOR)
    def hide(self, comment: str, reason: str) -> Comment:
        """Hide a comment (id) from people with the link, with a reason; raises as `answer`."""
        return self.store().comments.hide(comment, checked_text(reason, "Le motif", MAX_REASON))

    @needs(Role.PLANNER, Access.EDITOR)
    def show(self, comment: str) -> Comment:
        """Show a hidden comment (id) again; raises as `answer`."""
        return self.store().comments.hide(comment, "")

    @needs(Role.PLANNER, Access.EDITOR)
    def erase_name(self, comment: str) -> Comment:
        """Erase the commenter's name from a comment (id), for good; raises as `answer`."""
        return self.store().comments.erase_author(comment)


def _print(token: str, address: str) -> str:
    """Return a hash of an address, salted with the link: it cannot be compared between links."""
    return hashlib.sha256(f"{token} {address}".encode()).hexdigest()[:16] if address else ""
