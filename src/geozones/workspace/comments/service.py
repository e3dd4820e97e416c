"""Use cases of comments and opinions, for one user or by a link."""

import hashlib
from collections.abc import Sequence
from datetime import date

from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.common.french import number
from geozones.domain import Plan
from geozones.domain.access import Access, DeadLinkError
from geozones.domain.comments import (
    MAX_ANSWER_LENGTH,
    MAX_AUTHOR_LENGTH,
    MAX_COMMENT_LENGTH,
    MAX_LYCEES_PER_QUESTION,
    About,
    Comment,
    Opinion,
    PlaceKind,
    Question,
    Ruling,
    Stance,
    Treatment,
)
from geozones.domain.terms import terms, worded
from geozones.export.file_parts import printable
from geozones.workspace.roles import Link, Role, UseCases, needs, needs_link
from geozones.workspace.scenarios.open_scenario import linked
from geozones.workspace.study import Study


def checked_name(text: object) -> str:
    """Return a name or function on one line; raise ``InputError`` if it is invalid."""
    name = printable(text) if isinstance(text, str) else ""
    if not name:
        raise InputError("Indiquez votre nom ou votre fonction : rien n'est encore envoyé.")
    if len(name) > MAX_AUTHOR_LENGTH:
        raise InputError(
            f"Votre nom ou fonction fait {number(len(name))} signes, {MAX_AUTHOR_LENGTH} au plus : "
            "raccourcissez-le, rien n'est encore envoyé."
        )
    return name


def checked_text(text: object, what: str, most: int, *, required: bool = True) -> str:
    """Return a text without control characters, its lines kept; ``what`` names it in French."""
    lines = text.splitlines() if isinstance(text, str) else []
    kept = "\n".join(map(printable, lines)).strip()
    if required and not kept:
        raise InputError(f"{what} est vide : écrivez-le, puis envoyez.")
    if len(kept) > most:
        raise InputError(
            f"{what} fait {number(len(kept))} signes, {number(most)} au plus : raccourcissez-le, "
            "rien n'est encore envoyé et votre texte reste là."
        )
    return kept


_WORDS = {
    PlaceKind.PLAN: "Tout le plan",
    PlaceKind.LYCEE: "{Site}",
    PlaceKind.ZONE: "Zone",
    PlaceKind.SECTOR: "Secteur",
}
_WHOLE_PLAN = About(PlaceKind.PLAN, "plan", _WORDS[PlaceKind.PLAN])


def key_of(about: About) -> str:
    """Return the key of a place: ``plan:plan``, ``zone:ID``, ``sector:ID``, ``lycee:ID``."""
    kind = "sector" if about.kind is PlaceKind.SECTOR else about.kind.value
    return f"{kind}:{about.id}"


def called(about: About) -> str:
    """Return a place in words: ``Zone Mamers``."""
    word = worded(_WORDS[about.kind])
    return (
        about.name
        if about.name.casefold().startswith(word.casefold())
        else (f"{word} {about.name}")
    )


def places_of(study: Study) -> dict[str, About]:
    """Return the places of a study's plan by key: all of it, sectors, zones, lycées by name."""
    plan = study.plan
    sectors = [About(PlaceKind.SECTOR, each.id, each.name) for each in plan.sectors]
    zones = [
        About(PlaceKind.ZONE, each.id, each.name) for each in plan.zones if plan.members(each.id)
    ]
    lycees = [About(PlaceKind.LYCEE, lycee, study.name(lycee)) for lycee in plan.lycees]
    lycees.sort(key=lambda each: each.name.casefold())
    return {key_of(each): each for each in (_WHOLE_PLAN, *sectors, *zones, *lycees)}


def place_named(study: Study, key: str) -> About:
    """Return a place of a plan by key."""
    found = places_of(study).get(key)
    if found is None:
        places = worded("tout le plan, un secteur, une zone ou {a_site}")
        raise InputError(f"Choisissez ce dont vous parlez, {places} : rien n'est envoyé.")
    return found


