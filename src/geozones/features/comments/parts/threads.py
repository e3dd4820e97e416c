"""Comment threads."""

import htpy

from geozones.common.french import moment
from geozones.domain.comments import Comment, PlaceKind, Treatment
from geozones.features.comments.model import called, key_of
from geozones.ui.widgets import html

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
