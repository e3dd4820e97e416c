"""Robustness of a proposal or a package: a verdict, and the share of draws where it is better."""

import htpy

from geozones.domain.terms import worded
from geozones.metrics.robustness import ChangeVerdict, Robustness
from geozones.ui.widgets import html
from geozones.workspace.proposals.robustness import DRAWN, UNITS

_KINDS = {
    ChangeVerdict.SOLID: "gz-better",
    ChangeVerdict.FRAGILE: "gz-fragile",
    ChangeVerdict.EQUIVALENT: "gz-same",
    ChangeVerdict.WORSE: "gz-worse",
    ChangeVerdict.NOT_COMPARABLE: "gz-same",
}


def robustness_line(found: Robustness, objective: str) -> htpy.Element:
    """Return how a whole proposal compares with today's plan over the draws."""
    return html.sentence(
        f"Par rapport au plan d'aujourd'hui, en tirant au sort {worded(DRAWN[objective])} : ",
        htpy.strong(class_=_KINDS[found.verdict])[found.text(UNITS[objective])],
        ".",
    )


def robustness_note(found: Robustness, objective: str) -> htpy.Element:
    """Return the same comparison for a package, in small letters."""
    word, _, rest = found.text(UNITS[objective]).partition(" : ")
    head = htpy.b[f"{word[0].upper()}{word[1:]}"]
    return htpy.small(class_=_KINDS[found.verdict])[head, f" : {rest}" if rest else None, "."]
