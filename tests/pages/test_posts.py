"""The page « Équipes »: weeks of posts, absences, needs typed in a table."""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import DAYS, FREE, HALVES, SLOTS, Post
from geozones.ui.equipes.week import consequences, week_by_lycee, week_by_post
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.teams import Staff
from helpers.page_texts import opened, read


def gestures(told: list[dict[str, object]]) -> None:
    """Take gestures on the grid, before the page is drawn again."""
    from geozones.ui.equipes.week import change_week  # noqa: PLC0415
    from geozones.ui.widgets.scenario_bar import notice_box  # noqa: PLC0415 - AppTest runs it alone

    for gesture in told:
        change_week(gesture)
    notice_box()


def after(service: Scenarios, post: Post, *told: dict[str, object]) -> tuple[Work, Post, str]:
    """What gestures on a post leave: its scenario, the post, what is said."""
    made = {"zones": [post.zone], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    app = AppTest.from_function(gestures, args=([{"post": post.id, **one} for one in told],))
    app.query_params["scenario"] = work.scenario.id
    app.run(timeout=60)
    assert not app.exception
    kept = service.open(work.scenario.id)
    return kept, kept.state.teams.post(post.id), " ".join(str(e.value) for e in app.get("html"))


def test_two_cells_changed_before_the_page_is_drawn_again_are_both_kept(
    service: Scenarios, study: Study
) -> None:
    zone = study.plan.zones[0]
    lycee = study.plan.members(zone.id)[0]
    post = Post("tip-1", zone.id, cells=(FREE,) * SLOTS)
    one, other = ({"event": "cell", "slot": slot, "value": lycee} for slot in (0, 3))
    work, kept, said = after(service, post, one, other, one)  # the browser may tell a change twice
    assert [slot for slot, cell in enumerate(kept.cells) if cell == lycee] == [0, 3]
    assert len(work.timeline.path) == 3
    assert f"mardi après-midi : {study.territory.lycees[lycee].name}." in html.unescape(said)
    undone = service.step(work, "undo").state.teams.post("tip-1")
    assert [slot for slot, cell in enumerate(undone.cells) if cell == lycee] == [0]


@pytest.mark.parametrize(
    ("gesture", "why"),
    [
        ({"slot": 5, "value": FREE}, "pas 6"),
        ({"slot": 0, "value": ""}, "déverrouillez-le"),
        ({"slot": 1, "value": "<b>"}, "<b>"),
        ({"slot": None, "value": ""}, "de 0 à 9"),
        ({"slot": 1, "value": "", "post": "tip-2"}, "tip-2"),
    ],
)
def test_a_gesture_that_cannot_be_is_refused_in_a_sentence(
    gesture: dict[str, object], why: str, service: Scenarios, study: Study
) -> None:
    cells = (FREE,) * 5 + (None,) * 5
    post = Post("tip-1", study.plan.zones[0].id, 50, cells, locked=frozenset({0}))
    work, kept, said = after(service, post, {"event": "cell", **gesture})
    assert (kept, len(work.timeline.path)) == (post, 1)
    assert why in html.unescape(said).replace("\N{NO-BREAK SPACE}", " ")


def test_a_half_day_is_locked_and_unlocked(service: Scenarios, study: Study) -> None:
    post = Post("tip-1", study.plan.zones[0].id, cells=(FREE,) * SLOTS)
    lock = {"event": "lock", "slot": 2, "held": True}
    assert after(service, post, lock)[1].locked == {2}
    assert after(service, post, lock, {**lock, "held": False})[1].locked == frozenset()


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ((), (), ""),
        (("a.",), (), "Besoins couverts, règles respectées."),
        (("a.", "b."), ("b.",), "1 point réglé."),
        (("a.",), ("a.", "b.", "c."), "À voir : b (et 1 autre point)."),
        (("a.",), ("b.",), "À voir : b."),
        (("a.",), ("a.",), ""),
    ],
)
def test_what_a_change_breaks_is_said_first(
    before: tuple[str, ...], now: tuple[str, ...], said: str
) -> None:
    assert consequences(before, now).replace("\N{NO-BREAK SPACE}", " ") == said


