"""Axes of charts blow up no difference that is worth nothing."""

from math import inf

from geozones.ui.carte.proposals.curve import domain_of, equivalence, labelled


def share(values: list[float]) -> float:
    """The part of the axis that values take."""
    low, high = domain_of(values) or (0.0, 0.0)
    assert low < min(values) <= max(values) < high
    return (max(values) - min(values)) / (high - low)


def test_a_difference_of_less_than_2_percent_does_not_fill_the_axis() -> None:
    assert share([4870, 4877]) < 0.1
    assert share([4870, 4960]) <= 0.25
    assert share([3200, 4877]) > 0.8
    assert share([14.0, 14.0]) == 0


def test_the_text_says_which_figures_are_equivalent() -> None:
    figures = {"heures de route": [4870.0, 4877.0], "points de vigilance": [14.0, 15.0]}
    assert equivalence(figures) == "Les plans se valent (moins de 2 % d'écart) : heures de route."
    assert equivalence({"relève": [50.0, 50.0, inf]}) == ""


def test_labels_of_both_ends_never_overlap() -> None:
    assert labelled([4870.0, 4877.0]) == [4877.0]
    assert labelled([3200.0, 4000.0, 4877.0]) == [3200.0, 4877.0]
    assert labelled([inf]) == []
    assert domain_of([inf]) is None
