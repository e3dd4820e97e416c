"""What is told beside the gain of a plan: hours that no cost counts, posts without room."""

from collections.abc import Callable

from geozones.domain import Plan
from geozones.domain.teams import Teams
from geozones.workspace.plan_comparison import beside_sentence
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import post_sentences


def plain(text: str) -> str:
    return text.replace("\u202f", "").replace("\u00a0", " ")


def test_a_zone_that_its_needs_fill_is_one_half_day_from_another_post(toy: Study) -> None:
    needs = dict.fromkeys("ABCDEFGHI", 5) | {"C": 4}
    before = toy.with_teams(Teams(needs=needs))
    after = before.with_plan(toy.plan.move("C", "N2"))
    # A and B need 10 half-days, C to F 19
    assert [after.cost(zone=zone).posts for zone in ("N1", "N2")] == [1, 2]
    more = "Une demi-journée de besoin de plus y demande un poste de plus."
    assert post_sentences(before, after) == (f"Postes complets : Les Sources (1). {more}",)
    fuller = Teams(needs=needs | {"C": 5})
    assert post_sentences(before.with_teams(fuller), after.with_teams(fuller)) == (
        f"Postes complets : Les Sources (1) et Le Bocage (2). {more}",
    )
    assert after.with_teams(Teams(needs=needs | {"B": 6})).cost(zone="N1").posts == 2
    assert post_sentences(before, before) == ()


def test_a_zone_that_a_plan_makes_says_that_its_proposal_needs_a_post_more(study: Study) -> None:
    """Ancenis, Châteaubriant and Nort-sur-Erdre, in a plan where they were not together."""
    members = study.plan.members("NOL-1")
    apart = study.with_plan(study.plan.move(members[0], "NOL-5"))
    said = [plain(sentence) for sentence in post_sentences(apart, study)]
    assert any(
        f"{study.plan.zone('NOL-1').name} : la proposition d'équipe demande un poste de plus : 4 "
        "au lieu de 3" in sentence
        for sentence in said
    )


def test_hours_beside_the_cost_are_those_of_both_plans(
    toy: Study, toy_of: Callable[..., Plan]
) -> None:
    after = toy.with_plan(toy_of(N1="ABCD", N2="EF", S1="GHI"))
    then, now = toy.cost(), after.cost()
    text = plain(beside_sentence(toy, after))
    for name, hours in (
        ("heures sans technicien par an", (then.unattended_hours, now.unattended_hours)),
        ("heures d'effectif réduit par an", (then.reduced_hours, now.reduced_hours)),
        ("heures déplacées par an", (then.displaced_hours, now.displaced_hours)),
    ):
        first, last = map(round, hours)
        assert first != last
        gap = f"{'+' if last > first else '−'}{abs(last - first)}"
        assert f"{name} {first} → {last} h ({gap})" in text
    assert text.startswith("Hors du coût : ")
    assert text.endswith("dépendent du nombre de postes plus que de la carte.")
    assert beside_sentence(toy, toy) == ""
