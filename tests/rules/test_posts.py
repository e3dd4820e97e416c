"""What the document asks of posts, and the exceptions that people give with their reason."""

from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.domain.events import State, read_change
from geozones.domain.teams import FREE, ExceptionCause, Post, PostException, Teams
from geozones.rules import RuleOrigin, Severity, Violation
from geozones.workspace.figures.study import Study
from helpers.events import apply


def post(key: str, zone: str, cells: str) -> Post:
    """A post; a letter a half-day is a lycée, ``-`` a free one."""
    week = [FREE if cell == "-" else cell for cell in cells.ljust(10, "-")]
    return Post(key, zone, cells=tuple(week))


def told(study: Study, rule: str) -> list[Violation]:
    return [breach for breach in study.check() if breach.rule == rule]


@pytest.fixture
def staffed(toy: Study) -> Study:
    """N1 has posts shared by all its lycées, and one that is in C only."""
    posts = (post("t1", "N1", "AABB"), post("t2", "N1", "CCCC"), post("t3", "N1", "ABC"))
    return toy.with_teams(Teams(posts=posts))


def test_without_posts_no_rule_speaks_of_them_nor_of_one_that_is_nowhere_or_shared(
    toy: Study, staffed: Study
) -> None:
    assert not told(toy, "shared_posts") + told(toy, "dedicated_posts")
    (breach,) = told(staffed, "shared_posts")
    assert breach.message.startswith("T.I.P. 2 – zone Les Sources n'a qu'un lycée, Curie (Clisson)")
    assert (breach.zone, breach.post, breach.origin) == ("N1", "t2", RuleOrigin.DOCUMENT)
    assert breach.severity is Severity.WARNING
    study = toy.with_teams(Teams(posts=(post("t1", "N1", ""),)))
    assert not told(study, "shared_posts")


def test_a_lycee_that_one_post_knows_is_told_until_another_does_or_its_post_is_an_exception(
    toy: Study,
) -> None:
    teams = Teams(posts=(post("t1", "N1", "AABB"), post("t2", "N1", "BBCC")))
    breaches = told(toy.with_teams(teams), "shared_posts")
    assert [breach.lycees for breach in breaches] == [("A",), ("C",)]
    assert "n'est connu que d'un T.I.P., T.I.P. 1 – zone Les Sources" in breaches[0].message
    assert {breach.severity for breach in breaches} == {Severity.WARNING}
    known = replace(teams, exceptions={"t1": PostException(ExceptionCause.SIZE, "1 poste")})
    one, other = told(toy.with_teams(known), "shared_posts")
    assert (one.severity, other.severity) == (Severity.INFO, Severity.WARNING)
    assert one.message.endswith("Exception retenue : taille de l'établissement, 1 poste.")
    alone = toy.with_teams(Teams(posts=(post("t1", "N1", "AABBCC"),)))
    assert len({breach.key for breach in told(alone, "shared_posts")}) == 3
    both = teams.with_posts(["N1"], [*teams.posts, post("t3", "N1", "AC")])
    assert not told(toy.with_teams(both), "shared_posts")


def test_a_post_out_of_its_zone_is_told_with_its_half_days(staffed: Study) -> None:
    assert not told(staffed, "dedicated_posts")
    moved = staffed.with_plan(staffed.plan.move("B", "N2"))
    breach, _ = told(moved, "dedicated_posts")
    assert "2\u00a0demi-journées hors de sa zone : Becquerel (Brissac)" in breach.message
    assert (breach.post, breach.measure) == ("t1", 2)
    assert breach in staffed.may_move_all({"B": "N2"}).introduced


def test_an_exception_makes_it_information_with_its_reason_and_undoing_it_an_alert(
    staffed: Study,
) -> None:
    given = {"post": "t2", "cause": "taille", "note": "1 200 élèves"}
    state = apply(staffed.state, "post_exception", given)
    (breach,) = told(replace(staffed, state=state), "shared_posts")
    assert breach.severity is Severity.INFO
    assert breach.message.endswith("Exception retenue : taille de l'établissement, 1 200 élèves.")
    taken = apply(state, "post_exception", {"post": "t2", "cause": None})
    assert taken.teams == staffed.teams


def test_an_exception_goes_with_its_post_and_with_its_lycees(staffed: Study) -> None:
    state = apply(staffed.state, "post_exception", {"post": "t2", "cause": "eloignement"})

    def left(*posts: Post) -> bool:
        return "t2" in state.teams.with_posts(["N1"], posts).exceptions

    assert left(post("t2", "N1", "CC"))
    assert not left(post("t2", "N1", "AA"))
    assert not left(post("t1", "N1", "AABB"))
    assert not apply(state, "drop_posts", {"posts": ["t2"]}).teams.exceptions


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"post": "t2", "cause": "fatigue"}, "taille, eloignement ou autre"),
        ({"post": "t2", "cause": "autre", "note": "x" * 201}, "200 caractères"),
        ({"post": "t9", "cause": "autre"}, "t9"),
        ({"post": "t2"}, "ne peut pas être lu"),
        ({"post": 2, "cause": "autre"}, "ne peut pas être lu"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    staffed: Study, data: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_change("post_exception", data).apply(State(staffed.plan, teams=staffed.teams))
