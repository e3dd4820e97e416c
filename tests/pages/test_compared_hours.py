"""Hours of several scenarios side by side, where only one of them knows less of T.I.S."""

import re

from geozones.ui.scenarios.comparison import _figures
from geozones.workspace.study import Study

RACAN = "0720012X"


def test_hours_without_tis_are_told_as_a_difference_beside_those_with_them(study: Study) -> None:
    """Sarthe has no support centre: visits of T.I.S. to Racan are no longer known there."""
    away = study.with_plan(study.plan.move(RACAN, "SAR-4"))
    inside = study.with_plan(study.plan.move(RACAN, "MEL-1"))
    text = str(_figures({"Plan": study, "Sarthe": away, "Angers": inside}))
    rows = {re.sub("<.*?>", "|", row) for row in text.split("<tr>") if "Heures de route" in row}
    (row,) = rows
    cells = [cell for cell in row.split("|") if cell]
    assert cells[0] == "Heures de route par an"
    assert cells[2].endswith("hors T.I.S.")
    assert " h (+" in cells[3].replace("\u00a0", " ")
