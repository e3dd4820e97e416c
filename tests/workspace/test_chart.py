"""The chart of a sector: its RNS, its T.I.S., its zones, and the posts where there are some."""

from dataclasses import replace

from geozones.domain.teams import FREE, Post, Teams
from geozones.export.organisation import sector_html
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import sector_chart


def test_a_published_sector_is_told_from_its_rns_down_to_its_lycees(study: Study) -> None:
    chart = sector_chart(study, "mayenne")
    assert (chart.rns, chart.technicians) == ("Lucien Druault", 2)
    assert chart.support is not None
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
