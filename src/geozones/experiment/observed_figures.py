"""Observed figures: names, units, direction, and their lines in a bilan."""

from dataclasses import dataclass

from geozones.common.french import NBSP, number, plural
from geozones.domain.field_journal import BilanLine, BilanVerdict, IntervalBar
from geozones.domain.teams import MONTH_DAYS
from geozones.domain.terms import worded
from geozones.experiment.estimates import Estimate


@dataclass(frozen=True, slots=True)
class ObservedFigure:
    """Figure derived from a journal."""

    key: str
    wording: str  # In French; the first is a text for `worded`, which `label` returns.
    unit: str
    digits: int  # Decimals written.
    observations: tuple[str, str]  # Name of its observations, for `worded`: singular, and plural.
    factor: float = 1.0  # Written value of 1: 100 for a share in percent.
    lower: bool | None = None  # Whether lower is better; ``None`` if neither is.
    #: The corresponding setting of the tool, after « cost » or « teams »; empty for none.
    setting: str = ""

    @property
    def label(self) -> str:
        """Name of the figure, with the nouns of the network."""
        return worded(self.wording)

    @property
    def is_rate(self) -> bool:
        """Whether the figure is extrapolated to a month of 18 working days."""
        return self.unit.endswith("par mois")

    def number_text(self, value: float) -> str:
        """Write a value without its unit."""
        return number(self.factor * value, self.digits)

    def value_text(self, value: float) -> str:
        """Write a value with its unit."""
        if self.unit == "×":
            return f"×{NBSP}{self.number_text(value)}"
        return f"{self.number_text(value)}{NBSP}{self.unit}"

    def observed_text(self, value: float) -> str:
        """Write an observed value with its unit; a rate is announced as one."""
        return f"au rythme de {self.value_text(value)}" if self.is_rate else self.value_text(value)

    def interval(self, estimate: Estimate) -> str:
        """Return the text of an interval, ``0,8 à 1,3``; empty if unbounded."""
        if estimate.low is None or estimate.high is None:
            return ""
        return " à ".join(map(self.number_text, (estimate.low, estimate.high)))

    def count_text(self, count: int, days: int | None = None) -> str:
        """Return the number of observations in words, with the working days of a rate if given."""
        counted = plural(count, *map(worded, self.observations))
        if days is None or not self.is_rate:
            return counted
        return f"{counted} sur {plural(days, 'jour ouvré', 'jours ouvrés')}"


_REQUESTS = ("demande", "demandes")
_VISITS = ("visite", "visites")
_ABSENCES = ("absence", "absences")
_MISSED = ("demi-journée manquée", "demi-journées manquées")
_COVERED = ("demi-journée relevée", "demi-journées relevées")

