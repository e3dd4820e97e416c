"""Legend of the map's signs for comments and opinions on places."""

import htpy

from geozones.domain.opinions import Stance
from geozones.ui.widgets import html
from geozones.workspace.comments.marks import AWAITED
from geozones.workspace.comments.summary import Feedback

_COMMENTS = (
    ("waits", "3", "commentaires, dont un à traiter"),
    ("done", "3", "commentaires, tous traités"),
)
_OPINIONS = (
    (Stance.FAVOURABLE.value, "✓", "avis favorable"),
    (Stance.RESERVED.value, "~", "avis réservé"),
    (Stance.OPPOSED.value, "✕", "avis défavorable"),
    (AWAITED, "?", "avis attendu"),
)


def feedback_signs(feedback: Feedback) -> htpy.Element | None:
    """Return the legend of the signs in use; ``None`` if there are no comments or opinions."""
    signs = (*(_COMMENTS if feedback.comments else ()), *(_OPINIONS if feedback.questions else ()))
    if not signs:
        return None
    return html.legend("Sur la carte", [(_sign(tone, sign), text) for tone, sign, text in signs])


def _sign(tone: str, sign: str) -> htpy.Element:
    return htpy.span(".gz-said-sign", data_said=tone, aria_hidden="true")[sign]
