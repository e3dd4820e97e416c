"""Comment threads, and the legend of the map's signs for comments and opinions."""

from collections.abc import Iterable

import htpy

from geozones.common.french import moment
from geozones.domain.comments import Comment, PlaceKind, Stance, Treatment
from geozones.render.scene import FeedbackMark
from geozones.ui.widgets import html
from geozones.workspace.comments.service import called, key_of
from geozones.workspace.comments.summary import AWAITED

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
    leads = leads and comment.about.kind is not PlaceKind.PLAN
    place = html.go(key_of(comment.about), name) if leads else htpy.strong[name]
    return htpy.div(class_="gz-voice gz-voice-hidden" if comment.hidden else "gz-voice")[
        htpy.header[place, " ", _state(comment)],
        htpy.p(".gz-typed")[comment.text],
        htpy.p(".gz-voice-by")[comment.signed, ", ", _when(comment.at)],
        [
            htpy.div(".gz-voice-answer")[
                htpy.p(".gz-typed")[answer.text],
                htpy.p(".gz-voice-by")["Réponse de ", answer.author, ", ", _when(answer.at)],
            ]
            for answer in comment.answers
        ],
        _ruling(comment),
        comment.hidden and html.note(f"Masqué sur le lien : {comment.hidden}"),
        more and htpy.p(".gz-way")[more],
    ]


def _state(comment: Comment) -> htpy.Element:
    treatment = comment.ruling.treatment
    return htpy.span(class_=f"gz-pill {_TONES[treatment]}")[treatment]


def _ruling(comment: Comment) -> htpy.Element | None:
    ruling = comment.ruling
    if ruling.treatment is Treatment.OPEN:
        return None
    text = f"{str(ruling.treatment).capitalize()} : {ruling.reason}"
    by = f"{ruling.author}, {_when(ruling.at)}"
    return htpy.div(".gz-voice-answer")[htpy.p(".gz-typed")[text], htpy.p(".gz-voice-by")[by]]


def _when(at: str) -> str:
    return moment(at)


_SIGNS = (
    ("waits", "n", "commentaires, dont un à traiter"),
    ("done", "n", "commentaires, tous traités"),
    (Stance.FAVOURABLE.value, "✓", "avis favorable"),
    (Stance.RESERVED.value, "~", "avis réservé"),
    (Stance.OPPOSED.value, "✕", "avis défavorable"),
    (AWAITED, "?", "avis attendu"),
)


def feedback_signs(marks: Iterable[FeedbackMark]) -> htpy.Element | None:
    """Return the legend of the signs in use; ``None`` if there are no comments or opinions."""
    tones: set[str] = set()
    for mark in marks:
        tones.add(mark.stance)
        if mark.count:
            tones.add("waits" if mark.waits else "done")
    signs = [
        (htpy.span(".gz-said-sign", data_said=tone, aria_hidden="true")[sign], text)
        for tone, sign, text in _SIGNS
        if tone in tones
    ]
    return html.legend("Sur la carte", signs) if signs else None
