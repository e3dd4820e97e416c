"""« --column »: one way to name a column, in every command that reads a table."""

import json
from pathlib import Path

import pytest

from geozones.cli import main

pytestmark = pytest.mark.usefixtures("home")

#: The command, its table with titles that nobody knows, the columns, and what the answer says.
COMMANDS: dict[str, tuple[list[str], str, list[str], str]] = {
    "import": (
        ["import"],
        "Truc;Machin;Bidule\n0530010Y;Ambroise Paré;Laval\n",
        ["code=Truc", "nom=Machin", "commune=3"],
        '"id": "0530010Y"',
    ),
    "import --geocode": (
        ["import", "--geocode"],
        "Truc;Machin\n0530010Y;Laval\n",
        ["code=Truc", "commune=machin"],
        '"id": "0530010Y"',
    ),
    "teams needs": (
        ["teams", "needs", "--file"],
        "Truc;Machin\n0530010Y;7\n",
        ["code=Truc", "besoin=Machin"],
        '"half_days": 7',
    ),
    "accuracy": (
        ["times", "accuracy", "--reference"],
        "Truc;Machin;Bidule\n0530010Y;0720012X;65\n",
        ["de=Truc", "a=Machin", "minutes=Bidule"],
        '"pairs": 1',
    ),
    "plan": (
        ["metrics", "--plan"],
        "Truc;Machin\n0530010Y;Nouvelle zone\n",
        ["site=Truc", "zone=Machin"],
        '"nouvelle-zone"',
    ),
    "journal": (
        ["journal"],
        "Truc;Machin;Bidule\n2026-03-02;0530010Y;45\n",
        ["debut=Truc", "lycee=Machin", "duree=Bidule"],
        '"rows": 1',
    ),
}


@pytest.mark.usefixtures("shipped_data")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_column_is_named_the_same_way_in_every_command(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, table, columns, said = COMMANDS[name]
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    options = [word for column in columns for word in ("--column", column)]
    assert main([*command, str(path), "--json", *options]) == 0
    told = json.dumps(json.loads(capsys.readouterr().out), ensure_ascii=False)
    assert said in told
    assert main([*command, str(path), "--column", "couleur=Truc"]) == 2
    assert "« couleur » n'est pas un champ : choisissez parmi" in capsys.readouterr().err
    field = columns[0].partition("=")[0]
    assert main([*command, str(path), "--column", f"{field}=Rien"]) == 2
    assert "n'a pas de colonne « Rien » : choisissez parmi" in capsys.readouterr().err
