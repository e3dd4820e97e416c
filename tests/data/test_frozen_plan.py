"""The plan that tests run on: their own, over the shipped places."""

import json
from pathlib import Path
from typing import Any

import pytest

from geozones.intake.data_folder import read_data_folder
from geozones.intake.manifest_file import find_data_folder
from helpers import frozen_plan
from helpers.frozen_plan import SHIPPED, write_frozen_data


def frozen() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(frozen_plan.FROZEN.read_text(encoding="utf-8"))
    return content


def test_tests_open_the_frozen_plan_over_the_shipped_places() -> None:
    read, shipped = read_data_folder(find_data_folder()), read_data_folder(SHIPPED)
    zones = {lycee: zone for zone, lycees in frozen()["lycees"].items() for lycee in lycees}
    assert dict(read.plan.zone_by_lycee) == zones
    names = [zone["nom"] for sector in frozen()["secteurs"] for zone in sector["zones"]]
    assert [zone.name for zone in read.plan.zones] == names
    assert read.lycees == shipped.lycees
    assert read.calendar == shipped.calendar


def test_a_lycee_without_a_frozen_zone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = frozen()
    lost = plan["lycees"]["SAR-1"].pop()
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    monkeypatch.setattr(frozen_plan, "FROZEN", tmp_path / "plan.json")
    with pytest.raises(ValueError, match=lost):
        write_frozen_data(tmp_path / "data")
