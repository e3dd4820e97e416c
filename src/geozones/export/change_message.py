"""Message of a change: what it does, in at most three lines, from the figures of one comparison.

It is the title of the pages and slides of a change, and the first thing that a reader sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from geozones.common.french import NBSP, capital, inside, minutes, plural
from geozones.export import sentences
from geozones.export.dossier import AreaDrive, PlanComparison
from geozones.export.text import typeset
from geozones.metrics import Change
from geozones.metrics.headline_effects import Effect, effect_on, written

#: Areas named in the first line, and figures in the last one.
_AREAS, _FIGURES = 2, 3
_ROAD = "road_hours"
_CLEAR = (Effect.WORSE, Effect.BETTER)


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """Lines of a message, each a sentence, the most telling first; at least one."""

    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        """The first line, as a title: without its full stop."""
        return self.lines[0].removesuffix(".")


def message_of(comparison: PlanComparison) -> ChangeMessage:
    """Return the longest drives that change, the hours of road, and what else gets worse.

    A change that moves none of these figures is told by what it is.
    """
    told = (_drives(comparison.drives), _hours(comparison), _worse(comparison))
    lines = [line for line in told if line] or [_itself(comparison)]
    if counted := _come_or_go(comparison):  # figures of other lycées are not an effect
        lines[0] = f"{counted} ; {inside(lines[0])}"
    return ChangeMessage(tuple(typeset(f"{line.removesuffix('.')}.") for line in lines))


def _drives(drives: Sequence[AreaDrive]) -> str:
    """Say how the longest drive changes in the areas where it changes most, each way first."""
    clear = [drive for drive in drives if effect_on(drive.change) in _CLEAR]
    ranked = sorted(clear, key=lambda drive: -abs(drive.change.difference or 0))
    each_way = {effect_on(drive.change): drive for drive in reversed(ranked)}
    told = [drive for drive in ranked if drive in each_way.values()]
    told += islice((drive for drive in ranked if drive not in told), _AREAS - len(told))
    if not told:
        return ""
    first, *others = ((drive.place, _from_to(drive.change)) for drive in told)
    text = f"{capital(first[0])}, le plus long trajet passe {first[1]}"
    return "".join((text, *(f" ; {place}, {way}" for place, way in others)))


def _from_to(change: Change) -> str:
    """Write both values: ``de 74 à 33 min``; with a decimal where they would look the same."""
    digits = 0 if change.rounded_difference(0) else change.metric.format.compared_digits
    before, after = (minutes(value, digits) for value in (change.before, change.after))
    unit = f"{NBSP}min"
    return f"de {before.removesuffix(unit) if after.endswith(unit) else before} à {after}"


def _hours(comparison: PlanComparison) -> str:
    """Say how many hours of road more or less a year."""
    change = next((each for each in comparison.changes if each.metric.key == _ROAD), None)
    if change is None or effect_on(change) not in {*_CLEAR, Effect.WITHIN_ERROR}:
        return ""
    difference = change.rounded_difference(0) or 0
    more = "de plus" if difference > 0 else "de moins"
    text = f"{plural(abs(round(difference)), 'heure')} de route {more} par an"
    return text if effect_on(change) in _CLEAR else f"{text}, dans la marge d'erreur"


def _worse(comparison: PlanComparison) -> str:
    """Say which other figures of the headline get worse, and how many points to watch."""
    worse = (
        written(change)
        for change in comparison.headline
        if change.metric.key != _ROAD and effect_on(change) is Effect.WORSE
    )
    parts = list(islice(worse, _FIGURES))
    if comparison.worsened:
        noun = "point de vigilance aggravé", "points de vigilance aggravés"
        parts.append(plural(comparison.worsened, *noun))
    return f"Ce qui se dégrade : {', '.join(parts)}" if parts else ""


def _come_or_go(comparison: PlanComparison) -> str:
    """Say how many lycées are in one plan alone."""
    alone = [move for move in comparison.moves if not (move.before and move.after)]
    return sentences.of_moves(alone)


def _itself(comparison: PlanComparison) -> str:
    """Say what a change is, where no figure tells what it does."""
    if any(move.before and move.after for move in comparison.moves):
        return f"{sentences.of_moves(comparison.moves)}, sans effet mesurable"
    if not comparison.others:
        return "Aucun changement"
    rest = len(comparison.others) - 1
    also = f" ; {plural(rest, 'autre changement', 'autres changements')}" if rest else ""
    return comparison.others[0].removesuffix(".") + also
