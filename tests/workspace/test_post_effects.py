"""What is told beside the effect of a plan: posts without room."""

from geozones.domain.teams import Teams
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import post_sentences


def plain(text: str) -> str:
    return text.replace("\u202f", "").replace("\u00a0", " ")


def test_a_zone_that_its_needs_fill_is_one_half_day_from_another_post(toy: Study) -> None:
    needs = dict.fromkeys("ABCDEFGHI", 5) | {"C": 4}
    before = toy.with_teams(Teams(needs=needs))
    after = before.with_plan(toy.plan.move("C", "N2"))
    # A and B need 10 half-days, C to F 19
    assert [after.cost(zone_id=zone).posts for zone in ("N1", "N2")] == [1, 2]
    more = "Une demi-journée de besoin de plus y demande un poste de plus."
    assert post_sentences(before, after) == (f"Postes complets : Les Sources (1). {more}",)
    fuller = Teams(needs=needs | {"C": 5})
    assert post_sentences(before.with_teams(fuller), after.with_teams(fuller)) == (
        f"Postes complets : Les Sources (1) et Le Bocage (2). {more}",
    )
    assert after.with_teams(Teams(needs=needs | {"B": 6})).cost(zone_id="N1").posts == 2
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
