"""A column of needs or of sizes, as a RNS exports it from a spreadsheet."""

import pytest

from geozones.common.errors import InputError
from geozones.intake.site_tables import NeedsFile, read_needs_file
from geozones.workspace.figures.study import Study


def faults(file: NeedsFile) -> dict[int, str]:
    return {fault.line: fault.text for fault in file.rejected}


def test_a_csv_in_latin_1_with_semicolons_gives_needs_and_tells_each_bad_line(
    study: Study,
) -> None:
    text = (
        "Lycée;Code RNE;Besoin (demi-journées)\n"
        "Réaumur et Buron;0530012A;7\n"
        "Inconnu;0530000Z;4\n"
        "Ambroise Paré;0530010Y;-2\n"
        "Douanier Rousseau;0530011Z;beaucoup\n"
        "Encore;0530012A;3\n"
        ";;\n"
        "Perrin et Goussier;0440063E;4,0\n"
        "Lavoisier;0530016E;60\n"
    )
    file = read_needs_file(text.encode("cp1252"), study.territory.lycees)
    assert file.needs == {"0530012A": 7, "0440062D": 4}
    said = faults(file)
    assert list(said) == [3, 4, 5, 6, 9]
    assert "Ligne 3, colonne « Code RNE » : aucun lycée" in said[3]
    assert "0530000Z" in said[3]
    assert "Ligne 4, colonne « Besoin (demi-journées) » : " in said[4]
    assert "de 0 à 40" in said[4]
    assert "« beaucoup »" in said[5]
    assert "ligne 2" in said[6]
    assert "pas « 60 »" in said[9]


def test_establishments_of_one_place_add_up_or_are_left_together(study: Study) -> None:
    text = (
        "UAI;postes;besoin\n0440062D;300;\n0440063E;200;5\n0530012A;70;4\n0530013B;peu;3\n"
        "0530012A;1;1\n"
    )
    file = read_needs_file(text.encode(), study.territory.lycees)
    assert file.sizes == {"0440062D": 500}
    assert file.needs == {"0530012A": 7}
    told = [fault.text for fault in file.rejected]
    assert any("Ligne 5, colonne « postes »" in said and "« peu »" in said for said in told)
    assert any(
        "Ligne 4, colonne « postes » : 0530012A n'est pas pris seul" in said for said in told
    )
    assert any("Ligne 2, colonne « besoin » : la case est vide." in said for said in told)
    assert any("Ligne 6, colonne « UAI » : 0530012A est déjà" in said for said in told)


def test_zero_or_negative_pupils_are_refused_and_no_ticket_is_not(study: Study) -> None:
    rows = ";0\n0530010Y;-5\n0530011Z;862\n"
    pupils = read_needs_file(f"UAI;élèves\n0530012A{rows}".encode(), study.territory.lycees)
    assert pupils.sizes == {"0530011Z": 862}
    assert list(faults(pupils)) == [2, 3]
    assert "d'élèves" in faults(pupils)[2]
    tickets = read_needs_file(f"UAI;tickets\n0530012A{rows}".encode(), study.territory.lycees)
    assert tickets.sizes == {"0530012A": 0, "0530011Z": 862}


def test_lines_in_two_encodings_are_all_read_and_it_is_said(study: Study) -> None:
    content = "Lycée;UAI;élèves\nParé;0530010Y;1\n".encode() + "Réaumur;0530012A;2\n".encode(
        "cp1252"
    )
    file = read_needs_file(content, study.territory.lycees)
    assert file.sizes == {"0530010Y": 1, "0530012A": 2}
    assert "Deux encodages" in file.notes[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "."),
        (b"nom;ville\nRacan;Montval\nAutre;Laval\n", "deux colonnes attendues"),
        (b"UAI;ville\n0530010Y;Laval\n", "« élèves », « postes »"),
        (b"UAI;postes;tickets\n0530010Y;1;2\n", "« postes » et « tickets » : gardez-en une"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "texte"),
        (b"PK\x03\x04cut", "."),
    ],
)
def test_a_file_that_is_no_table_of_needs_is_refused(
    study: Study, content: bytes, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_needs_file(content, study.territory.lycees)
