"""Marks for durations that contain an estimated drive in files: words, or a star."""

from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.export.dossier import PlanInView, SectorRow, ZoneRow
from geozones.metrics import metric, written

type Shown = PlanInView | SectorRow | ZoneRow
"""Object with metrics that knows which of them depend on an estimated drive."""

_MEAN, _LONGEST = "mean_minutes", "max_minutes"
_STAR = " *"


def guess_of(shown: Shown, key: str) -> str:
    """Return the mark of a metric (key): « estimé » for a single drive, else that it is in part.

    Empty if it contains no estimated drive.
    """
    if key not in shown.guessed:
        return ""
    return "estimé" if metric(key).lycees else PARTLY_ESTIMATED


def mean_and_longest(shown: Shown) -> tuple[str, str]:
    """Write the mean and the longest drive to a minute, with a star if estimated."""
    mean, longest = written(shown.values, _MEAN, 0), written(shown.values, _LONGEST)
    return mean + _STAR * (_MEAN in shown.guessed), longest + _STAR * (_LONGEST in shown.guessed)
