"""Hours of several scenarios side by side: each difference is that of the two values shown."""

import re

from geozones.domain.timeline import Timeline
from geozones.ui.scenarios.page import Column, _figures
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

RACAN = "0720012X"
_NUMBER = re.compile(r"[−+]?[\d\u202f]+")


def _number(text: str) -> int:
    sign = -1 if text.startswith("−") else 1
    return sign * int(re.sub(r"\D", "", text))


def test_a_difference_is_that_of_the_two_values_shown(study: Study) -> None:
    """Sarthe names no support centre: nothing of the cost depends on that."""
    away = study.with_plan(study.plan.move(RACAN, "SAR-4"))
    inside = study.with_plan(study.plan.move(RACAN, "MEL-1"))
    work = Work(Timeline(study.state))
    sides = {"Sarthe": Column(work, away, study), "Angers": Column(work, inside, study)}
    text = str(_figures(sides))
    rows = [re.sub("<.*?>", "|", row) for row in text.split("<tr>")]
    checked = 0
    for name in ("Heures de route par an", "Heures sans technicien par an"):
        (row,) = (row for row in rows if name in row)
        _, before, *others = [cell for cell in row.split("|") if cell.strip()]
        for cell in others:
            shown = _NUMBER.findall(cell)
            if len(shown) > 1:
                assert _number(shown[1]) == _number(shown[0]) - _number(before), row
                checked += 1
    assert checked >= 4
