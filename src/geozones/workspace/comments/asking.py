"""Use cases of opinions, for one user: planners ask, lycées answer by personal links."""

from collections.abc import Sequence
from datetime import date

from geozones.common.errors import InputError
from geozones.domain.access import Access
from geozones.domain.comments import MAX_ANSWER_LENGTH
from geozones.domain.links import DeadLinkError
from geozones.domain.opinions import (
    MAX_LYCEES_PER_QUESTION,
    Opinion,
    Question,
    Stance,
)
from geozones.domain.terms import terms
from geozones.workspace.comments.texts import checked_name, checked_text
from geozones.workspace.roles import Link, Role, needs, needs_link
from geozones.workspace.study import Study
from geozones.workspace.use_case_base import UseCases

#: Longest question, in characters.
MAX_QUESTION = 500


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

        Raises
        ------
        NotAllowedError
            If the caller is not a planner.
        DeadLinkError
            If the link of the version is closed.
        InputError
            If the question is empty or too long, its last day is past, or no lycée is asked.
        """
        asked_text = checked_text(text, "Votre question", MAX_QUESTION)
        last = self._last_day(token, closes)
        known = study.plan.zone_by_lycee
        asked = {lycee: study.name(lycee) for lycee in lycees if lycee in known}
        if not asked or len(asked) > MAX_LYCEES_PER_QUESTION:
            msg = (
                f"Choisissez de 1 à {MAX_LYCEES_PER_QUESTION} {terms().site.plural} de cette "
                "version : rien n'est demandé."
            )
            raise InputError(msg)
        question = Question(token, "", asked_text, last, self.actor.name)
        return self.store().opinions.ask(question, asked, self.today)

    def _last_day(self, token: str, closes: str) -> str:
        try:
            last = date.fromisoformat(closes).isoformat()
        except (TypeError, ValueError) as error:
            msg = "Le dernier jour s'écrit année-mois-jour, par exemple 2026-09-01."
            raise InputError(msg) from error
        if last < self.today:
            msg = "Le dernier jour pour répondre est passé : choisissez aujourd'hui ou plus tard."
            raise InputError(msg)
        link = self.store().versions.link(token)
        if link is None:
            raise DeadLinkError
        if link.expires and link.expires < last:
            msg = (
                "Le lien de cette version expire avant ce jour. Choisissez un jour plus proche, ou "
                "partagez une version plus longtemps."
            )
            raise InputError(msg)
        return last

    @needs(Role.READER, Access.READER)
    def questions(self, scenario: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return the questions on the versions of a scenario (id), and the answers.

        The result has no token of personal links: see `personal_links`.

        Raises
        ------
        LoginRequiredError
            If the caller is not logged in.
        AccessError
            If the scenario is not open to the caller.
        """
        store = self.store()
        return tuple(
            (each, store.opinions.on_version(each.version))
            for each in store.opinions.questions(scenario)
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def personal_links(self, scenario: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return the result of `questions` with the token of each personal link.

        Raises
        ------
        NotAllowedError
            If the caller is not a planner.
        UnknownScenarioError, AccessError
            If the scenario is gone, or the caller may not change it.
        """
        return self.store().opinions.personal_links(scenario)

    # -- by a personal link ------------------------------------------------------------------------

    @needs_link(Link.OPINION)
    def asked(self, token: str) -> tuple[Question, Opinion]:
        """Return the question of a personal link, and the answer given by it.

        Raises
        ------
        UnknownOpinionError
            If there is no such link.
        DeadLinkError
            If the link of its version is closed.
        """
        store = self.store()
        question, opinion = store.opinions.asked(token)
        link = store.versions.link(question.version)
        if link is not None and not link.is_open(self.today):
            raise DeadLinkError(link)
        return question, opinion

    @needs_link(Link.OPINION)
    def give(self, token: str, stance: Stance | None, reason: str, name: str) -> Opinion:
        """Answer by a personal link, replacing any earlier answer.

        Raises
        ------
        UnknownOpinionError, DeadLinkError
            As `asked`.
        ClosedQuestionError
            If the last day to answer is past.
        InputError
            If a stance, a name, or the reason of an unfavourable answer is missing.
        """
        _, before = self.asked(token)
        if stance is None:
            msg = "Choisissez un avis, favorable, réservé ou défavorable : rien n'est envoyé."
            raise InputError(msg)
        given = Opinion(
            before.token,
            before.version,
            before.lycee,
            before.name,
            stance,
            checked_text(
                reason, "Le motif", MAX_ANSWER_LENGTH, required=stance is not Stance.FAVOURABLE
            ),
            checked_name(name),
        )
        return self.store().opinions.give(given, self.today)
