"""Service of a zone's posts: half-days given, missed and left without anyone, in a year."""

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class ServiceHalfDays:
    """Half-days of service of a zone, in a year or in any other period.

    On a half-day, e(i) posts are due in lycée i and n(i) of them are present: due, neither absent
    nor called away, and those who came. A post that is free (« disponible ») is due nowhere.
    ``missed`` = ``given_free`` + ``given_by_tis`` + ``reduced`` + ``unattended``.

    Parameters
    ----------
    missed
        Half-days that absent posts were due in a lycée.
    given_free
        Covered by a colleague who was free.
    given_by_tis
        Covered by a T.I.S., under the hypothesis that they replace.
    displaced
        Covered by a colleague who leaves a lycée where somebody stays.
    unattended
        « Sans technicien »: e(i) ≥ 1 and n(i) = 0, once a lycée.
    reduced
        « Effectif réduit »: Σ max(e(i) − n(i), 0) less the half-days without anyone.
    rupture
        Those without anyone where the lycée has had nobody for more than ``gap_days`` working days.
    """

    missed: float = 0.0
    given_free: float = 0.0
    given_by_tis: float = 0.0
    displaced: float = 0.0
    unattended: float = 0.0
    reduced: float = 0.0
    rupture: float = 0.0

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def scaled(self, factor: float) -> Self:
        """Return the half-days times a factor."""
        return type(self)(*(factor * getattr(self, field.name) for field in fields(self)))