FIGURES: tuple[ObservedFigure, ...] = (
    ObservedFigure("interventions", "Demandes d'intervention", "par mois", 0, _REQUESTS),
    ObservedFigure("level_1", "Demandes de niveau 1", "par mois", 0, _REQUESTS),
    ObservedFigure("level_2", "Demandes de niveau 2", "par mois", 0, _REQUESTS),
    ObservedFigure("level_3", "Demandes de niveau 3", "par mois", 0, _REQUESTS),
    ObservedFigure("level_unknown", "Demandes de niveau inconnu", "par mois", 0, _REQUESTS),
    ObservedFigure(
        "work_minutes", "Durée d'une intervention", "min", 0,
        ("demande dont la durée est notée", "demandes dont la durée est notée"),
    ),
    ObservedFigure(
        "visits_per_month", "Visites de continuité", "par mois", 2, _VISITS,
        setting="cost.visits_per_month",
    ),
    ObservedFigure(
        "absence_rate", "Taux d'absence", "%", 1, _ABSENCES, factor=100, lower=True,
        setting="teams.absence_rate",
    ),
    ObservedFigure(
        "absence_days", "Durée d'une absence", "jours ouvrés", 1, _ABSENCES, lower=True,
        setting="teams.absence_days",
    ),
    ObservedFigure("cover_share", "Absences relevées", "%", 0, _MISSED, factor=100, lower=False),
    ObservedFigure(
        "cover_minutes", "Trajet de la relève", "min", 0,
        ("relève dont le trajet est noté", "relèves dont le trajet est noté"), lower=True,
    ),
    ObservedFigure(
        "cover_by_zone", "Absences relevées par un collègue de la zone", "%", 0, _COVERED,
        factor=100,
    ),
    ObservedFigure(
        "cover_by_tis", "Absences relevées par {a_sector_technician}", "%", 0, _COVERED, factor=100
    ),
    ObservedFigure(
        "cover_by_other", "Absences relevées par un collègue d'une autre zone", "%", 0, _COVERED,
        factor=100,
    ),
    ObservedFigure(
        "presence", "Présence par {site}", "demi-journées par semaine", 1,
        ("semaine", "semaines"), lower=False,
    ),
    ObservedFigure(
        "elsewhere", "Relèves assurées par {a_proximity_technician}", "demi-journées par mois", 2,
        ("{proximity_technician}", "{proximity_technicians}"),
    ),
    ObservedFigure(
        "driven", "Temps de route", "h par mois", 0, ("trajet", "trajets"), factor=1 / 60,
        lower=True,
    ),
    ObservedFigure(
        "drive_ratio", "Trajets constatés, par rapport aux durées calculées", "×", 2,
        ("trajet comparé", "trajets comparés"), lower=True,
    ),
    ObservedFigure(
        "tis_visits", "Visites {of_a_sector_technician}, par {site}", "par mois", 2, _VISITS,
        setting="teams.tis_visits",
    ),
    ObservedFigure(
        "tis_minutes", "Durée d'une visite {of_a_sector_technician}", "min", 0, _VISITS,
        setting="teams.tis_minutes",
    ),
)  # fmt: skip
BY_KEY = {figure.key: figure for figure in FIGURES}


#: Ends of a scale, as multiples of what it must show.
_TWICE, _MARGIN, _ALONE = 2.0, 1.05, 1.25


def bilan_line(
    figure: ObservedFigure, estimate: Estimate, hoped: float | None, days: int
) -> BilanLine:
    """Return the line of a figure over some working days."""
    return BilanLine(
        figure.key,
        figure.label,
        figure.value_text(estimate.value),
        figure.observed_text(estimate.value),
        figure.interval(estimate),
        "" if hoped is None else figure.value_text(hoped),
        verdict_of(figure, estimate, hoped, days),
        figure.count_text(estimate.count, days),
        interval_bar(estimate, hoped, 1.0 if figure.unit == "%" else None),
    )


def verdict_of(
    figure: ObservedFigure, estimate: Estimate, hoped: float | None, days: int
) -> BilanVerdict:
    """Compare a figure over some working days with its expected value.

    The verdict is unsure without an interval, with less than a month of working days, or if the
    interval holds the expected value but is wider than it.
    """
    if hoped is None:
        return BilanVerdict.NOT_MODELLED
    if estimate.low is None or estimate.high is None or days < MONTH_DAYS:
        return BilanVerdict.UNSURE
    if estimate.holds(hoped):
        wide = estimate.high - estimate.low > hoped
        return BilanVerdict.UNSURE if wide else BilanVerdict.AS_EXPECTED
    if figure.lower is None:
        return BilanVerdict.MORE if estimate.value > hoped else BilanVerdict.LESS
    return BilanVerdict.WORSE if (estimate.value > hoped) is figure.lower else BilanVerdict.BETTER


def interval_bar(
    estimate: Estimate, expected: float | None, whole: float | None = None
) -> IntervalBar:
    """Return the places of a figure on its own scale, which begins at 0.

    The expected value is in the middle, unless the figure is more than twice as much, so that bars
    below one another show which figures are farthest from it. ``whole`` is the greatest possible
    value, if there is one.
    """
    most = max(estimate.value, estimate.high or 0.0)
    alone = whole or _ALONE * most or 1.0
    end = max(_TWICE * expected, _MARGIN * most) if expected else alone

    def place(value: float | None) -> float | None:
        return None if value is None else min(value / end, 1.0)

    return IntervalBar(
        min(estimate.value / end, 1.0), place(estimate.low), place(estimate.high), place(expected)
    )
