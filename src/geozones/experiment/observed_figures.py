"""Observed figures: their names, units, and direction."""

from dataclasses import dataclass

from geozones.common.french import NBSP, number, plural
from geozones.experiment.estimates import Estimate


@dataclass(frozen=True, slots=True)
class ObservedFigure:
    """Figure derived from a journal.

    Parameters
    ----------
    label, unit
        In French; a share is written in percent.
    digits
        Decimals written.
    observations
        Name of its observations: singular, and plural.
    lower
        Whether lower is better; ``None`` if neither is.
    setting
        The corresponding setting of the tool, after « cost » or « teams »; empty for none.
    """

    key: str
    label: str
    unit: str
    digits: int
    observations: tuple[str, str]
    lower: bool | None = None
    setting: str = ""

    def value_text(self, value: float) -> str:
        """Write a value with its unit."""
        if self.unit == "%":
            return f"{number(100 * value, self.digits)}{NBSP}%"
        if self.unit == "×":
            return f"×{NBSP}{number(value, self.digits)}"
        return f"{number(value, self.digits)}{NBSP}{self.unit}"

    def interval(self, estimate: Estimate) -> str:
        """Return the text of an interval, ``0,8 à 1,3``; empty if unbounded."""
        if estimate.low is None or estimate.high is None:
            return ""
        factor = 100 if self.unit == "%" else 1
        low, high = (number(factor * end, self.digits) for end in (estimate.low, estimate.high))
        return f"{low} à {high}"

    def count_text(self, count: int) -> str:
        """Return the number of observations, in words."""
        return plural(count, *self.observations)


_WORK = ("intervention", "interventions")
_VISITS = ("visite", "visites")
_ABSENCES = ("absence", "absences")
_MISSED = ("demi-journée manquée", "demi-journées manquées")
_COVERED = ("demi-journée relevée", "demi-journées relevées")
_DRIVES = ("trajet", "trajets")

FIGURES: tuple[ObservedFigure, ...] = (
    ObservedFigure("interventions", "Interventions", "par mois", 0, _WORK),
    ObservedFigure("level_1", "dont niveau 1", "par mois", 0, _WORK),
    ObservedFigure("level_2", "dont niveau 2", "par mois", 0, _WORK),
    ObservedFigure("level_3", "dont niveau 3", "par mois", 0, _WORK),
    ObservedFigure("level_unknown", "dont niveau inconnu", "par mois", 0, _WORK),
    ObservedFigure("work_minutes", "Durée d'une intervention", "min", 0, _WORK),
    ObservedFigure(
        "visits_per_month", "Visites de continuité", "par mois", 2, _VISITS,
        setting="cost.visits_per_month",
    ),
    ObservedFigure(
        "absence_rate", "Taux d'absence", "%", 1, _ABSENCES, lower=True,
        setting="teams.absence_rate",
    ),
    ObservedFigure(
        "absence_days", "Durée d'une absence", "jours ouvrés", 1, _ABSENCES, lower=True,
        setting="teams.absence_days",
    ),
    ObservedFigure("cover_share", "Absences relevées", "%", 0, _MISSED, lower=False),
    ObservedFigure("cover_minutes", "Trajet de la relève", "min", 0, _COVERED, lower=True),
    ObservedFigure("cover_by_zone", "relevées par un collègue de la zone", "%", 0, _COVERED),
    ObservedFigure("cover_by_tis", "relevées par un T.I.S.", "%", 0, _COVERED),
    ObservedFigure("cover_by_other", "relevées par quelqu'un d'une autre zone", "%", 0, _COVERED),
    ObservedFigure(
        "presence", "Présence par lycée", "demi-journées par semaine", 1,
        ("semaine", "semaines"), lower=False,
    ),
    ObservedFigure(
        "elsewhere", "Relèves assurées par un T.I.P.", "demi-journées par mois", 2,
        ("mois de T.I.P.", "mois de T.I.P."),
    ),
    ObservedFigure("driven", "Route", "min par mois", 0, _DRIVES, lower=True),
    ObservedFigure(
        "drive_ratio", "Durée des trajets, par rapport à la matrice", "×", 2, _DRIVES, lower=True
    ),
    ObservedFigure(
        "tis_visits", "Visites d'un T.I.S., par lycée", "par mois", 2, _VISITS,
        setting="teams.tis_visits",
    ),
    ObservedFigure(
        "tis_minutes", "Durée d'une visite d'un T.I.S.", "min", 0, _VISITS,
        setting="teams.tis_minutes",
    ),
)  # fmt: skip
BY_KEY = {figure.key: figure for figure in FIGURES}
