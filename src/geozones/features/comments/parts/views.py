"""View state of the parts of pages of comments and opinions, and threads of comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

import htpy

from geozones.common.clock import today
from geozones.common.french import moment
from geozones.domain import Plan
from geozones.domain.comments import Comment, PlaceKind, Treatment
from geozones.features.comments.model import called, key_of
from geozones.ui.widgets import html


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


_TONES = {
    Treatment.OPEN: "gz-voice-open",
    Treatment.TAKEN: "gz-voice-taken",
    Treatment.DECLINED: "gz-voice-declined",
}


def thread(comment: Comment, *more: htpy.Node, leads: bool = True) -> htpy.Element:
    """Return a comment with its answers; ``leads`` makes its place a link to the map.

    The whole plan leads nowhere. ``more`` holds the actions on the comment.
    """
    name = called(comment.about)
    treatment = comment.ruling.treatment
    leads = leads and comment.about.kind is not PlaceKind.PLAN
    place = html.go(key_of(comment.about), name) if leads else htpy.strong[name]
    return htpy.div(class_="gz-voice gz-voice-hidden" if comment.hidden else "gz-voice")[
        htpy.header[place, " ", htpy.span(class_=f"gz-pill {_TONES[treatment]}")[treatment]],
        htpy.p(".gz-typed")[comment.text],
        htpy.p(".gz-voice-by")[comment.signed, ", ", moment(comment.at)],
        [
            htpy.div(".gz-voice-answer")[
                htpy.p(".gz-typed")[answer.text],
                htpy.p(".gz-voice-by")["Réponse de ", answer.author, ", ", moment(answer.at)],
            ]
            for answer in comment.answers
        ],
        _ruling(comment),
        comment.hidden and html.note(f"Masqué sur le lien : {comment.hidden}"),
        more and htpy.p(".gz-way")[more],
    ]


def _ruling(comment: Comment) -> htpy.Element | None:
    ruling = comment.ruling
    if ruling.treatment is Treatment.OPEN:
        return None
    text = f"{str(ruling.treatment).capitalize()} : {ruling.reason}"
    by = f"{ruling.author}, {moment(ruling.at)}"
    return htpy.div(".gz-voice-answer")[htpy.p(".gz-typed")[text], htpy.p(".gz-voice-by")[by]]
