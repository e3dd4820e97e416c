"""Summary of the comments and opinions on a scenario, for the decision note and the bilan."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geozones.common.french import listing, long_date, plural
from geozones.domain import Plan
from geozones.domain.access import Access
from geozones.domain.comments import About, Comment, Treatment
from geozones.domain.opinions import Opinion, Question, Stance, count_stances
from geozones.domain.terms import terms
from geozones.export.text import printable
from geozones.workspace.comments.places import called, sector_of
from geozones.workspace.roles import Link, Role, needs, needs_link
from geozones.workspace.use_case_base import UseCases

if TYPE_CHECKING:
    from geozones.store import Store

#: Most comments, and most lycées with an unfavourable answer, quoted individually.
_MOST = 12
_EXCERPT = 160
_TREATED = {
    Treatment.TAKEN: ("pris en compte", "pris en compte"),
    Treatment.DECLINED: ("non retenu", "non retenus"),
    Treatment.OPEN: ("à traiter", "à traiter"),
}
_STANCES = {
    Stance.FAVOURABLE: ("favorable", "favorables"),
    Stance.RESERVED: ("réservé", "réservés"),
    Stance.OPPOSED: ("défavorable", "défavorables"),
    None: ("sans réponse", "sans réponse"),
}


@dataclass(frozen=True, slots=True)
class Feedback:
    """Comments and opinions on the versions of a scenario, without hidden comments."""

    comments: tuple[Comment, ...] = ()
    questions: tuple[tuple[Question, tuple[Opinion, ...]], ...] = ()

    def in_sector(self, plan: Plan, sector: str) -> "Feedback":
        """Return the feedback on a sector (id) of a plan, its zones and its lycées."""
        inside = set(plan.lycees_of(sector))
        return self._of(inside, lambda about: sector_of(plan, about) == sector)

    def in_zone(self, plan: Plan, zone: str) -> "Feedback":
        """Return the feedback on a zone (id) of a plan and its lycées."""
        inside = set(plan.members(zone))
        return self._of(inside, lambda about: about.id in {zone, *inside})

    def _of(self, inside: set[str], is_in: Callable[[About], bool]) -> "Feedback":
        """Return the opinions of some lycées (ids), and the comments whose place ``is_in``."""
        return Feedback(
            tuple(each for each in self.comments if is_in(each.about)),
            tuple(
                (question, kept)
                for question, opinions in self.questions
                if (kept := tuple(each for each in opinions if each.lycee in inside))
            ),
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The feedback in sentences: counts, then each comment that was treated, then opinions.

        Empty without any comment or question.
        """
        return (*_of_comments(self.comments), *_of_questions(self.questions))


#: Empty feedback.
NO_FEEDBACK = Feedback()


@needs(Role.READER, Access.READER)
def feedback_of(service: UseCases, scenario: str | None) -> Feedback:
    """Return the feedback on the versions of a scenario (id); empty for ``None``.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    if scenario is None:
        return NO_FEEDBACK
    store = service.store()
    return Feedback(
        tuple(each for each in store.comments.list(scenario) if not each.hidden),
        tuple(
            (each, store.opinions.on_version(each.version))
            for each in store.opinions.questions(scenario)
        ),
    )


@needs_link(Link.VERSION)
def feedback_on(opener: "Callable[[], Store]", version: str) -> Feedback:
    """Return the feedback on one version, by its token; raise ``StoreError``."""
    store = opener()
    return Feedback(
        tuple(each for each in store.comments.on_version(version) if not each.hidden),
        store.opinions.answered_on(version),
    )


def count_line(comments: Iterable[Comment]) -> str:
    """Return ``3 commentaires : 1 pris en compte, 2 à traiter``."""
    listed = tuple(comments)
    counts = Counter(each.ruling.treatment for each in listed)
    parts = [
        plural(counts[treatment], *words)
        for treatment, words in _TREATED.items()
        if counts[treatment]
    ]
    return f"{plural(len(listed), 'commentaire')} : {', '.join(parts)}"


def stance_line(opinions: Iterable[Opinion]) -> str:
    """Return ``24 lycées interrogés : 14 favorables, 2 défavorables, 8 sans réponse``."""
    listed = tuple(opinions)
    counts = count_stances(listed)
    parts = [plural(counts[stance], *words) for stance, words in _STANCES.items() if counts[stance]]
    site = terms().site
    one, more = f"{site} interrogé{site.e}", f"{site.plural} interrogé{site.e}s"
    asked = plural(len(listed), one, more)
    return f"{asked} : {', '.join(parts)}"


def history_line(opinion: Opinion, local: Callable[[str], str] = long_date) -> str:
    """Return ``2e réponse ; avant : favorable (Proviseur, 2 mars 2026)``; empty for the first.

    ``local`` formats a time of the store.
    """
    before = [
        f"{each.stance} ({each.signed}, {local(each.at)})"
        for each in opinion.answers[: len(opinion.answers) - 1]
    ]
    if not before:
        return ""
    return f"{len(opinion.answers)}e réponse ; avant : {', '.join(before)}"


def _of_comments(comments: Sequence[Comment]) -> list[str]:
    if not comments:
        return []
    sentences = [f"{count_line(comments)}."]
    ruled = [each for each in comments if each.ruling.treatment is not Treatment.OPEN]
    for each in ruled[:_MOST]:
        why = printable(each.ruling.reason).rstrip(".")
        sentences.append(
            f"{called(each.about)}, {each.signed} : « {_excerpt(each.text)} » ; "
            f"{each.ruling.treatment} : {why}."
        )
    if len(ruled) > _MOST:
        sentences.append(f"Et {plural(len(ruled) - _MOST, 'autre')}.")
    return sentences


def _of_questions(questions: Sequence[tuple[Question, tuple[Opinion, ...]]]) -> list[str]:
    sentences = []
    for question, opinions in questions:
        asked = printable(question.text)
        sentences.append(
            f"« {asked} », jusqu'au {long_date(question.closes)} : {stance_line(opinions)}."
        )
        for stance in (Stance.OPPOSED, Stance.RESERVED):
            against = [each for each in opinions if each.stance is stance]
            sentences += [
                f"{each.name}, avis {stance} : « {_excerpt(each.reason)} »."
                for each in against[:_MOST]
            ]
            if against[_MOST:]:
                rest = listing([each.name for each in against[_MOST:]])
                sentences.append(f"Avis {stance} aussi : {rest}.")
    return sentences


def _excerpt(text: str) -> str:
    line = printable(text).removesuffix(".")
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rstrip() + "…"
