"""Values of metrics, and their formats in French, on screen and in files."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from geozones.common.french import NBSP, number, of

#: For each lycée, the lycée of the fastest colleague, and their minutes.
type NearestColleagues = dict[str, tuple[str, float]]
#: A number, a lycée or zone (id), lycées or labels, or the relève of each lycée; ``None`` if the
#: metric does not apply.
type Value = float | int | str | tuple[str, ...] | NearestColleagues | None
#: The metrics of a zone, a sector or the region, by key.
type Values = Mapping[str, Value]


def number_of(value: object) -> float | None:
    """Return a value if it is a number (possibly infinite), ``None`` for any other."""
    return float(value) if isinstance(value, (int, float)) else None


#: The yearly hours, and the figures that add up to it where an hour of rupture weighs one hour.
_TOTAL, _PARTS = "total_hours", ("road_hours", "rupture_hours", "unstaffed_hours")
#: Hours by which the sum of the parts may differ from the total and still be the total.
_SAME_HOURS = 0.01


def whole_hours(values: Values) -> dict[str, int]:
    """Return the parts of the yearly hours in whole hours that add up to the total as written.

    The parts are rounded down; the hours that are then missing go to the greatest remainders.
    Empty if the parts do not make the total (ruptures weigh otherwise), or if one is endless: each
    is then rounded by itself.
    """
    total = number_of(values.get(_TOTAL))
    parts = {key: number_of(values[key]) or 0.0 for key in _PARTS if key in values}
    if total is None or not parts or not all(map(math.isfinite, (total, *parts.values()))):
        return {}
    if abs(sum(parts.values()) - total) > _SAME_HOURS:
        return {}
    whole = {key: math.floor(value) for key, value in parts.items()}
    by_remainder = sorted(parts, key=lambda key: whole[key] - parts[key])
    for key in by_remainder[: round(total) - sum(whole.values())]:
        whole[key] += 1
    return whole


@dataclass(frozen=True, slots=True)
class Format:
    """Format of the values of a metric.

    Parameters
    ----------
    suffix
        Text after the number: ``min``, ``%`` or empty.
    digits
        Decimals of the figure alone.
    compared_digits
        Decimals of the figure beside another plan's, and of the difference.
    missing, infinite
        Texts for no value (``None``), and for an infinite value.
    cell
        Number format of a cell of a workbook (XLSX).
    link
        Separator of the names of two lycées, if the value is two lycées.
    is_towards
        Whether the value is a drive: to the first lycée, from the second.
    of_numbers
        Whether its values are numbers.
    """

    suffix: str = ""
    digits: int = 0
    compared_digits: int = 0
    missing: str = "—"
    infinite: str = "—"
    cell: str = "0"
    link: str = ""
    is_towards: bool = False
    of_numbers: bool = True

    def write(self, value: object, digits: int | None = None) -> str:
        """Return the text of a number: ``63 min``; `missing` for anything but a number.

        ``digits`` replaces the format's own number of decimals.
        """
        if not isinstance(value, (int, float)) or math.isnan(value):
            return self.missing
        if math.isinf(value):
            return self.infinite
        text = number(value, self.digits if digits is None else digits)
        return f"{text}{NBSP}{self.suffix}" if self.suffix else text

    def write_lycees(self, value: object, name: Callable[[str], str]) -> str:
        """Return the names of lycées (ids); `missing` where there is none."""
        if not isinstance(value, tuple):
            return self.missing
        if self.is_towards:
            towards, origin = value
            return f"{of(name(origin))} à {name(towards)}"
        return self.link.join(name(lycee) for lycee in value)


COUNT = Format()
#: The greatest over the mean.
RATIO = Format(digits=2, compared_digits=2, cell="0.00")
#: A cost, without a unit; infinite if a lycée cannot be reached.
COST = Format(compared_digits=1, cell="0.0")
MINUTES = Format("min", compared_digits=1, infinite="sans accès", cell="0.0")
#: An average changes by less than a minute: it is written to a tenth.
MEAN_MINUTES = replace(MINUTES, digits=1)
#: From the lycée to the other, and from the colleague who comes to the lycée.
BOTH_WAYS = Format(link=" – ", of_numbers=False)
TOWARDS = Format(is_towards=True, of_numbers=False)
#: Hours of a year; infinite if a lycée cannot be reached.
HOURS = Format("h", infinite="sans accès", cell="0")
#: Kilometres of a year; infinite if a lycée cannot be reached.
KILOMETRES = Format("km", infinite="sans accès", cell="0")
TEXT = Format(of_numbers=False)

#: Figures of teams, for plans that may have no post.
_UNKNOWN = "non renseigné"
TEAM_COUNT = Format(missing=_UNKNOWN)
#: An infinite delay does not mean a missing road: nobody is left to come.
TEAM_MINUTES = Format("min", missing=_UNKNOWN, infinite="personne", cell="0.0")
TEAM_PERCENT = Format("%", missing=_UNKNOWN)