def sector_of(plan: Plan, about: About) -> str | None:
    """Return the sector (id) of a place; ``None`` if it has none, or is not in the plan."""
    if about.kind is PlaceKind.SECTOR:
        return about.id if plan.has_sector(about.id) else None
    zones = {zone.id: zone.sector for zone in plan.zones}
    if about.kind is PlaceKind.ZONE:
        return zones.get(about.id)
    zone = plan.zone_by_lycee.get(about.id)
    return None if zone is None else zones.get(zone)


#: Longest reason of a planner, in characters.
MAX_REASON = 500


class Comments(UseCases):
    """Use cases of comments."""

    # -- by a link ---------------------------------------------------------------------------------

    @needs_link(Link.VERSION)
    def by_link(self, token: str) -> tuple[bool, tuple[Comment, ...]]:
        """Return whether a link accepts comments, and its visible comments."""
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
            Subject of the comment, as `key_of` writes it.
        signed_text
            The commenter's name or function, and the text.
        address
            The caller's network address; empty if unknown.
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
        """Return the comments on the versions of a scenario (id), including hidden ones."""
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
        """Answer a comment (id); people with the link can read the answer."""
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
    if not address:
        return ""
    return hashlib.sha256(f"{token} {address}".encode(errors="replace")).hexdigest()[:16]


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
        """
        asked_text = checked_text(text, "Votre question", MAX_QUESTION)
        last = self._last_day(token, closes)
        known = study.plan.zone_by_lycee
        asked = {lycee: study.name(lycee) for lycee in lycees if lycee in known}
        if not asked or len(asked) > MAX_LYCEES_PER_QUESTION:
            raise InputError(
                f"Choisissez de 1 à {MAX_LYCEES_PER_QUESTION} {terms().site.plural} de cette "
                "version : rien n'est demandé."
            )
        question = Question(token, "", asked_text, last, self.actor.name)
        return self.store().opinions.ask(question, asked, self.today)

    def _last_day(self, token: str, closes: str) -> str:
        try:
            last = date.fromisoformat(closes).isoformat()
        except (TypeError, ValueError) as error:
            raise InputError(
                "Le dernier jour s'écrit année-mois-jour, par exemple 2026-09-01."
            ) from error
        if last < self.today:
            raise InputError(
                "Le dernier jour pour répondre est passé : choisissez aujourd'hui ou plus tard."
            )
        link = self.store().versions.link(token)
        if link is None:
            raise DeadLinkError
        if link.expires and link.expires < last:
            raise InputError(
                "Le lien de cette version expire avant ce jour. Choisissez un jour plus proche, ou "
                "partagez une version plus longtemps."
            )
        return last

    @needs(Role.READER, Access.READER)
    def questions(self, scenario: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return the questions on the versions of a scenario (id), and the answers.

        The result has no token of personal links: see `personal_links`.
        """
        store = self.store()
        return tuple(
            (each, store.opinions.on_version(each.version))
            for each in store.opinions.questions(scenario)
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def personal_links(self, scenario: str) -> tuple[tuple[Question, tuple[Opinion, ...]], ...]:
        """Return the result of `questions` with the token of each personal link."""
        return self.store().opinions.personal_links(scenario)

    # -- by a personal link ------------------------------------------------------------------------

    @needs_link(Link.OPINION)
    def asked(self, token: str) -> tuple[Question, Opinion]:
        """Return the question of a personal link, and the answer given by it."""
        store = self.store()
        question, opinion = store.opinions.asked(token)
        link = store.versions.link(question.version)
        if link is not None and not link.is_open(self.today):
            raise DeadLinkError(link)
        return question, opinion

    @needs_link(Link.OPINION)
    def give(self, token: str, stance: Stance | None, reason: str, name: str) -> Opinion:
        """Answer by a personal link, replacing any earlier answer."""
        _, before = self.asked(token)
        if stance is None:
            raise InputError(
                "Choisissez un avis, favorable, réservé ou défavorable : rien n'est envoyé."
            )
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
