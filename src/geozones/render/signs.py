"""The signs of zones: one for each status, and marks over them (changed, chosen).

A status is a way to fill or outline a zone: published is plain, retained has a bold outline,
proposed a coloured one, a draft is hatched. Whatever its status, a zone that a scenario changed has
a dashed outline, and one that is chosen a halo. None is told by its colour alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from geozones.render.colour import contrast, mixed

#: The colour of names, whatever the sector: read on every tint.
INK = "#1f2a33"


class ZoneStatus(StrEnum):
    """How decided a zone or sector is, as the map shows it."""

    PUBLISHED = "published"
    RETAINED = "retained"
    PROPOSED = "proposed"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class SignLine:
    """A line around a zone: ``width`` and ``dash`` in pixels of the screen."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


#: The lines around a zone, the first drawn first.
OUTLINES: Mapping[ZoneStatus, tuple[SignLine, ...]] = {
    ZoneStatus.PUBLISHED: (),
    ZoneStatus.RETAINED: (SignLine("#ffffff", 6.4), SignLine(INK, 4.2)),
    ZoneStatus.PROPOSED: (SignLine("#ffffff", 4.8), SignLine("#5a32b4", 2.6)),
    ZoneStatus.DRAFT: (),
}
CHANGED = (SignLine("#ffffff", 5.2), SignLine("#b93c08", 2.8, (8.0, 4.5)))
HALO = (SignLine("#15202b", 8.0), SignLine("#ffd23f", 5.8))
#: Hatching of drafts: its step and width in pixels.
HATCH_STEP, HATCH_WIDTH = 5.0, 0.8
#: How much ink is in hatching on a pale colour; on one whose contrast with white is more than this,
#: how much white.
_HATCH_INK, _DARK, _HATCH_WHITE = 0.32, 3.2, 0.5
#: What each sign means, for legends.
MEANINGS: Mapping[str, str] = {
    ZoneStatus.PUBLISHED: "secteur publié",
    ZoneStatus.RETAINED: "zone retenue, pas encore publiée",
    ZoneStatus.PROPOSED: "zone proposée, non décidée",
    ZoneStatus.DRAFT: "brouillon : proposition de l'outil, non décidée",
    "changed": "zone modifiée par le scénario, non décidée",
}
#: The fill of signs in legends, and the ink of their hatching.
SAMPLE, SAMPLE_INK = "#b7d7e8", "#14507a"


def hatching(colour: str, ink: str, strength: float = 1.0) -> str:
    """Return the colour of the hatching of a draft; ``strength`` below 1 for a fainter one."""
    if contrast(colour, "#ffffff") > _DARK:
        return mixed(colour, "#ffffff", _HATCH_WHITE * strength)
    return mixed(colour, ink, _HATCH_INK * strength)


def signs_of(zones: Iterable[tuple[ZoneStatus, bool]]) -> list[tuple[str, str]]:
    """Return the signs that zones need, each with its meaning, given status and whether changed."""
    listed = list(zones)
    found = {status for status, _ in listed} | {"changed" for _, changed in listed if changed}
    return [(str(sign), meaning) for sign, meaning in MEANINGS.items() if sign in found]


def swatch_css(
    colour: str,
    status: ZoneStatus = ZoneStatus.PUBLISHED,
    *,
    changed: bool = False,
    ink: str = SAMPLE_INK,
) -> str:
    """Return the style of a small square that looks as the map draws a zone."""
    style = f"background:{colour}"
    if status is ZoneStatus.DRAFT:
        line = hatching(colour, ink)
        style = f"background:repeating-linear-gradient(135deg,{line} 0 1px,{colour} 1px 4px)"
    lines = CHANGED if changed else OUTLINES[status]
    if lines:
        top = lines[-1]
        style += f";border:{top.width * 0.7:.1f}px {'dashed' if top.dash else 'solid'} {top.colour}"
    return style


def sample_css(sign: str) -> str:
    """Return the style of a sign of `MEANINGS` in a legend."""
    if sign == "changed":
        return swatch_css(SAMPLE, changed=True)
    return swatch_css(SAMPLE, ZoneStatus(sign))
