"""RGAA 4.1 criteria and how the app meets each of them, from ``grid.csv``.

The subject of a criterion is in our words; the full text is in the référentiel général
d'amélioration de l'accessibilité 4.1 (https://accessibilite.numerique.gouv.fr).
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

_GRID = Path(__file__).with_name("grid.csv")


class AuditStatus(StrEnum):
    """Audit result of a criterion."""

    MET = "conforme"
    NOT_MET = "non conforme"
    NOT_APPLICABLE = "non applicable"


@dataclass(frozen=True, slots=True)
class AuditCriterion:
    """A criterion: number (« 1.1 »), subject, audit result, reason and proof.

    ``proof`` names the test that shows that the criterion is met (``file::function``), or the
    examination by hand and its day; it is empty where the criterion is not met or does not apply.
    """

    number: str
    subject: str
    standing: AuditStatus
    why: str
    proof: str


@lru_cache(maxsize=1)
def grid() -> tuple[AuditCriterion, ...]:
    """Return the 106 criteria in their order."""
    with _GRID.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return tuple(
        AuditCriterion(number, subject, AuditStatus(state), why, proof)
        for number, subject, state, why, proof in rows
    )


def share_met() -> float:
    """Return the share of applicable criteria that are met, from 0 to 1."""
    standings = [criterion.standing for criterion in grid()]
    met, not_met = (standings.count(kind) for kind in (AuditStatus.MET, AuditStatus.NOT_MET))
    return met / (met + not_met)


def verdict() -> str:
    """Return the legal term for that share (arrêté du 20 septembre 2019)."""
    share = share_met()
    if share == 1:
        return "totalement conforme"
    return "partiellement conforme" if share >= 0.5 else "non conforme"