def test_an_exception_is_kept_with_its_reason_shown_and_undone(
    service: Scenarios, study: Study
) -> None:
    zone = study.plan.zones[0]
    lycee = study.plan.members(zone.id)[0]
    post = Post("tip-1", zone.id, cells=(lycee,) * SLOTS, residence=lycee)
    made = {"zones": [zone.id], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    app = opened("equipes", scenario=work.scenario.id)
    app.selectbox(key="TeamView.sector").select(zone.sector).run()
    app.selectbox(key="TeamView.zone").select(zone.id).run()
    told = " ".join(str(element.value) for element in app.get("html"))
    assert "n&#39;a qu&#39;un lycée" in told or "n'a qu'un lycée" in told
    assert "Exception retenue" not in told
    app.selectbox(key="equipes.exception.tip-1.cause").select("taille").run()
    app.text_input(key="equipes.exception.tip-1.raison").set_value("1 200 élèves").run()
    assert not app.exception
    kept = service.open(work.scenario.id)
    assert kept.state.teams.exceptions["tip-1"].text == "taille de l'établissement, 1 200 élèves"
    assert service.step(service.step(kept, "undo"), "undo").state.teams.exceptions == {}


def test_each_half_day_of_a_week_has_the_headers_of_its_day_and_of_its_half(study: Study) -> None:
    zone = study.plan.zones[0]
    lycee = study.plan.members(zone.id)[0]
    post = Post("tip-1", zone.id, cells=(lycee,) * SLOTS, residence=lycee)
    staff = Staff(study.with_teams(replace(study.teams, posts=(post,))))
    for before, week in ((2, week_by_lycee(staff, zone.id)), (1, week_by_post(staff, zone.id))):
        table = ET.fromstring(str(week)).find("table")  # noqa: S314 - our own
        assert "matin et après-midi" in table.find("caption").text
        days, halves = table.findall("thead/tr")
        assert [(head.get("scope"), head.get("rowspan")) for head in days[:before]] == [
            ("col", "2")
        ] * before
        assert [(head.text, head.get("scope")) for head in days[before:]] == [
            (day, "colgroup") for day in DAYS
        ]
        assert [(head.text, head.get("scope")) for head in halves] == [
            (half, "col") for _ in DAYS for half in HALVES
        ]
        # what a group of columns is, is told by the columns: a day has its two halves
        assert [int(group.get("span")) for group in table.findall("colgroup")] == [before, *[2] * 5]
        assert all(row[0].get("scope") == "row" for row in table.findall("tbody/tr"))


@pytest.fixture
def equipes(service: Scenarios, study: Study) -> AppTest:
    """The page, in the first zone, which has one post: no colleague can come."""
    zone = next(zone for zone in study.plan.zones if study.plan.members(zone.id))
    post = Post("tip-1", zone.id, cells=(study.plan.members(zone.id)[0],) * SLOTS)
    made = {"zones": [zone.id], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    return opened("equipes", scenario=work.saved.id)


def test_half_days_without_anybody_are_never_told_in_green_and_each_absence_what_it_leaves(
    equipes: AppTest,
) -> None:
    equipes.segmented_control(key="TeamView.part").set_value("absence").run()
    for last in (date(2026, 1, 5), date(2026, 1, 9)):
        for rank, day in enumerate((date(2026, 1, 5), last)):
            equipes.date_input[rank].set_value(day).run()
        page = read(equipes)
        assert 'class="gz-notice gz-warning"><strong>T.I.P. 1' in page
        assert 'class="gz-notice gz-ok"' not in page
    left = page.partition("Ce que laisse chaque absence")[2]
    assert "10\N{NO-BREAK SPACE}demi-journées par semaine sans technicien" in left
    assert 'class="gz-notice gz-warning"' in left
    equipes.date_input[1].set_value(date(2026, 1, 2)).run()
    assert "inversez les deux dates" in read(equipes)


def test_a_tis_replaces_nobody_and_those_of_a_sector_are_a_line_of_its_week(
    equipes: AppTest,
) -> None:
    zones = next(box for box in equipes.selectbox if box.label == "Zone de continuité")
    zones.select("Toutes les zones").run()
    assert "2\N{NO-BREAK SPACE}T.I.S. depuis Chevrollier (Angers), " in read(equipes)
    equipes.segmented_control(key="TeamView.part").set_value("absence").run()
    assert "le document ne prévoit pas qu'un T.I.S. remplace un absent" in read(equipes)
    assert "par un T.I.S." not in read(equipes)
    assert "un T.I.S. du secteur" not in read(equipes)


LAVAL, PARE = "0530011Z", "0530010Y"


def typing(told: list[dict[str, object]], zone: str) -> None:
    """Take what was typed in the table, then draw the table of the zone and the message."""
    from geozones.ui import current_scenario, state  # noqa: PLC0415 - AppTest runs it alone
    from geozones.ui.equipes.needs import change_needs, needs_markup  # noqa: PLC0415
    from geozones.ui.state.page_views import TeamView  # noqa: PLC0415
    from geozones.ui.widgets import html as page  # noqa: PLC0415
    from geozones.ui.widgets.scenario_bar import notice_box  # noqa: PLC0415
    from geozones.workspace.teams import Staff  # noqa: PLC0415

    for numbers in told:
        change_needs({"event": "numbers", "numbers": numbers})
    state.update(TeamView, zone=zone, sector="mayenne")
    notice_box()
    page.show(needs_markup(Staff(current_scenario.study())))


def typed(service: Scenarios, study: Study, *told: Mapping[str, object]) -> tuple[Work, str]:
    """The scenario and the page that typed needs leave; Laval was given 3 half-days before."""
    work = service.record(service.new(), "set_needs", {"needs": {LAVAL: 3}})
    zone = study.plan.zone_of(LAVAL).id
    app = AppTest.from_function(typing, args=([dict(numbers) for numbers in told], zone))
    app.query_params["scenario"] = work.scenario.id
    app.run(timeout=60)
    assert not app.exception
    said = html.unescape(" ".join(str(element.value) for element in app.get("html")))
    return service.open(work.scenario.id), said.replace("\N{NO-BREAK SPACE}", " ")


def test_needs_typed_together_are_one_step_to_undo(service: Scenarios, study: Study) -> None:
    work, said = typed(service, study, {LAVAL: "7", PARE: " 12 "})
    assert (work.state.teams.needs[LAVAL], work.state.teams.needs[PARE]) == (7, 12)
    assert len(work.timeline.path) == 2
    assert "2 besoins enregistrés." in said
    assert service.step(work, "undo").state.teams.needs == {LAVAL: 3}


def test_an_emptied_cell_goes_back_to_the_rule(service: Scenarios, study: Study) -> None:
    work, said = typed(service, study, {LAVAL: "", PARE: ""})
    assert work.state.teams.needs == {}
    assert "1 besoin enregistré." in said  # the other was at the rule already


def test_what_is_no_need_is_refused_in_its_row_and_the_others_kept(
    service: Scenarios, study: Study
) -> None:
    work, said = typed(service, study, {LAVAL: "beaucoup", PARE: "41"}, {PARE: "5"})
    assert work.state.teams.needs == {LAVAL: 3, PARE: 5}
    row = next(row for row in said.split("<tr>") if f'data-lycee="{LAVAL}"' in row)
    assert 'aria-invalid="true"' in row
    assert 'value="beaucoup"' in row
    assert "nombre entier de demi-journées par semaine, de 0 à 40, pas « beaucoup »." in row
    assert said.count('role="alert"') == 2  # in the row, and above the page
    assert "1 besoin enregistré. 1 case à corriger dans le tableau." in said


def test_typing_what_is_there_changes_nothing(service: Scenarios, study: Study) -> None:
    rule = study.teams.need(study.territory.lycees[PARE]).half_days
    work, said = typed(service, study, {LAVAL: "3", PARE: str(rule), "nulle-part": "4"})
    assert len(work.timeline.path) == 1
    assert "enregistré" not in said
