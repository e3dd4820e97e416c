"""Signs of zones: a sign for each status, and marks over them (changed, chosen).

A status is a style of fill or outline: published is plain, retained has a bold outline, proposed a
coloured outline, a draft is hatched. The outline of a zone that a scenario changed is dashed, and a
chosen zone has a halo. No sign relies on colour alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from geozones.domain import DecisionStatus
from geozones.domain.terms import worded
from geozones.render.palette import contrast, mixed

#: Colour of names, whatever the sector: legible on every tint.
INK = "#1f2a33"
_PUBLISHED, _RETAINED, _PROPOSED, _DRAFT = DecisionStatus


@dataclass(frozen=True, slots=True)
class SignLine:
    """Line around a zone: ``width`` and ``dash`` in pixels of the screen."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


#: Lines around a zone, in the order of drawing.
OUTLINES: Mapping[DecisionStatus, tuple[SignLine, ...]] = {
    _PUBLISHED: (),
    _RETAINED: (SignLine("#ffffff", 6.4), SignLine(INK, 4.2)),
    _PROPOSED: (SignLine("#ffffff", 4.8), SignLine("#5a32b4", 2.6)),
    _DRAFT: (),
}
CHANGED = (SignLine("#ffffff", 5.2), SignLine("#b93c08", 2.8, (8.0, 4.5)))
HALO = (SignLine("#15202b", 8.0), SignLine("#ffd23f", 5.8))
#: Colour of what moves between two plans.
MOVED = "#ffd23f"
#: Hatching of drafts: step and width in pixels.
HATCH_STEP, HATCH_WIDTH = 5.0, 0.8
#: Share of ink in hatching on a pale colour; above this contrast with white, share of white.
_HATCH_INK, _DARK, _HATCH_WHITE = 0.32, 3.2, 0.5
#: Meanings of the signs for legends (for `worded`); each begins with the word of its status.
MEANINGS: Mapping[str, str] = {
    _PUBLISHED: "publié par {the_organisation}",
    _RETAINED: "retenu, pas encore publié",
    _PROPOSED: "proposé, non décidé",
    _DRAFT: "brouillon de l'outil, non décidé",
    "changed": "modifié par le scénario",
}


@dataclass(frozen=True, slots=True)
class Pill:
    """Badge of a status: its fill and the colours of its text and edge."""

    fill: str
    text: str
    edge: str
    dashed: bool = False


PILLS: Mapping[DecisionStatus, Pill] = {
    _PUBLISHED: Pill("#1d5c3a", "#ffffff", "#1d5c3a"),
    _RETAINED: Pill("#ffffff", INK, INK),
    _PROPOSED: Pill("#f3effc", "#4a2897", "#5a32b4"),
    _DRAFT: Pill("#fff4dd", "#7a4300", "#b98030", dashed=True),
}
#: Badge of what is published and changed since: green is for what was published, as it was.
_CHANGED_PILL = Pill("#ffffff", "#8f2f06", CHANGED[-1].colour, dashed=True)
#: Fill of signs in legends, and the ink of their hatching.
SAMPLE, SAMPLE_INK = "#b7d7e8", "#14507a"


def hatching(colour: str, ink: str, strength: float = 1.0) -> str:
    """Return the colour of the hatching of a draft; ``strength`` below 1 makes it fainter."""
    if contrast(colour, "#ffffff") > _DARK:
        return mixed(colour, "#ffffff", _HATCH_WHITE * strength)
    return mixed(colour, ink, _HATCH_INK * strength)


def lines_around(status: DecisionStatus, *, changed: bool) -> tuple[SignLine, ...]:
    """Return the lines around a zone, in drawing order: one line and its pale edge.

    Its colour is the status; dashes mark a change. Two lines of two colours would look like a
    braid.
    """
    outline = OUTLINES[status]
    if not changed:
        return outline
    if not outline:
        return CHANGED
    edge, line = outline
    return edge, replace(line, dash=CHANGED[-1].dash)


def signs_of(zones: Iterable[tuple[DecisionStatus, bool]]) -> list[tuple[str, str]]:
    """Return the signs that zones need, with their meanings, by status and whether changed."""
    listed = list(zones)
    found = {status for status, _ in listed} | {"changed" for _, changed in listed if changed}
    return [(str(sign), worded(meaning)) for sign, meaning in MEANINGS.items() if sign in found]


def swatch_css(
    colour: str,
    status: DecisionStatus = _PUBLISHED,
    *,
    changed: bool = False,
    ink: str = SAMPLE_INK,
) -> str:
    """Return the style of a small square in the look of a zone on the map."""
    style = f"background:{colour}"
    if status is _DRAFT:
        line = hatching(colour, ink)
        style = f"background:repeating-linear-gradient(135deg,{line} 0 1px,{colour} 1px 4px)"
    if OUTLINES[status]:
        top = OUTLINES[status][-1]
        style += f";border:{top.width * 0.7:.1f}px solid {top.colour}"
    if changed:
        mark = CHANGED[-1]
        style += f";outline:{mark.width * 0.7:.1f}px dashed {mark.colour}"
        style += ";outline-offset:-1px" if not OUTLINES[status] else ";outline-offset:0"
    return style


def sample_css(sign: str) -> str:
    """Return the style of a sign of `MEANINGS` in a legend."""
    if sign == "changed":
        return swatch_css(SAMPLE, changed=True)
    return swatch_css(SAMPLE, DecisionStatus(sign))


def pill_of(status: DecisionStatus, *, changed: bool = False) -> Pill:
    """Return the badge of a status, another one if what is published was changed."""
    return _CHANGED_PILL if changed and status is _PUBLISHED else PILLS[status]


def pill_css(status: DecisionStatus, *, changed: bool = False) -> str:
    """Return the style of the badge of a status, which may be of something ``changed``."""
    pill = pill_of(status, changed=changed)
    line = "dashed" if pill.dashed else "solid"
    return f"background:{pill.fill};color:{pill.text};border:1px {line} {pill.edge}"
