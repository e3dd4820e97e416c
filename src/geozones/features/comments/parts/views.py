"""View state of the parts of pages of comments and opinions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from geozones.common.clock import today
from geozones.domain import Plan


@dataclass(frozen=True, slots=True)
class SpeakView:
    """Comment being written on the page of a shared link.

    ``place`` is its subject (``zone:ID``…), ``None`` for the selection on the map; ``most`` is the
    number of earlier comments shown, the newest first.
    """

    place: str | None = None
    name: str = ""
    text: str = ""
    most: int = 20


@dataclass(frozen=True, slots=True)
class OpinionView:
    """Opinion being given through a personal link; ``stance`` is a word, ``None`` for none yet.

    ``changing`` tells that an opinion given earlier is being changed.
    """

    stance: str | None = None
    name: str = ""
    reason: str = ""
    changing: bool = False


@dataclass(frozen=True, slots=True)
class CommentsView:
    """Comments beside the map: whether they are listed, and the filters.

    ``most`` is the number shown, the newest first. ``thread`` is the comment (id) being answered;
    ``treatment`` (a word), ``sector`` and ``place`` (``zone:ID``…) are ``None`` for all. The
    mappings hold what is typed, by comment.
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
        """Return the view without a sector that is not in a plan."""
        return replace(self, sector=self.sector if plan.has_sector(self.sector) else None)


@dataclass(frozen=True, slots=True)
class AskView:
    """Question to lycées in preparation in the sheet of a scenario.

    ``scenario`` and ``version`` are its subject; ``lycees`` (ids) are the recipients.
    """

    scenario: str | None = None
    version: str | None = None
    text: str = "Êtes-vous favorable à ce scénario ?"
    lycees: tuple[str, ...] = ()
    closes: date | None = None

    @property
    def last_day(self) -> date:
        """Last day to answer: in thirty days until another is chosen."""
        return self.closes or today() + timedelta(days=30)
