"""Comments on a lycée, a zone or a sector of a shared version, and the planners' answers."""

from dataclasses import dataclass
from enum import StrEnum

from geozones.common.bounds import Key, Moment, MomentOrEmpty, Text
from geozones.common.errors import InputError
from geozones.common.french import number

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
    """Lycée, zone or sector (id) that a comment is about, and its name at that time."""

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
    """Comment on a shared version.

    Parameters
    ----------
    id
        Unique in the store.
    version, scenario
        The token of the version, and its scenario (id).
    about
        The place that it is pinned to.
    author
        The name or function of the author; empty once erased.
    text, at
        Text of the comment, and time (ISO 8601, UTC).
    ruling
        The planners' ruling.
    hidden
        Reason why it is hidden from readers of the link; empty if it is shown.
    answers
        Answers of planners, in the order of writing.
    """

    id: Key
    version: Key
    scenario: Key
    about: About
    author: Text
    text: Text
    at: Moment = ""
    ruling: Ruling = Ruling()
    hidden: Text = ""
    answers: tuple[CommentAnswer, ...] = ()

    @property
    def signed(self) -> str:
        """Author of the comment, in words."""
        return self.author or "nom effacé"


class UnknownCommentError(InputError):
    """No comment has this id."""

    def __init__(self) -> None:
        super().__init__("Ce commentaire n'existe pas ou plus : rechargez la page.")


class ClosedCommentsError(InputError):
    """The link does not let comments be left."""

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne permet pas de laisser de commentaire : rien n'est envoyé ; "
            "adressez-vous à la personne qui vous l'a donné."
        )


class TooManyCommentsError(InputError):
    """A link got more comments in a few minutes than it accepts."""

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
