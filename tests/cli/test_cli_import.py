"""« geozones import »: a list in, JSON out, and a plan that other commands take."""

import json
from pathlib import Path
from typing import Any

import pytest

from geozones.cli import main

pytestmark = pytest.mark.usefixtures("home")

SOURCE = Path(__file__).parents[1] / "intake" / "fixtures" / "webinaire_2025-06-11.txt"


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = main(argv)
    streams = capsys.readouterr()
    return status, streams.out, streams.err


def answer(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    status, out, err = run(capsys, *argv, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


@pytest.mark.usefixtures("shipped_data")
def test_the_source_document_is_accepted_repaired_and_gives_the_shipped_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plan.json"
    told = answer(capsys, "import", str(SOURCE), "--out", str(out))
    assert set(told) == {
        "accepted", "repaired", "rejected", "sectors", "calendar", "notes", "changes", "out",
    }  # fmt: skip
    assert (len(told["accepted"]), len(told["repaired"]), told["rejected"]) == (52, 21, [])
    assert set(told["accepted"][0]) == {
        "row", "id", "codes", "name", "commune", "departement", "sector", "zone", "known",
    }  # fmt: skip
    assert {"row": 409, "field": "code", "was": "04921235", "now": "0492123S"}.items() <= next(
        repair for repair in told["repaired"] if repair["row"] == 409
    ).items()
    assert [(s["name"], s["rns"], len(s["zones"])) for s in told["sectors"]] == [
        ("Sud Loire - Cholet", "Corentin Louatron", 4),
        ("Mayenne", "Lucien Druault", 4),
        ("Maine et Loire", "Kevin Barbier", 4),
    ]
    shipped = answer(capsys, "plan")
    assert json.loads(out.read_text(encoding="utf-8")) == shipped
    assert answer(capsys, "metrics", "--plan", str(out)) == answer(capsys, "metrics")


def test_a_new_lycee_is_in_the_plan_that_is_written_and_other_commands_take_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "liste.csv", tmp_path / "plan.json"
    rows = ["Secteur;Zone;RNE;Nom;Ville", "Mayenne;N;0530016E;Lavoisier;Mayenne"]
    rows += ["Mayenne;N;0530079Y;Léonard de Vinci;Mayenne", "Mayenne;N;0530099V;Les Iris;Ernée"]
    path.write_text("\n".join(rows), encoding="cp1252")
    told = answer(capsys, "import", str(path), "--out", str(out), "--drop-absent")
    assert told["changes"]["added"] == ["0530099V"]
    assert "0720012X" in told["changes"]["absent"]
    metrics = answer(capsys, "metrics", "--plan", str(out))
    assert metrics["sectors"]["mayenne"]["lycees"] == 4  # the support centre stays
    assert metrics["region"]["lycees"] == 119 - 18 + 4
    again = answer(capsys, "import", str(path), "--plan", str(out))
    assert again["changes"]["added"] == again["changes"]["moved"] == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (bytes(range(256)), "ni un texte"),
        (b"PK\x03\x04", "altéré"),
        (b"RNE;Nom;Ville\n0750655E;Charlemagne;Paris\n", "autre territoire"),
        (b"RNE;Nom;Ville\n0530010Y;Ambroise Par\xe9;Laval\n", "ne forme pas de plan"),
    ],
)
def test_what_makes_no_plan_is_refused_in_one_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    path, out = tmp_path / "liste.csv", tmp_path / "plan.json"
    path.write_bytes(content)
    status, printed, err = run(capsys, "import", str(path), "--out", str(out))
    assert (status, printed, err.count("\n")) == (2, "", 1)
    assert told in err
    assert not out.exists()
