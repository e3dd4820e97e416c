"""Hours of several scenarios side by side: each difference is that of the two values shown."""

import re

from geozones.ui.widgets.panel import changes_side_by_side
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study

RACAN = "0720012X"
_NUMBER = re.compile(r"[−+]?[\d\u202f]+")


def _number(text: str) -> int:
    sign = -1 if text.startswith("−") else 1
    return sign * int(re.sub(r"\D", "", text))


def test_a_difference_is_that_of_the_two_values_shown(study: Study) -> None:
    """Sarthe names no support centre: nothing of the cost depends on that."""
    away = study.with_plan(study.plan.move(RACAN, "SAR-4"))
    inside = study.with_plan(study.plan.move(RACAN, "MEL-1"))
    sides = {"Sarthe": plan_change(study, away), "Angers": plan_change(study, inside)}
    text = str(changes_side_by_side(sides))
    rows = [re.sub("<.*?>", "|", row) for row in text.split("<tr>")]
    checked = 0
    for name in ("Heures de route par an", "Heures sans technicien par an"):
        (row,) = (row for row in rows if name in row)
        _, *cells = row.replace("|", "").partition(name)[2].split("→")
        befores = [_NUMBER.findall(cell)[-1] for cell in row.replace("|", "").split("→")[:-1]]
        for before, cell in zip(befores, cells, strict=True):
            after, gap = _NUMBER.findall(cell)[:2]
            assert _number(gap) == _number(after) - _number(before), row
            checked += 1
    assert checked == 4
