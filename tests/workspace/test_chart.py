"""The chart of a sector, and zones coloured by their slowest relève."""

from dataclasses import replace

from geozones.domain import Zone
from geozones.domain.plan import plan_of
from geozones.domain.teams import FREE, Post, Teams
from geozones.export.organisation import sector_html
from geozones.render.palette import NO_VALUE
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import Colouring, colour_by_releve
from geozones.workspace.teams import sector_chart


def test_a_published_sector_is_told_from_its_rns_down_to_its_lycees(study: Study) -> None:
    chart = sector_chart(study, "mayenne")
    assert (chart.rns, chart.technicians) == ("Lucien Druault", 2)
    assert chart.support.name == "Réaumur – Buron"
    assert [zone.id for zone in chart.zones] == ["MAY-1", "MAY-2", "MAY-3", "MAY-4"]
    lycees = [lycee.id for zone in chart.zones for lycee in zone.lycees]
    assert sorted(lycees) == sorted(study.plan.lycees_of("mayenne"))
    said = sector_html(chart)
    assert "T.I.P. 1" not in said
    assert "non renseigné" not in said
    assert "<strong>2\N{NO-BREAK SPACE}T.I.S. prévus</strong>" in said


def test_a_draft_has_neither_rns_nor_support_centre_and_it_is_said(study: Study) -> None:
    chart = sector_chart(study, "vendee")
    assert (chart.rns, chart.support) == ("", None)
    said = sector_html(chart)
    assert "non publié" in said
    assert "centre support" not in said


def test_posts_are_shown_with_their_lycees_and_those_they_leave_out(toy: Study) -> None:
    post = Post("un", "N1", cells=("A", "A", "B", FREE, None, None, None, None, None, None))
    (zone,) = (
        zone
        for zone in sector_chart(toy.with_teams(Teams(posts=(post,))), "nord").zones
        if zone.id == "N1"
    )
    ((name, lycees),) = ((entry.name, entry.lycees) for entry in zone.posts)
    assert name == "T.I.P. 1"
    half_days = [(lycee.id, lycee.detail) for lycee in lycees]
    assert half_days == [
        ("A", "2\N{NO-BREAK SPACE}demi-journées"), ("B", "1\N{NO-BREAK SPACE}demi-journée"),
    ]  # fmt: skip
    chart = sector_chart(toy.with_teams(Teams(posts=(post,))), "nord")
    said = sector_html(chart).partition("Zone 2")[0]
    _, _, left_out = said.partition("sans poste")
    assert toy.territory.lycees["C"].name in left_out
    assert toy.territory.lycees["A"].name not in left_out
    assert "T.I.P. 1" in said


def test_names_from_people_are_text_never_markup(toy: Study) -> None:
    plan = replace(
        toy.plan,
        zones=tuple(
            replace(zone, own_name="<b>gras</b>") if zone.id == "N1" else zone
            for zone in toy.plan.zones
        ),
    )
    said = sector_html(sector_chart(toy.with_plan(plan), "nord"))
    assert "<b>gras" not in said
    assert "&lt;b&gt;gras" in said


def said(colouring: Colouring, zone: str) -> str:
    """Return what the legend says of the colour of a zone."""
    (words,) = [words for colour, words in colouring.legend if colour == colouring.colours[zone]]
    return words


def test_each_zone_has_the_colour_of_the_class_of_its_slowest_releve(study: Study) -> None:
    colouring = colour_by_releve(study)
    assert colouring.title == "Relève la plus lente (min)"
    assert [words for _, words in colouring.legend] == [
        "0 à 15 min",
        "15 à 30 min",
        "30 à 45 min",
        "45 à 60 min",
        "plus de 60 min",
    ]
    for zone in study.plan.zones:
        slowest = float(study.area(zone_id=zone.id)["worst_releve_minutes"])
        low, _, high = said(colouring, zone.id).removesuffix(" min").partition(" à ")
        assert float(low) < slowest <= float(high)
    assert len(set(colouring.colours.values())) > 2


def test_a_zone_without_a_releve_is_grey_and_the_legend_says_so(toy: Study) -> None:
    plan = toy.plan
    zones = (*plan.zones, Zone("X", "Seul", "sud"), Zone("V", "Vide", "sud"))
    alone = toy.with_plan(plan_of(plan.sectors, zones, dict(plan.zone_by_lycee) | {"I": "X"}))
    colouring = colour_by_releve(alone)
    assert said(colouring, "X") == "sans relève"
    assert colouring.colours["X"] == NO_VALUE
    assert "V" not in colouring.colours
    assert NO_VALUE not in dict(colour_by_releve(toy).legend)


def test_a_zone_that_no_road_joins_is_grey(cut_toy: Study) -> None:
    plan = cut_toy.plan
    zones = (*plan.zones, Zone("X", "Coupée", "sud"))
    cut = cut_toy.with_plan(
        plan_of(plan.sectors, zones, dict(plan.zone_by_lycee) | {"A": "X", "C": "X"})
    )
    assert said(colour_by_releve(cut), "X") == "sans relève"


def test_a_move_changes_no_class_so_that_only_two_zones_change_colour(study: Study) -> None:
    before = colour_by_releve(study)
    lycee = study.plan.members("MAY-2")[0]
    after = colour_by_releve(study.with_plan(study.plan.move(lycee, "MAY-1")))
    assert before.legend == after.legend
    changed = {zone for zone in before.colours if before.colours[zone] != after.colours[zone]}
    assert changed <= {"MAY-1", "MAY-2"}
