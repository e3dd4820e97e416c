"""Needs typed in the table of the page « Équipes »: one step, bad cells refused in their row."""

import html
from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

LAVAL, PARE = "0530011Z", "0530010Y"


def typing(told: list[dict[str, object]], zone: str) -> None:
    """Take what was typed in the table, then draw the table of the zone and the message."""
    from geozones.ui import current_scenario, state  # noqa: PLC0415 - AppTest runs it alone
    from geozones.ui.equipes.needs import change_needs, needs_markup  # noqa: PLC0415
    from geozones.ui.state.page_views import TeamView  # noqa: PLC0415
    from geozones.ui.widgets import html as page  # noqa: PLC0415
    from geozones.ui.widgets.scenario_bar import notice_box  # noqa: PLC0415
    from geozones.workspace.teams.staff import Staff  # noqa: PLC0415

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
    assert work.scenario is not None
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
