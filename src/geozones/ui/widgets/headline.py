"""Headline changes of another plan: a few plain figures, what gets worse first."""

from collections.abc import Collection, Sequence

import htpy

from geozones.metrics.headline_effects import Effect, sentences
from geozones.metrics.metric_changes import Change
from geozones.ui.widgets import html

_LINES = {Effect.WORSE: "gz-worse", Effect.BETTER: "gz-better"}
_KINDS = {True: "gz-better", False: "gz-worse", None: "gz-same"}


def headline_table(changes: Sequence[Change], note: str = "") -> htpy.Element:
    """Return a table with a row per figure: both values, the difference and its judgement.

    Minutes are of the zones that change, unlike those of the region beside it, and say so.
    ``note`` names the traffic that minutes are given for.
    """
    rows = [(_label(change), change.arrow(), _effect(change)) for change in changes]
    heads = ("Ce qui change", f"Avant → après{note}", "Écart")
    return html.table("Ce qui change, du moins bon au meilleur", heads, rows, hidden_caption=True)


def headline_lines(changes: Sequence[Change], always: Collection[str] = ()) -> list[htpy.Element]:
    """Return the same changes as small lines: what gets worse, then what gets better.

    Unchanged figures are left out but ``always`` (keys of metrics).
    """
    return [
        htpy.small(class_=_LINES.get(effect, "gz-same"))[sentence]
        for effect, sentence in sentences(changes, always=always).items()
    ]


def _label(change: Change) -> htpy.Node:
    label = change.metric.label
    return [label, htpy.small[" (zones touchées)"]] if change.metric.unit == "min" else label


def _effect(change: Change) -> htpy.Element:
    return htpy.span(class_=_KINDS[change.better])[change.text]
