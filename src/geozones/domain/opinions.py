"""Opinions asked of lycées on a shared version, by personal links: one a lycée, one answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from geozones.common.bounds import ADDED_LATER, Day, Key, Moment, MomentOrEmpty, Text
from geozones.common.errors import InputError
from geozones.common.french import long_date

#: Most lycées asked at once.
MOST_ASKED = 500
#: Most answers by one personal link in the last `ANSWERS_MIN` minutes.
MOST_ANSWERS, ANSWERS_MIN = 20, 10


class Stance(StrEnum):
    """What a lycée thinks of a version."""

    FAVOURABLE = "favorable"
    RESERVED = "réservé"
    OPPOSED = "défavorable"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of lycées on a version.

    Parameters
    ----------
    version, scenario
        The token of the version, which has one question, and the scenario (id) that it is of.
    text
        The question.
    closes
        The last day (ISO) on which it may be answered.
    author, at
        Who asked, and when (ISO 8601, UTC).
    """

    version: Key
    scenario: Key
    text: Text
    closes: Day
    author: Text
    at: Moment = ""

    def is_open(self, today: str) -> bool:
        """Tell whether it may be answered on a day (ISO)."""
        return today <= self.closes


@dataclass(frozen=True, slots=True)
class OpinionAnswer:
    """One answer by a personal link: why, who answered, and when (ISO 8601, UTC)."""

    stance: Stance
    reason: Text
    author: Text
    at: Moment

    @property
    def signed(self) -> str:
        """Who answered, in words."""
        return self.author or "nom effacé"


@dataclass(frozen=True, slots=True)
class Opinion:
    """The personal link of a lycée, and what it answered; the last answer counts.

    Parameters
    ----------
    token
        What its link holds; unguessable.
    version
        The version that is asked about, by its token.
    lycee, name
        The lycée's id, and its name when it was asked.
    stance
        What it answered; ``None`` where it did not yet.
    reason, author
        Why, and who answered for it (name or function; empty once it was erased).
    at, first_at
        When it answered last, and first (ISO 8601, UTC).
    earlier
        The answers before the last, in the order of writing.
    """

    token: Key
    version: Key
    lycee: Key
    name: Text
    stance: Stance | None = None
    reason: Text = ""
    author: Text = ""
    at: MomentOrEmpty = ""
    first_at: MomentOrEmpty = ""
    earlier: tuple[OpinionAnswer, ...] = field(default=(), metadata=ADDED_LATER)

    @property
    def signed(self) -> str:
        """Who answered, in words."""
        return self.author or "nom effacé"

    @property
    def answers(self) -> tuple[OpinionAnswer, ...]:
        """Every answer, the last one last."""
        if self.stance is None:
            return self.earlier
        last = OpinionAnswer(self.stance, self.reason, self.author, self.at)
        return (*self.earlier, last)


def count_stances(opinions: Iterable[Opinion]) -> dict[Stance | None, int]:
    """Return how many lycées answered each stance, and how many (``None``) did not."""
    counts = Counter(opinion.stance for opinion in opinions)
    return {stance: counts[stance] for stance in (*Stance, None)}


class UnknownOpinionError(InputError):
    """No lycée was given this link."""

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne mène à aucune demande d'avis : vérifiez qu'il est entier, ou "
            "demandez-en un autre à la personne qui vous l'a donné."
        )


class ClosedQuestionError(InputError):
    """The last day to answer is past."""

    def __init__(self, closes: str) -> None:
        super().__init__(
            f"Les avis étaient attendus jusqu'au {long_date(closes)} : le vôtre ne peut plus être "
            "donné ni changé ; adressez-vous à la personne qui vous a donné ce lien."
        )


class TooManyAnswersError(InputError):
    """More answers came by a personal link than it takes in a few minutes."""

    def __init__(self) -> None:
        super().__init__(
            f"Trop de réponses arrivent par ce lien ({MOST_ANSWERS} en {ANSWERS_MIN} minutes au "
            "plus) : celle-ci n'est pas enregistrée, votre texte reste ci-dessous ; renvoyez-le "
            f"dans {ANSWERS_MIN} minutes."
        )
