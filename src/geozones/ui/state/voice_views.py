"""What is held of comments and opinions: what is looked at, and what is typed of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from geozones.domain import Plan


@dataclass(frozen=True, slots=True)
class SpeakView:
    """A comment being written on the page of a shared link.

    ``place`` is what it is about (``zone:ID``…), ``None`` for what is chosen on the map;
    ``most`` is how many of those that were left it shows, the last first.
    """

    place: str | None = None
    name: str = ""
    text: str = ""
    most: int = 20


@dataclass(frozen=True, slots=True)
class OpinionView:
    """An opinion being given by a personal link; ``stance`` is a word, ``None`` for none yet.

    ``changing`` tells that one that was given is being changed.
    """

    stance: str | None = None
    name: str = ""
    reason: str = ""
    changing: bool = False


@dataclass(frozen=True, slots=True)
class VoicesView:
    """The comments in the margin of the map: whether they are listed, and which of them.

    ``most`` is how many it shows, the last first. ``thread`` is the comment (id) being answered;
    ``treatment`` (a word), ``sector`` and ``place`` (``zone:ID``…) are ``None`` for all. What is
    typed is held by comment.
    """

    opened: bool = False
    most: int = 20
    thread: str | None = None
    treatment: str | None = None
    sector: str | None = None
    place: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    rulings: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    hiding: Mapping[str, str] = field(default_factory=dict)

    def within(self, plan: Plan) -> Self:
        """Return it without the sector that a plan has not."""
        known = any(each.id == self.sector for each in plan.sectors)
        return replace(self, sector=self.sector if known else None)


@dataclass(frozen=True, slots=True)
class AskView:
    """A question to lycées being prepared on the page « Partager ».

    ``scenario`` and ``version`` are what it is about; ``lycees`` (ids) are asked.
    """

    scenario: str | None = None
    version: str | None = None
    text: str = "Êtes-vous favorable à cette proposition ?"
    lycees: tuple[str, ...] = ()
    closes: date = field(default_factory=lambda: date.today() + timedelta(days=30))
