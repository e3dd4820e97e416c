"""Feedback on a shared version: comments with answers, and opinions that lycées are asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from geozones.common.bounds import ADDED_LATER, Day, Key, Moment, MomentOrEmpty, SiteId, Text
from geozones.common.errors import InputError
from geozones.common.french import long_date, number

#: Longest comment, and longest name or function of its author, in characters.
MAX_COMMENT_LENGTH, MAX_AUTHOR_LENGTH = 2000, 80
#: Longest answer of a planner to a comment, and longest reason of an opinion, in characters.
MAX_ANSWER_LENGTH = 2000
#: Most comments in the last `WINDOW_MIN` minutes: by one link, and by one address on it.
PER_LINK, PER_ADDRESS, WINDOW_MIN = 120, 20, 10
#: Most comments that one version holds.
MAX_COMMENTS_PER_VERSION = 5000


class PlaceKind(StrEnum):
    """Kind of place that a comment is about."""

    PLAN = "plan"
    LYCEE = "lycee"
    ZONE = "zone"
    SECTOR = "secteur"


class Treatment(StrEnum):
    """Treatment of a comment by planners."""

    OPEN = "à traiter"
    TAKEN = "pris en compte"
    DECLINED = "non retenu"


@dataclass(frozen=True, slots=True)
class About:
    """Lycée, zone, sector (id) or whole plan that a comment is about, and its name at that time."""

    kind: PlaceKind
    id: Key
    name: Text


@dataclass(frozen=True, slots=True)
class CommentAnswer:
    """Answer of a planner to a comment, and time (ISO 8601, UTC)."""

    author: Text
    text: Text
    at: Moment


@dataclass(frozen=True, slots=True)
class Ruling:
    """Ruling of planners on a comment: treatment, reason, author and time; empty while open."""

    treatment: Treatment = Treatment.OPEN
    reason: Text = ""
    author: Text = ""
    at: MomentOrEmpty = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """Comment on a shared version."""

    id: Key  # Unique in the store.
    version: Key  # The token of the version, and its scenario (id).
    scenario: Key
    about: About  # The place that it is pinned to.
    author: Text  # The name or function of the author; empty once erased.
    text: Text  # Text of the comment, and time (ISO 8601, UTC).
    at: Moment = ""
    ruling: Ruling = Ruling()  # The planners' ruling.
    hidden: Text = ""  # Reason why it is hidden from readers of the link; empty if it is shown.
    answers: tuple[CommentAnswer, ...] = ()  # Answers of planners, in the order of writing.

    @property
    def signed(self) -> str:
        """Author of the comment, in words."""
        return self.author or "nom effacé"


class UnknownCommentError(InputError):
    """No comment has this id."""

    def __init__(self) -> None:
        super().__init__("Ce commentaire n'existe pas ou plus : rechargez la page.")


class ClosedCommentsError(InputError):
    """The link accepts no comments."""

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne permet pas de laisser de commentaire : rien n'est envoyé ; "
            "adressez-vous à la personne qui vous l'a donné."
        )


class TooManyCommentsError(InputError):
    """A link or an address sent too many comments in a few minutes."""

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"{limit} : rien n'est perdu, votre texte reste ci-dessous ; renvoyez-le dans "
            f"{WINDOW_MIN} minutes."
        )


class FullVersionError(InputError):
    """A version holds the most comments that it can."""

    def __init__(self) -> None:
        super().__init__(
            f"Cette version a déjà {number(MAX_COMMENTS_PER_VERSION)} commentaires, le maximum : "
            "rien n'est envoyé. Adressez-vous à la personne qui vous a donné le lien."
        )


def too_many_from_address() -> TooManyCommentsError:
    """Return the error of an address that sends too many comments."""
    return TooManyCommentsError(
        f"Trop de commentaires viennent de votre adresse ({PER_ADDRESS} en {WINDOW_MIN} minutes "
        "au plus)"
    )


def too_many_by_link() -> TooManyCommentsError:
    """Return the error of a link that gets too many comments."""
    return TooManyCommentsError(
        f"Trop de commentaires arrivent par ce lien ({PER_LINK} en {WINDOW_MIN} minutes au plus)"
    )


#: Most lycées per question.
MAX_LYCEES_PER_QUESTION = 500
#: Most answers by one personal link in the last `ANSWERS_MIN` minutes.
MAX_RECENT_ANSWERS, ANSWERS_MIN = 20, 10


class Stance(StrEnum):
    """Stance of a lycée on a version."""

    FAVOURABLE = "favorable"
    RESERVED = "réservé"
    OPPOSED = "défavorable"


@dataclass(frozen=True, slots=True)
class Question:
    """Question to lycées on a version."""

    version: Key  # The token of the version, which has one question, and its scenario (id).
    scenario: Key
    text: Text  # The question.
    closes: Day  # The last day (ISO) to answer.
    author: Text  # Who asked, and when (ISO 8601, UTC).
    at: Moment = ""

    def is_open(self, today: str) -> bool:
        """Return whether the question may be answered on a day (ISO)."""
        return today <= self.closes


@dataclass(frozen=True, slots=True)
class OpinionAnswer:
    """Answer by a personal link: reason, author, and time (ISO 8601, UTC)."""

    stance: Stance
    reason: Text
    author: Text
    at: Moment

    @property
    def signed(self) -> str:
        """Author of the answer, in words."""
        return self.author or "nom effacé"


@dataclass(frozen=True, slots=True)
class Opinion:
    """Personal link of a lycée, and its answers; the last answer counts."""

    token: Key  # Unguessable token of the link.
    version: Key  # The token of the version.
    lycee: SiteId  # The lycée's id, and its name when it was asked.
    name: Text
    stance: Stance | None = None  # Its last answer; ``None`` without any.
    reason: Text = ""  # Reason, and author of the answer (name or function; empty once erased).
    author: Text = ""
    at: MomentOrEmpty = ""  # When it answered last, and first (ISO 8601, UTC).
    first_at: MomentOrEmpty = ""
    #: The answers before the last, in the order of writing.
    earlier: tuple[OpinionAnswer, ...] = field(default=(), metadata=ADDED_LATER)

    @property
    def signed(self) -> str:
        """Author of the last answer, in words."""
        return self.author or "nom effacé"

    @property
    def answers(self) -> tuple[OpinionAnswer, ...]:
        """Every answer, the last answer last."""
        if self.stance is None:
            return self.earlier
        last = OpinionAnswer(self.stance, self.reason, self.author, self.at)
        return (*self.earlier, last)


def count_stances(opinions: Iterable[Opinion]) -> dict[Stance | None, int]:
    """Return how many lycées answered each stance, and how many (``None``) did not answer."""
    counts = Counter(opinion.stance for opinion in opinions)
    return {stance: counts[stance] for stance in (*Stance, None)}


class UnknownOpinionError(InputError):
    """No lycée has this link."""

    #: title of the page that says so
    title = "Lien introuvable"

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne mène à aucune demande d'avis. Vérifiez qu'il est entier, ou "
            "demandez-en un autre à la personne qui vous l'a donné."
        )


class ClosedQuestionError(InputError):
    """The last day to answer is past."""

    def __init__(self, closes: str) -> None:
        super().__init__(
            f"Les avis étaient attendus jusqu'au {long_date(closes)} : il n'est plus possible d'en "
            "donner ni d'en changer. Adressez-vous à la personne qui vous a donné ce lien."
        )


class TooManyAnswersError(InputError):
    """A personal link got more answers in a few minutes than it accepts."""

    def __init__(self) -> None:
        super().__init__(
            f"Trop de réponses arrivent par ce lien ({MAX_RECENT_ANSWERS} en {ANSWERS_MIN} minutes "
            "au plus) : celle-ci n'est pas enregistrée. Votre texte reste ci-dessous : renvoyez-le "
            f"dans {ANSWERS_MIN} minutes."
        )
