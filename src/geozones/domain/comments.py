"""Comments with answers, and opinions of lycées, on shared versions, as the store holds them.

The core knows them so that a backup is read, whole, with and without the feature `comments`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from geozones.common.bounds import ADDED_LATER, Day, Key, Moment, MomentOrEmpty, SiteId, Text


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
