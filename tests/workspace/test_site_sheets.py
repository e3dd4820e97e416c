"""What each head of lycée gets: the sheet of a lycée, with and without posts, before and after."""

import pytest

from geozones.domain.teams import Post, Teams
from geozones.export.dossier import SiteSheet
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.rows import site_sheets
from helpers.fixture_types import Draw

#: Two technicians of the zone N1: one at A all the week but Friday, one at B and C.
GRID_A = ("A",) * 8 + ("libre",) * 2
GRID_B = ("B",) * 5 + ("C",) * 5


@pytest.fixture
def staffed(toy: Study) -> Study:
    posts = (Post("p1", "N1", cells=GRID_A), Post("p2", "N1", cells=GRID_B))
    return toy.with_teams(Teams().with_posts(["N1"], posts))


def sheet_of(study: Study, lycee: str, before: Study | None = None) -> SiteSheet:
    (sheet,) = site_sheets(study, before, [lycee])
    return sheet


def fact(sheet: SiteSheet, label: str) -> tuple[str, str]:
    (found,) = (fact for fact in sheet.facts if fact.label == label)
    return found.value, found.before


def test_without_posts_it_tells_what_is_known_and_leaves_out_the_days(toy: Study) -> None:
    sheet = sheet_of(toy, "A")
    assert fact(sheet, "Zone de continuité") == (toy.plan.zone("N1").name, "")
    assert sheet.presence == ""
    assert sheet.cover == ()
    assert "Les jours de présence ne sont pas encore définis." in sheet.doubts
    assert sheet.worse == ()


def test_with_posts_it_tells_the_days_and_who_comes_in_how_long(staffed: Study) -> None:
    at_a = sheet_of(staffed, "A")
    assert at_a.presence == "Lundi, mardi, mercredi, jeudi\u00a0: 8\u00a0demi-journées par semaine."
    # the colleague of B and C is alone there each half-day: nobody can leave to come
    assert any("T.I.P. 2" in line and "qui quitte alors Becquerel" in line for line in at_a.cover)
    at_c = sheet_of(staffed, "C")
    assert at_c.presence.startswith("Mercredi après-midi, jeudi, vendredi")
    minutes = round(staffed.times.one_way["A"]["C"])
    assert (
        f"T.I.P. 1 – zone {staffed.plan.zone('N1').name}, en {minutes}\u00a0min au plus\u00a0: "
        "vendredi."
    ) in at_c.cover
    assert any("qui quitte alors" in line and "jeudi" in line for line in at_c.cover)


def test_a_lycee_that_moves_is_told_before_and_after_what_is_worse_first(
    toy: Study, toy_of: Draw
) -> None:
    after = toy.with_plan(toy_of(N1="BCD", N2="AEF", S1="GHI"))
    before = toy.with_plan(toy_of(N1="ABCD", N2="EF", S1="GHI"))
    sheet = sheet_of(after, "A", before)
    assert fact(sheet, "Zone de continuité") == (toy.plan.zone("N2").name, toy.plan.zone("N1").name)
    (line, *_) = sheet.worse
    was, now = (study.releve("A") for study in (before, after))
    assert f"{round(now[1])}\u00a0min au lieu de {round(was[1])}\u00a0min" in line


def test_what_a_change_does_not_touch_is_not_worse_and_fewer_days_are(
    toy: Study, toy_of: Draw, staffed: Study
) -> None:
    after = toy.with_plan(toy_of(N1="BCD", N2="AEF", S1="GHI"))
    before = toy.with_plan(toy_of(N1="ABCD", N2="EF", S1="GHI"))
    sheet = sheet_of(after, "G", before)
    assert sheet.worse == ()
    assert not any(each.changes for each in sheet.facts)
    posts = (Post("p1", "N1", cells=("A",) * 4 + ("libre",) * 6), Post("p2", "N1", cells=GRID_B))
    fewer = staffed.with_teams(Teams().with_posts(["N1"], posts))
    (line,) = sheet_of(fewer, "A", staffed).worse
    assert line.startswith("4\u00a0demi-journées de présence par semaine au lieu de 8")


def test_a_lycee_alone_in_its_zone_says_so(toy: Study, toy_of: Draw) -> None:
    alone = toy.with_plan(toy_of(N1="A", N2="BCDEF", S1="GHI"))
    sheet = sheet_of(alone, "A", toy)
    assert sheet.cover == ("Aucun collègue dans la zone\u00a0: le lycée y est seul.",)
    assert sheet.worse[0].startswith("Plus aucun collègue dans la zone")


def test_a_lycee_that_has_no_rns_any_more_reads_it_as_worse(study: Study) -> None:
    moved = study.with_plan(study.plan.move("0720012X", "SAR-4"))
    had = study.plan.sector("mayenne").rns
    assert f"Plus de RNS nommé\u202f; c’était {had}." in sheet_of(moved, "0720012X", study).worse
