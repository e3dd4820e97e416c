"""What another plan changes, in a few plain figures: what gets worse first."""

from collections.abc import Sequence

import htpy

from geozones.ui.components import html
from geozones.workspace.figures import Change, Effect, sentences

_LINES = {Effect.WORSE: "gz-worse", Effect.BETTER: "gz-better"}
_KINDS = {True: "gz-better", False: "gz-worse", None: "gz-same"}


def headline_table(changes: Sequence[Change], note: str = "") -> htpy.Element:
    """Return a row a figure: both values, the difference and what to say of it.

    ``note`` says under which traffic minutes are.
    """
    rows = [(change.metric.label, change.arrow(), _told(change)) for change in changes]
    heads = ("Ce qui change", f"Avant → après{note}", "Écart")
    return html.table("Ce qui change, le moins bien d'abord", heads, rows, hidden_caption=True)


def headline_lines(changes: Sequence[Change]) -> list[htpy.Element]:
    """Return the same in small lines: one for what gets worse, one for what gets better."""
    return [
        htpy.small(class_=_LINES.get(effect, "gz-same"))[said]
        for effect, said in sentences(changes).items()
    ]


def _told(change: Change) -> htpy.Element:
    return htpy.span(class_=_KINDS[change.better])[change.told]
