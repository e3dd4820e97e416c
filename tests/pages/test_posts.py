"""The week of a post, changed in its grid on the page « Équipes »."""

import html
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import DAYS, FREE, HALVES, SLOTS, Post
from geozones.ui.equipes.week import consequences, week_by_lycee, week_by_post
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.teams.staff import Staff
from helpers.page_texts import opened


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
