"""« geozones import --geocode »: a CSV in, JSON out."""

import json
from pathlib import Path

import pytest

from geozones.cli import main

pytestmark = pytest.mark.usefixtures("home")

LIST = (
    "Code RNE;Nom du lycée;Adresse;CP;Ville\n"
    "0440537V;Les Savarières;5 avenue de Glinde;44230;Saint-Sébastien-sur-Loire\n"
    ";Lycée neuf;;44000;NANTES CEDEX 3\n"
    ";;;;\n"
    ";Ailleurs;1 rue X;75001;Paris\n"
    ";Blaise Pascal;;;Segré\n"
)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = main(["import", "--geocode", *argv])
    streams = capsys.readouterr()
    return status, streams.out, streams.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_located_row_by_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    (tmp_path / "liste.csv").write_text(LIST, encoding=encoding)
    status, out, _ = run(capsys, str(tmp_path / "liste.csv"), "--json")
    answer = json.loads(out)
    assert status == 0
    assert answer["located"][0] == {
        "id": "0440537V", "lat": 47.210667, "lon": -1.48943, "provider": "local", "score": 1.0,
        "precision": "adresse", "row": 2,
    }  # fmt: skip
    assert [place["precision"] for place in answer["located"]] == ["adresse", "commune", "commune"]
    # a former commune is known, and a centre is not as sure as an address
    assert [(place["row"], place["score"]) for place in answer["located"][1:]] == [
        (3, 0.5),
        (6, 0.5),
    ]
    assert answer["unlocated"] == [
        {"row": 5, "why": "local : la commune « Paris » n'est pas connue"}
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (b"PK\x03\x04\0\0", "tronqué ou altéré"),
        (b"Couleur;Taille\nbleu;3\n", "UAI"),
    ],
)
def test_a_file_that_is_no_list_of_places_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    (tmp_path / "liste.csv").write_bytes(content)
    status, out, err = run(capsys, str(tmp_path / "liste.csv"), "--json")
    assert (status, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1


def test_what_is_to_check_about_codes_is_told_row_by_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "liste.csv").write_text(
        "UAI;Nom;Commune\n"
        "0440537V;Les Savarières;St-Sébastien sur Loire\n"
        "0440537V;Les Savarières;Paris\n"
        "0530010Y*;Ambroise Paré;Laval\n"
        "0530O10Y;Ambroise Paré;\n"
        "0530010A;Ambroise Paré;Laval\n"
        "0530010A;Ambroise Paré;\n"
        "0490782J;Duplessis Mornay;Segré\n"
    )
    status, out, _ = run(capsys, str(tmp_path / "liste.csv"), "--json")
    answer = json.loads(out)
    assert status == 0
    assert [(place["row"], place["id"]) for place in answer["located"]] == [
        (2, "0440537V"), (3, "0440537V"), (4, "0530010Y"), (5, "0530010Y"), (6, "0530010A"),
        (8, "0490782J"),
    ]  # fmt: skip
    notes = {note["row"]: note["what"] for note in answer["notes"]}
    assert notes.keys() == {3, 4, 5, 6, 7}
    assert "(Saint-Sébastien-sur-Loire), et la ligne donne « Paris »" in notes[3]
    assert "autre site de l'établissement 0530010Y" in notes[4]
    assert "est lu 0530010Y" in notes[5]
    assert "lettre-clé est fausse" in notes[6]
    (left,) = answer["unlocated"]
    assert "« 0530010A » est inconnu" in left["why"]
    _, told, _ = run(capsys, str(tmp_path / "liste.csv"))
    assert "Ligne 3 : le code 0440537V est celui de" in told
