"""What someone who decides reads first of a proposal."""

from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.briefing import briefing_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_work


def test_without_a_change_it_says_so_and_that_no_reason_was_written(study: Study) -> None:
    said = briefing_of(dossier(of_baseline(study.analysis), ExportView()))
    assert "ni position, ni poste ne change" in said.message[0]
    assert "pas été écrite" in said.why[0]
    assert said.points.lines == said.without_rns == ()


def test_a_reason_for_many_moves_is_told_without_their_list(
    study: Study, service: Scenarios
) -> None:
    moved = dict.fromkeys(study.plan.members("MAY-2"), "SAR-4")
    work = service.record(service.new(), "move", {"moves": moved}, "moins de route")
    said = briefing_of(dossier(of_work(study.analysis, work), ExportView("before-after")))
    assert said.why == ("Moins de route.",)
