"""A file of needs or sizes taken into a scenario, and where pupils are told."""

from html import unescape

import pytest

from geozones.ui.widgets.panel import lycee_card
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import credits_of
from geozones.workspace.teams.staff import needs_changes, read_needs, with_needs

PARE, ROUSSEAU, BURON, LAVAL = "0530010Y", "0530011Z", "0530012A", "0530081A"


def taken(study: Study, text: str) -> Study:
    file = read_needs(study.territory, text.encode())
    assert file.rejected == ()
    return with_needs(study, needs_changes(study, file))


def needed(study: Study, *keys: str) -> list[int]:
    return [study.teams.need(study.territory.lycees[key]).half_days for key in keys]


@pytest.mark.parametrize("head", ["postes", "tickets"])
def test_workstations_or_tickets_share_out_the_same_total(study: Study, head: str) -> None:
    rows = f"UAI;{head}\n{PARE};400\n{ROUSSEAU};200\n{BURON};600\n"
    after = taken(study, rows)
    assert needed(study, PARE, ROUSSEAU, BURON) == [10, 9, 12]
    least, middle, most = needed(after, ROUSSEAU, PARE, BURON)
    assert least < middle < most
    assert least + middle + most == 10 + 9 + 12
    assert after.area()["workload"] == study.area()["workload"]
    assert after.area()["workload_balance"] is not None


def test_pupils_of_a_file_win_and_those_of_before_are_kept_elsewhere(study: Study) -> None:
    after = taken(study, f"UAI;élèves\n{LAVAL};292\n{PARE};146\n")
    assert needed(after, LAVAL, PARE, BURON) == [3 + 2, 3 + 1, 12]
    assert after.area()["pupils"] == study.area()["pupils"] + 292 + 146 - 1025  # type: ignore[operator]
    assert after.area()["lycees_without_pupils"] == 13
    card = unescape(str(lycee_card(after, LAVAL)))
    assert "292 (donné dans le scénario)" in card
    (said,) = (line for line in credits_of(after) if line.startswith("Élèves"))
    assert "donné dans le scénario pour 2\u00a0lycées" in said


def test_a_need_that_people_gave_wins_and_is_left_out_of_the_total(study: Study) -> None:
    typed = taken(study, f"UAI;besoin\n{PARE};20\n")
    after = taken(typed, f"UAI;postes\n{PARE};4000\n{ROUSSEAU};200\n{BURON};600\n")
    assert needed(after, PARE) == [20]
    assert sum(needed(after, ROUSSEAU, BURON)) == 9 + 12
    both = taken(study, f"UAI;besoin;postes\n{PARE};20;400\n{ROUSSEAU};0;1\n")
    assert needed(both, PARE, ROUSSEAU, BURON) == [20, 0, 12]
    nothing = taken(study, f"UAI;postes\n{PARE};0\n{ROUSSEAU};0\n")
    assert needed(nothing, PARE, ROUSSEAU) == [3, 3]  # a rule with nothing to go by
