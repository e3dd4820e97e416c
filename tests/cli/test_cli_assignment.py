"""« plan --csv » writes an assignment that « --plan » reads, changed in a spreadsheet."""

from pathlib import Path

import pytest

from geozones import cli
from helpers.fixture_types import Run


@pytest.mark.slow
def test_an_assignment_goes_out_is_changed_and_comes_in(
    tmp_path: Path, answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", "--csv"]) == 0
    titles, *rows = capsys.readouterr().out.splitlines()
    assert titles == "site,zone"
    assert len(rows) == 119
    zone_by_site = dict(row.split(",") for row in rows)
    file = tmp_path / "affectation.csv"
    file.write_text("\n".join([titles, *rows]), encoding="utf-8")
    assert answer("plan", "--plan", str(file)) == answer("plan")
    moved, left_out = (
        "0490003M",
        next(site for site, zone in zone_by_site.items() if zone == "SLC-1"),
    )
    changed = {**zone_by_site, left_out: ""}
    assert changed[moved] != "MEL-4"
    file.write_bytes(
        "\ufeffcode;zone\r\n".encode()
        + "".join(f"{s};{'MEL-4' if s == moved else z}\r\n" for s, z in changed.items()).encode()
    )
    plan = answer("plan", "--plan", str(file))
    by_zone = {z["id"]: z["lycees"] for sector in plan["sectors"] for z in sector["zones"]}
    assert moved in by_zone["MEL-4"]
    assert left_out not in by_zone["SLC-1"]
    assert answer("metrics", "--plan", str(file))["region"]["lycees"] == 118
    assert cli.main(["plan", "--csv", "--plan", str(file)]) == 0
    assert f"{left_out}," in capsys.readouterr().out.splitlines()
