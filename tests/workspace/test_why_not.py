"""« Pourquoi pas ailleurs ? »: the price of a choice, and why one cannot be had."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest

from geozones.common.errors import InputError
from geozones.domain.decisions import Locks
from geozones.domain.zone_costs import CostsByName
from geozones.optimize import PartitionOptions
from geozones.workspace.proposals.why_not import Choice, choices_of, read_choices, why_not
from geozones.workspace.study import Study
from helpers.partitions import partitions
from helpers.studies import locked

ANY = PartitionOptions(size_min=2, size_max=4, without=frozenset({"all"}))
#: Any zones, whatever they break, of two lycées at least.
NORTH = "ABCDEF"

type Blocks = list[str]


def least(study: Study, wanted: Callable[[Blocks], bool]) -> float:
    """Return the fewest hours of the sector « nord » over the partitions wanted."""
    costs = CostsByName(study.ranking.model, tuple(sorted(study.plan.lycees)))
    return min(sum(costs.of_all(blocks)) for blocks in partitions(NORTH) if wanted(blocks))


def with_half_of(lycee: str, others: str) -> Callable[[Blocks], bool]:
    return lambda blocks: any(
        lycee in block and 2 * len(set(block) & set(others)) >= len(others) for block in blocks
    )


def test_the_price_is_that_of_the_best_of_all_plans_with_the_choice(toy: Study) -> None:
    best = least(toy, lambda _: True)
    found = why_not(toy, ANY, choices_of(toy, ANY, "E"))
    assert {one.choice.zone for one in found.alternatives} == {"N1", "N2"}
    for one in found.alternatives:
        others = "".join(x for x in toy.plan.members(one.choice.zone) if x != "E")
        assert one.price == pytest.approx(least(toy, with_half_of("E", others)) - best)
        assert one.result is not None
        assert one.result.plan.zone_by_lycee["E"] == one.choice.zone
        assert one.result.status.value == "optimal"
    assert max(one.price for one in found.alternatives) > 0


def test_a_zone_of_exactly_some_lycees_has_its_price_too(toy: Study) -> None:
    best = least(toy, lambda _: True)
    found = why_not(toy, ANY, choices_of(toy, ANY, "N2"))
    asked = {one.choice.lycees for one in found.alternatives}
    assert {("D", "E", "F"), ("D", "E"), ("A", "D", "E", "F")} <= asked
    for one in found.alternatives:
        exact = least(toy, lambda blocks, one=one: "".join(one.choice.lycees) in blocks) - best
        assert one.price == pytest.approx(exact)
    prices = [one.price for one in found.alternatives]
    assert prices == sorted(prices)


def test_it_is_told_which_rule_to_lift_with_names_and_minutes(toy: Study) -> None:
    near = replace(ANY, without=frozenset())
    (one,) = why_not(toy, near, [Choice(lycees=("A", "F"))]).alternatives
    assert one.price == inf
    assert "ils ne se touchent pas sur la carte" in one.why
    assert "la relève la plus lente y serait de 35" in one.why
    assert "Règles à lever : « d'un seul tenant » et « relève pas plus lente" in one.why
    strict = replace(toy, analysis=toy.analysis.with_max_minutes(20.0))
    (far,) = why_not(strict, near, [Choice(lycees=("A", "D", "E"))]).alternatives
    assert "Ampère (Aubigny) et Eiffel (Ernée) sont à 25" in far.why
    assert "« sous le seuil de 20" in far.why


def test_a_choice_against_a_lock_is_told_with_its_reason(toy: Study) -> None:
    held = locked(toy, Locks().with_lock("lycee", "E", "arbitrage du 12/03"))
    found = why_not(held, ANY, choices_of(held, ANY, "E"))
    stays, goes = found.alternatives
    assert (stays.choice.zone, goes.choice.zone) == ("N2", "N1")
    assert stays.price < inf == goes.price
    assert "arbitrage du 12/03" in goes.why
    asked = replace(ANY, locked_lycees=frozenset({"D"}))
    (one,) = why_not(toy, asked, [Choice("D", "N1")]).alternatives
    assert "Descartes (Doué) ne peut pas être dans la zone" in one.why
    assert "il est verrouillé dans la zone" in one.why


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice("E", "S1"), "Permettez de changer de secteur"),
        (Choice(lycees=("A", "B", "C", "D", "E")), "elle aurait 5"),
        (Choice(lycees=("A", "G")), "sont de deux secteurs différents"),
    ],
)
def test_what_cannot_be_had_is_said(toy: Study, choice: Choice, said: str) -> None:
    (one,) = why_not(toy, ANY, [choice]).alternatives
    assert one.result is None
    assert said in one.why


def test_a_support_centre_stays_in_its_sector(toy: Study) -> None:
    free = replace(ANY, change_sector=True)
    (one,) = why_not(toy, free, [Choice("A", "S1")]).alternatives
    assert "centre support du secteur" in one.why


@pytest.mark.parametrize("text", ["", ",", "Z", "Z=N1", "E=Z", "E,Z"])
def test_what_the_plan_has_not_is_refused(toy: Study, text: str) -> None:
    with pytest.raises(InputError):
        read_choices(toy, ANY, text)


def test_two_choices_at_odds_are_told(toy: Study) -> None:
    both = replace(ANY, placed=frozenset({("E", "N1"), ("E", "N2")}))
    with pytest.raises(InputError, match="à la fois dans"):
        why_not(toy, both, [Choice("D", "N2")])
