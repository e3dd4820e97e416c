"""The week of a post, changed cell by cell on the page « Équipes »."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from geozones.domain.post_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Post
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study

APP = Path(__file__).parents[2] / "app.py"


def test_two_cells_changed_before_the_page_is_drawn_again_are_both_kept(
    service: Scenarios, study: Study
) -> None:
    zone = next(zone for zone in study.plan.zones if study.plan.members(zone.id))
    post = Post("tip-1", zone.id, cells=(FREE,) * SLOTS)
    made = {"zones": [zone.id], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    lycee = study.plan.members(zone.id)[0]
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["scenario"] = work.scenario.id
    app.run().switch_page("pages/equipes.py").run()
    app.segmented_control(key="TeamView.part").set_value("postes").run()
    app.selectbox(key="equipes.case.tip-1.0").select(lycee)
    app.selectbox(key="equipes.case.tip-1.3").select(lycee)
    app.run()
    assert not app.exception
    (kept,) = service.open(work.scenario.id).state.teams.posts
    assert [slot for slot, cell in enumerate(kept.cells) if cell == lycee] == [0, 3]
    assert len(service.open(work.scenario.id).timeline.path) == 3
    app.run()
    assert len(service.open(work.scenario.id).timeline.path) == 3


def test_an_exception_is_kept_with_its_reason_shown_and_undone(
    service: Scenarios, study: Study
) -> None:
    zone = study.plan.zones[0]
    lycee = study.plan.members(zone.id)[0]
    post = Post("tip-1", zone.id, cells=(lycee,) * SLOTS, residence=lycee)
    made = {"zones": [zone.id], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["scenario"] = work.scenario.id
    app.run().switch_page("pages/equipes.py").run()
    app.segmented_control(key="TeamView.part").set_value("postes").run()
    app.selectbox(key="TeamView.sector").select(zone.sector).run()
    app.selectbox(key="TeamView.zone").select(zone.id).run()
    told = " ".join(str(element.value) for element in app.get("html"))
    assert "n&#39;a qu&#39;un lycée" in told or "n'a qu'un lycée" in told
    assert "Exception retenue" not in told
    app.selectbox(key="equipes.exception.tip-1.cause").select("taille").run()
    app.text_input(key="equipes.exception.tip-1.raison").set_value("1 200 élèves").run()
    assert not app.exception
    kept = service.open(work.scenario.id)
    assert kept.state.teams.exceptions["tip-1"].said == "taille de l'établissement, 1 200 élèves"
    assert service.step(service.step(kept, "undo"), "undo").state.teams.exceptions == {}
