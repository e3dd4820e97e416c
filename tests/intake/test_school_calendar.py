"""``calendrier_scolaire.json``: what is wrong with one is one French sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import DataFileError
from geozones.domain.school_calendar import NO_CALENDAR
from geozones.intake.json_files import read_school_calendar


def document(**changes: Any) -> dict[str, Any]:
    year = {"du": "2025-09-01", "au": "2026-07-03", "vacances": [["2025-10-18", "2025-11-02"]]}
    return {"version": 1, "zone": "zone B", "annees": [year]} | changes


def year(**changes: Any) -> list[dict[str, Any]]:
    return [document()["annees"][0] | changes]


def test_a_folder_without_the_file_has_no_school_holidays(tmp_path: Path) -> None:
    assert read_school_calendar(tmp_path) == NO_CALENDAR


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"annees": year(du="2026-09-01")}, "ses dates ne se suivent pas"),
        ({"annees": year(vacances=[["2025-11-02", "2025-10-18"]])}, "ses dates ne se suivent pas"),
        ({"annees": [*year(), *year()]}, "ses dates ne se suivent pas"),
        ({"annees": [{"du": "2025-09-01"}]}, "il y manque le champ « au »"),
        ({"annees": year(au="demain")}, "est altéré"),
        ({"annees": year(vacances=[["2025-10-18"]])}, "est altéré"),
        ({"annees": None}, "est altéré"),
        ({"zone": 2}, "est altéré"),
        ({"version": 2}, "autre version"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    path = tmp_path / "calendrier_scolaire.json"
    path.write_text(json.dumps(document(**changes)), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_school_calendar(tmp_path)
    assert told in str(caught.value)
    assert "calendrier_scolaire.json" in str(caught.value)
