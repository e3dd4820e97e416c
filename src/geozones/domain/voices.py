"""Comments left on a shared version, on a lycée, a zone or a sector, and what is answered."""

from dataclasses import dataclass
from enum import StrEnum

from geozones.common.bounds import Key, Moment, MomentOrEmpty, Text
from geozones.common.errors import InputError
from geozones.common.french import number

#: Longest text and name, in characters.
MAX_TEXT, MAX_NAME = 2000, 80
#: Most comments in the last `WINDOW_MIN` minutes: of one link, and of one address on it.
PER_LINK, PER_ADDRESS, WINDOW_MIN = 120, 20, 10
#: Most comments that one version holds.
MOST = 5000


class PlaceKind(StrEnum):
    """What a comment is about."""

    LYCEE = "lycee"
    ZONE = "zone"
    SECTOR = "secteur"


class Treatment(StrEnum):
    """What planners made of a comment."""

    OPEN = "à traiter"
    TAKEN = "pris en compte"
    DECLINED = "non retenu"


@dataclass(frozen=True, slots=True)
class About:
    """The lycée, zone or sector (id) that a comment is about, and its name when it was left."""

    kind: PlaceKind
    id: Key
    name: Text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a planner answered to a comment, and when (ISO 8601, UTC)."""

    author: Text
    text: Text
    at: Moment


@dataclass(frozen=True, slots=True)
class Ruling:
    """What planners made of a comment, why, who and when; empty while it is open."""

    treatment: Treatment = Treatment.OPEN
    reason: Text = ""
    author: Text = ""
    at: MomentOrEmpty = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What someone said of a shared version.

    Parameters
    ----------
    id
        Unique in the store.
    version, scenario
        The token of the version that it was left on, and the scenario (id) that this is of.
    about
        The place that it is pinned to.
    author
        The name or function given; empty once it was erased.
    text, at
        What was said, and when (ISO 8601, UTC).
    ruling
        What planners made of it.
    hidden
        Why it is hidden from who opens the link; empty where it is not.
    answers
        What planners answered, in the order of writing.
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
    answers: tuple[Answer, ...] = ()

    @property
    def signed(self) -> str:
        """Who left it, in words."""
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
    """More comments came than a link takes in a few minutes."""

    def __init__(self, said: str) -> None:
        super().__init__(
            f"{said} : rien n'est perdu, votre texte reste ci-dessous ; renvoyez-le dans "
            f"{WINDOW_MIN} minutes."
        )


class FullVersionError(InputError):
    """A version holds as many comments as it can."""

    def __init__(self) -> None:
        super().__init__(
            f"Cette version a déjà {number(MOST)} commentaires, le maximum : rien n'est envoyé ; "
            "adressez-vous à la personne qui vous a donné le lien."
        )


def too_many_here() -> TooManyCommentsError:
    """Return the error of an address that sends too many comments."""
    return TooManyCommentsError(
        f"Trop de commentaires viennent de votre adresse ({PER_ADDRESS} en {WINDOW_MIN} minutes "
        "au plus)"
    )


def too_many_everywhere() -> TooManyCommentsError:
    """Return the error of a link that gets too many comments."""
    return TooManyCommentsError(
        f"Trop de commentaires arrivent par ce lien ({PER_LINK} en {WINDOW_MIN} minutes au plus)"
    )
