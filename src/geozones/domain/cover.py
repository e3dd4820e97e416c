"""Covers of absent posts, and the service of a zone's posts over a year."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from geozones.domain.times import FloatArray

#: Who covers, if no colleague's post does: a T.I.S. of the sector (under the hypothesis that they
#: replace someone absent), or nobody. Neither is the id of a post.
TIS, NOBODY = "@tis", ""
#: Error of a cumulated share, from 0 to 1: a share this near one half is one half.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class MissedHalfDay:
    """Half-day that an absent post misses, and its cover."""

    absent: str  # The post (id), the half-day of the week, and where it was due.
    slot: int
    lycee: str
    by: str  # The post (id) that comes, ``TIS`` or ``NOBODY``.
    #: The drive of the replacement; 0 if they are in the lycée already, ``inf`` for nobody.
    minutes: float
    #: The lycée that they leave during the cover; ``None`` where they leave none: a free half-day,
    #: someone already there, a T.I.S.
    leaves: str | None = None
    #: « Sans personne »: lycées of the zone where someone was due on that half-day and nobody is,
    #: for lack of a cover or because of this cover. If several half-days missed at once empty the
    #: same lycée, only one lists it.
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Cover:
    """Covers of the posts of a zone, each post absent alone."""

    posts: tuple[str, ...]  # Ids of the posts.
    near: float  # Delay within which a cover is fast, in minutes.
    single: tuple[MissedHalfDay, ...]  # Every half-day missed in a week, for each absence.
    unmet: int  # Half-days of need a week that no post meets.


@dataclass(frozen=True, slots=True)
class CoverFigures:
    """Figures over half-days missed, each equally likely."""

    missed: float  # How many half-days, and how many of them nobody covers.
    uncovered: float
    #: Delay of the cover in minutes, ``inf`` where nobody comes; ``None`` without anything missed.
    #: The median is the middle: of an even number, the mean of the two in the middle. The 90th
    #: percentile is the least delay that nine in ten do not pass.
    median: float | None
    p90: float | None
    near: float | None  # Share covered within the delay that counts as fast, from 0 to 1.


def figures(delays: FloatArray, weights: FloatArray, near: float) -> CoverFigures:
    """Return the figures of half-days missed.

    Parameters
    ----------
    delays
        ``float[n]``, minutes until someone comes; ``inf`` where nobody does.
    weights
        ``float[n]``, how many half-days each delay stands for.
    near
        The delay within which a cover is fast, in minutes.
    """
    total = float(weights.sum())
    if total <= 0:
        return CoverFigures(0.0, 0.0, None, None, None)
    order = np.argsort(delays, kind="stable")
    reached = np.cumsum(weights[order]) / total
    below, above, p90 = (
        float(delays[order][np.searchsorted(reached, share)])
        for share in (0.5 - _ROUNDING, 0.5 + _ROUNDING, 0.9 - _ROUNDING)
    )
    fast = float(weights[delays <= near].sum()) / total
    lost = float(weights[np.isinf(delays)].sum())
    return CoverFigures(total, lost, (below + above) / 2, p90, fast)


def single_figures(covers: Sequence[Cover]) -> CoverFigures | None:
    """Return the figures over every single absence; ``None`` if no zone has a post."""
    if not covers:
        return None
    delays = np.array([missed.minutes for cover in covers for missed in cover.single], float)
    return figures(delays, np.ones(len(delays)), covers[0].near)


@dataclass(frozen=True, slots=True)
class ServiceHalfDays:
    """Half-days of service of a zone, in a year or in any other period.

    On a half-day, e(i) posts are due in lycée i and n(i) of them are present: due, neither absent
    nor called away, and those who came. A post that is free (« disponible ») is due nowhere.
    ``missed`` = ``given_free`` + ``given_by_tis`` + ``reduced`` + ``unattended``.
    """

    missed: float = 0.0  # Half-days that absent posts were due in a lycée.
    given_free: float = 0.0  # Covered by a colleague who was free.
    given_by_tis: float = 0.0  # Covered by a T.I.S., under the hypothesis that they replace.
    displaced: float = 0.0  # Covered by a colleague who leaves a lycée where somebody stays.
    unattended: float = 0.0  # « Sans technicien »: e(i) ≥ 1 and n(i) = 0, once a lycée.
    #: « Effectif réduit »: Σ max(e(i) − n(i), 0) less the half-days without anyone.
    reduced: float = 0.0
    #: Those without anyone where the lycée has had nobody for more than ``gap_days`` working days.
    rupture: float = 0.0

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def scaled(self, factor: float) -> Self:
        """Return the half-days times a factor."""
        return type(self)(*(factor * getattr(self, field.name) for field in fields(self)))
