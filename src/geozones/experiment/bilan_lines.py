"""Lines of a bilan: observed figures compared with what the tool expects."""

from geozones.domain.bilan_line import BilanLine, BilanVerdict, IntervalBar
from geozones.experiment.estimates import Estimate
from geozones.experiment.facts import MONTH_DAYS
from geozones.experiment.observed_figures import ObservedFigure

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
    """Compare a figure over some working days with its expectation, which its interval may contain.

    A month of work at least is asked for; an interval wider than what was expected shows nothing.
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

    What was expected is in the middle, unless the figure is more than twice as much: drawn above
    one another, figures show which ones are the farthest from it. ``whole`` is the greatest
    possible value, if there is one.
    """
    most = max(estimate.value, estimate.high or 0.0)
    alone = whole or _ALONE * most or 1.0
    end = max(_TWICE * expected, _MARGIN * most) if expected else alone

    def place(value: float | None) -> float | None:
        return None if value is None else min(value / end, 1.0)

    return IntervalBar(
        min(estimate.value / end, 1.0), place(estimate.low), place(estimate.high), place(expected)
    )
