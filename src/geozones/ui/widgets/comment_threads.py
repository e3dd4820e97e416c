"""Comment threads: text, place, answers and ruling."""

import htpy

from geozones.common.french import moment
from geozones.domain.comments import Comment, Treatment
from geozones.ui.state import address
from geozones.ui.widgets import html
from geozones.workspace.comments.places import called, key_of

_TONES = {
    Treatment.OPEN: "gz-voice-open",
    Treatment.TAKEN: "gz-voice-taken",
    Treatment.DECLINED: "gz-voice-declined",
}


def thread(comment: Comment, *more: htpy.Node, leads: bool = True) -> htpy.Element:
    """Return a comment with its answers; ``leads`` makes its place a link to the map.

    ``more`` holds the actions on it.
    """
    name = called(comment.about)
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
    return moment(address.local(at))
