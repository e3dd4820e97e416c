"""Covers of absent posts, and the service of a zone's posts over a year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from math import inf
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
    """Covers of the posts of a zone: each post absent alone, and each pair absent together."""

    posts: tuple[str, ...]  # Ids of the posts.
    #: The sector, how many of its T.I.S. may replace someone absent, and the delay within which a
    #: cover is fast, in minutes.
    sector: str
    technicians: int
    near: float
    #: Every half-day missed in a week, for each absence and each pair of absences.
    single: tuple[MissedHalfDay, ...]
    pairs: tuple[MissedHalfDay, ...]
    unmet: int  # Half-days of need a week that no post meets.

    @cached_property
    def empty(self) -> dict[str, int]:
        """Half-days a week without anyone in a lycée, by the post (id) absent alone."""
        counts = dict.fromkeys(self.posts, 0)
        for missed in self.single:
            counts[missed.absent] += len(missed.empty)
        return counts


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
    #: « Sans personne »: half-days when a lycée where someone was due has nobody, for want of a
    #: cover or because of one (see `MissedHalfDay`).
    empty: float = 0.0


def figures(
    delays: FloatArray, weights: FloatArray, empty: FloatArray, near: float
) -> CoverFigures:
    """Return the figures of half-days missed.

    Parameters
    ----------
    delays
        ``float[n]``, minutes until someone comes; ``inf`` where nobody does.
    weights
        ``float[n]``, how many half-days each delay stands for.
    empty
        ``float[n]``, how many lycées each leaves without anyone.
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
    return CoverFigures(total, lost, (below + above) / 2, p90, fast, float((weights * empty).sum()))


def single_figures(covers: Sequence[Cover]) -> CoverFigures | None:
    """Return the figures over every single absence; ``None`` if no zone has a post."""
    if not covers:
        return None
    single = [missed for cover in covers for missed in cover.single]
    return figures(_delays(single), np.ones(len(single)), _empty(single), covers[0].near)


def pair_figures(covers: Sequence[Cover]) -> CoverFigures | None:
    """Return the figures over every pair of simultaneous absences, in one zone or in two.

    Each zone covers its own half-days; but where both would call a T.I.S. on the same half-day and
    their sector has one only, the T.I.S. goes to the nearer lycée and the other stays without.
    """
    if not covers:
        return None
    inside = [missed for cover in covers for missed in cover.pairs]
    posts = sum(len(cover.posts) for cover in covers)
    owned = [(cover, missed) for cover in covers for missed in cover.single]
    single = [missed for _, missed in owned]
    weights = np.array([posts - len(cover.posts) for cover, _ in owned], float)
    lost = _shared_technician(covers)
    for rank, missed in enumerate(single):
        weights[rank] -= lost.get((missed.absent, missed.slot), 0)
    return figures(
        np.concatenate([_delays(inside), _delays(single), [inf]]),
        np.concatenate([np.ones(len(inside)), weights, [float(sum(lost.values()))]]),
        # a T.I.S. was called because nobody else was there
        np.concatenate([_empty(inside), _empty(single), [1.0]]),
        covers[0].near,
    )


def _delays(missed: Sequence[MissedHalfDay]) -> FloatArray:
    return np.array([entry.minutes for entry in missed], float)


def _empty(missed: Sequence[MissedHalfDay]) -> FloatArray:
    return np.array([len(entry.empty) for entry in missed], float)


def _shared_technician(covers: Iterable[Cover]) -> dict[tuple[str, int], int]:
    """Count, for each half-day covered by the sector's one T.I.S., the pairs where it cannot be."""
    calls: dict[tuple[str, int], list[tuple[float, int, MissedHalfDay]]] = {}
    for rank, cover in enumerate(covers):
        if cover.technicians == 1:
            for missed in cover.single:
                if missed.by == TIS:
                    key = (cover.sector, missed.slot)
                    calls.setdefault(key, []).append((missed.minutes, rank, missed))
    lost: dict[tuple[str, int], int] = {}
    for entries in calls.values():
        ranked = sorted(entries, key=lambda entry: (entry[0], entry[1], entry[2].absent))
        for place, (_, zone, missed) in enumerate(ranked):
            nearer = sum(other != zone for _, other, _ in ranked[:place])
            if nearer:
                lost[missed.absent, missed.slot] = nearer
    return lost


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
