"""Each rule breached and respected, on the toy region; sentences as the planner reads them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from geozones.domain import Plan, Provenance
from geozones.domain.times import ON_ESTIMATES
from geozones.rules import REGISTRY, RuleContext, RuleOrigin, Severity, Violation
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.plan_comparison import plan_judgement
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import fragile
from helpers.fixture_types import Draw
from helpers.studies import study_over

NBSP = "\u00a0"


@pytest.fixture
def breaches(toy: Study) -> Callable[[Plan, str], list[Violation]]:
    """The breaches of one rule in a plan."""

    def of_rule(plan: Plan, rule: str) -> list[Violation]:
        assert rule in {record.key for record in REGISTRY}
        return [breach for breach in toy.analysis.check(plan) if breach.rule == rule]

    return of_rule


def test_the_toy_plan_respects_every_rule_each_of_which_has_its_own_key(toy: Study) -> None:
    assert toy.check() == ()
    keys = [rule.key for rule in REGISTRY]
    assert len(set(keys)) == len(keys)


def test_a_zone_of_two_is_told_with_its_number(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (breach,) = breaches(toy_of(N1="AB", N2="CDEF", S1="GHI"), "zone_size")
    assert breach.message == (
        f"La zone Les Sources compte 2{NBSP}lycées : trop peu pour assurer la relève "
        "(moyenne demandée : 3 à 5)."
    )
    assert (breach.zone, breach.lycees, breach.severity) == ("N1", ("A", "B"), Severity.WARNING)


def test_a_zone_of_six_is_information_one_of_one_or_two_a_warning_others_are_not_told(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (breach,) = breaches(toy_of(N1="ABCDEF", S1="GHI"), "zone_size")
    assert f"Les Sources compte 6{NBSP}lycées" in breach.message
    assert (breach.severity, breach.is_alert) == (Severity.INFO, False)
    (one,) = breaches(toy_of(N1="ABCDE", N2="F", S1="GHI"), "zone_size")
    assert (one.zone, one.is_alert) == ("N2", True)
    assert breaches(toy_of(N1="ABCD", N2="EFGHI"), "zone_size") == []


@pytest.mark.parametrize(
    ("zones", "mean"),
    [
        ({"N1": "AB", "N2": "CDE", "S1": "FGHI"}, "2,5"),
        ({"N1": "ABC", "N2": "DEF", "S1": "GHI"}, ""),
        ({"N1": "ABCDE", "S1": "FGHI"}, ""),
        ({"N1": "ABCDEF", "S1": "GHI"}, "6"),
    ],
)
def test_a_sector_is_judged_by_the_average_of_its_zones(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw, zones: dict[str, str], mean: str
) -> None:
    """Sector « Nord » has the zones N1 and N2; a zone without lycées does not count."""
    found = breaches(toy_of(**zones), "sector_average")
    assert bool(found) == bool(mean)
    for breach in found:
        assert f", {mean} en moyenne" in breach.message
        assert (breach.zone, breach.sector, breach.origin) == (None, "nord", RuleOrigin.DOCUMENT)


def test_a_zone_of_six_in_a_sector_of_three_to_five_is_no_alert(study: Study) -> None:
    """The Région published one: its document asks for an average."""
    sizes = {len(study.plan.members(zone.id)) for zone in study.plan.zones}
    assert max(sizes) == 6
    assert not {"zone_size", "sector_average"} & {breach.rule for breach in study.alerts()}


def test_a_rule_says_who_asks_for_it_and_those_of_the_tool_can_be_left_out(
    toy: Study, toy_of: Draw
) -> None:
    plan = toy_of(N1="AB", N2="DEF", S1="CGHI")

    def origins(analysis: Analysis) -> dict[str, RuleOrigin]:
        return {breach.rule: breach.origin for breach in analysis.check(plan)}

    document = dict.fromkeys(("sector_average", "zone_size", "sector_change"), RuleOrigin.DOCUMENT)
    assert origins(toy.analysis) == document | dict.fromkeys(
        ("zone_minutes", "zone_in_one_piece"), RuleOrigin.TOOL
    )
    assert origins(toy.analysis.without_tool_rules()) == document
    mine = toy.analysis.with_max_minutes(40)
    assert origins(mine)["zone_minutes"] is RuleOrigin.YOURS
    assert origins(mine.without_tool_rules()) == document | {"zone_minutes": RuleOrigin.YOURS}


def test_leaving_a_draft_breaks_a_rule_of_the_tool_and_a_published_sector_one_of_the_document(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (draft,) = breaches(toy_of(N1="ABC", N2="DEFG", S1="HI"), "sector_change")
    (published,) = breaches(toy_of(N1="ABC", N2="DE", S1="FGHI"), "sector_change")
    assert (draft.origin, published.origin) == (RuleOrigin.TOOL, RuleOrigin.DOCUMENT)


def test_what_forbids_is_never_left_out(toy: Study, toy_of: Draw) -> None:
    plan = toy_of(N1="BC", N2="DEF", S1="AGHI")
    assert toy.analysis.without_tool_rules().forbidden(plan) == toy.analysis.forbidden(plan) != ()


def test_a_drive_over_the_threshold_or_without_a_way_is_told_and_one_of_exactly_it_allowed(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw, toy: Study, cut_toy: Study
) -> None:
    (breach,) = breaches(toy_of(N1="AB", N2="DEF", S1="CGHI"), "zone_minutes")
    assert breach.message == (
        "Dans la zone La Côte, Curie (Clisson) et Galilée (Guérande) sont à "
        f"50{NBSP}min l'un de l'autre (seuil : 45{NBSP}min), à confirmer."
    )
    assert breach.lycees == ("C", "G")
    plan = toy_of(N1="AB", N2="DEF", S1="CGHI")
    breached = toy.analysis.with_max_minutes(50).check(plan)
    assert not [breach for breach in breached if breach.rule == "zone_minutes"]
    breached = toy.analysis.with_max_minutes(49.9).check(plan)
    assert [breach.zone for breach in breached if breach.rule == "zone_minutes"] == ["S1"]
    (breach,) = cut_toy.analysis.with_max_minutes(180).check(cut_toy.plan)
    assert breach.rule == "zone_minutes"
    assert "Ampère (Aubigny) et Curie (Clisson)" in breach.message
    assert "sans accès" in breach.message


def test_a_zone_in_two_pieces_is_told_where_it_is_cut(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (breach,) = breaches(toy_of(N1="AB", N2="DEF", S1="CGHI"), "zone_in_one_piece")
    assert breach.message == (
        "La zone La Côte n'est pas d'un seul tenant : Curie (Clisson) est séparé de "
        "Galilée (Guérande), Hugo (Herbignac) et Ionesco (Ingrandes)."
    )
    assert breach.lycees == ("C",)


def test_cells_that_touch_at_a_corner_are_two_pieces_and_along_a_border_one(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    corner = breaches(toy_of(N1="AE", N2="BCDF", S1="GHI"), "zone_in_one_piece")
    assert {breach.zone for breach in corner} == {"N1", "N2"}
    assert breaches(toy_of(N1="ABE", N2="CFI", S1="DGH"), "zone_in_one_piece") == []


def test_several_lycees_cut_off_are_told_in_the_plural(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (breach,) = breaches(toy_of(N1="ABCGH", N2="DEF", S1="I"), "zone_in_one_piece")
    assert "Galilée (Guérande) et Hugo (Herbignac) sont séparés d'Ampère" in breach.message


def test_a_lycee_that_changes_sector_is_told_with_its_new_rns(
    breaches: Callable[[Plan, str], list[Violation]],
    toy_of: Draw,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (north,) = breaches(toy_of(N1="ABC", N2="DEFG", S1="HI"), "sector_change")
    assert north.message == (
        "Galilée (Guérande) change de secteur : du secteur Sud au secteur Nord, RNS Ada Lovelace."
    )
    assert north.severity is Severity.INFO
    (south,) = breaches(toy_of(N1="ABC", N2="DE", S1="FGHI"), "sector_change")
    assert south.message.endswith("du secteur Nord au secteur Sud (RNS non publié).")
    monkeypatch.setattr("geozones.domain.terms._organised", False)
    (elsewhere,) = breaches(toy_of(N1="ABC", N2="DE", S1="FGHI"), "sector_change")
    assert elsewhere.message.endswith("du secteur Nord au secteur Sud.")
    assert breaches(toy_of(N1="AB", N2="CDEF", S1="GHI"), "sector_change") == []


def test_a_support_centre_out_of_its_sector_is_forbidden(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (breach,) = breaches(toy_of(N1="BC", N2="DEF", S1="AGHI"), "support_centre")
    assert breach.message == (
        "Ampère (Aubigny) est le centre support du secteur Nord : il doit rester dans ce secteur."
    )
    assert breach.severity is Severity.FORBIDDEN
    assert breaches(toy_of(N1="BC", N2="ADEF", S1="GHI"), "support_centre") == []


def test_an_emptied_zone_is_said(
    breaches: Callable[[Plan, str], list[Violation]], toy_of: Draw
) -> None:
    (breach,) = breaches(toy_of(N1="ABC", N2="DEFGHI"), "zone_empty")
    assert breach.message == "La zone La Côte n'a plus aucun lycée."
    assert not breach.is_alert
    assert breaches(toy_of(N1="ABC", N2="DEFGH", S1="I"), "zone_empty") == []


@pytest.mark.parametrize(
    ("name", "commune", "called"),
    [
        ("Livet", "Nantes", "Livet (Nantes)"),
        ("Raphaël Élizé (Sablé)", "Sablé-sur-Sarthe", "Raphaël Élizé (Sablé)"),
        ("LEGTA Laval", "Laval", "LEGTA Laval"),
        ("Nelson Mandela", "Nantes", "Nelson Mandela (Nantes)"),
    ],
)
def test_a_lycee_is_called_with_its_town_once(
    toy: Study, name: str, commune: str, called: str
) -> None:
    lycees = {"A": replace(toy.territory.lycees["A"], name=name, commune=commune)}
    context = RuleContext(lycees, toy.times, {}, toy.plan, toy.settings)
    assert context.name("A") == called


def test_no_lycee_of_the_region_has_its_town_twice(study: Study) -> None:
    names = [study.name(lycee) for lycee in study.territory.lycees]
    assert not [name for name in names if ") (" in name]
    assert study.name("0720048L") == "Raphaël Élizé (Sablé)"


#: Below the longest drives of the toy region, in minutes.
SHORT = 10.0


def guessed(study: Study) -> Study:
    """Return a study of the same minutes, all made by the estimate."""
    maker = Provenance("estimate", "2026-01-01")
    times = replace(study.times, provenance=maker, others=(), maker=None)
    return study_over(study.atlas.data, times, study.territory.cells)


def long_drives(study: Study) -> int:
    breaches = study.analysis.with_max_minutes(SHORT).check(study.plan)
    return sum(breach.rule == "zone_minutes" for breach in breaches)


def test_no_drive_is_too_long_nor_relief_slow_where_all_are_estimates(toy: Study) -> None:
    teams = replace(toy.settings.teams, near_minutes=SHORT)
    for study, judged in ((toy, True), (guessed(toy), False)):
        strict = study_over(
            study.atlas.data,
            study.times,
            study.territory.cells,
            replace(study.settings, teams=teams),
        )
        assert (long_drives(study) > 0) == judged
        assert any(fragile(strict, strict.plan.zones)) == judged
        within = study.area(zone_id="N1")["within_share"]
        assert (within is not None) == judged


def test_a_verdict_says_that_it_stands_on_estimates(toy: Study) -> None:
    for study, told in ((toy, False), (guessed(toy), True)):
        judgement = plan_judgement(study.analysis, -100.0, -100.0, 2)
        assert (ON_ESTIMATES in judgement.text) == told
