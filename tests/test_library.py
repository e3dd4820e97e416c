"""The library: its page runs as it is written, and a process that only imports it stays light."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from geozones import library
from geozones.common.errors import InputError
from geozones.library import OpenedTerritory, TerritoryPlan, open_territory
from geozones.workspace.figures.study import Study

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
#: Facts of the page's tables and plans, which the page itself does not print.
FACTS = """
assert list(t.sites.columns) == [
    "name", "commune", "departement", "size", "zone", "sector", "color", "geometry"
]
assert list(t.zones.columns) == ["name", "sector", "sector_name", "sites", "color", "geometry"]
assert t.zones.crs == t.sites.crs == "EPSG:4326"
assert (t.zones["sites"] == t.sites.groupby("zone").size().reindex(t.zones.index)).all()
assert t.zones.geometry.reindex(t.sites["zone"]).contains(t.sites.geometry, align=False).all()
assert t.minutes.loc[farthest] > t.minutes.loc[farthest[::-1]] - 10 > 0
assert list(moved.moves["name"]) == ["Racan (Montval-sur-Loir)"]
assert moved.sites.loc["0720012X", "zone"] == t.sites.query("name == 'Le Mans Sud'")["zone"].item()
assert t.plan.moves.empty and len(best.moves) <= 3 and best.proof == "optimal"
cheaper, cheap = (each.loc["region", "total_hours"].item() for each in (t.cost(best), t.cost()))
assert cheaper < cheap
assert t.metrics().loc["sector", "lycees"].sum() == len(t.sites)
assert geozones.open() is t
"""


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_of_the_library_runs_and_its_map_reads_nothing_else(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    run("\n".join([*blocks, FACTS]), tmp_path)
    drawn = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert '"code": "MAY-2"' in drawn
    assert "Racan (Montval-sur-Loir)" in drawn
    assert "http" not in re.sub(r'"data:[^"]*"|http-equiv', "", drawn)


def test_importing_the_library_imports_no_table() -> None:
    heavy = run(
        "import sys, geozones; print({'pandas', 'numpy', 'shapely'} & {*sys.modules})", PAGE.parent
    )
    assert heavy == "set()\n"


@pytest.fixture
def opened(study: Study) -> OpenedTerritory:
    return OpenedTerritory(TerritoryPlan(study))


def test_a_forbidden_move_and_an_impossible_proposal_are_refused(opened: OpenedTerritory) -> None:
    with pytest.raises(InputError, match="centre support"):
        opened.plan.move("0530012A", "MEL-1")
    with pytest.raises(InputError, match="lycées"):
        opened.propose(sectors=["Mayenne"], size_min=2, size_max=2)


def test_a_table_without_any_row_has_no_map(opened: OpenedTerritory) -> None:
    with pytest.raises(InputError, match="aucune ligne"):
        opened.zones[opened.zones["sites"] == 0].explore()


def test_a_process_opens_one_territory(
    opened: OpenedTerritory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "_opened", {tmp_path: opened})
    assert open_territory(tmp_path) is opened
    with pytest.raises(InputError, match="dans un autre"):
        open_territory()
