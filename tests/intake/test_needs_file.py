"""A column of needs, as a RNS exports it from a spreadsheet."""

import io

import pytest
from openpyxl import Workbook

from geozones.common.errors import InputError
from geozones.intake.needs_file import read_needs_file
from geozones.workspace.study import Study


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
    )
    file = read_needs_file(text.encode("cp1252"), study.territory.lycees)
    assert file.needs == {"0530012A": 7, "0440062D": 4}
    lines = dict(file.rejected)
    assert list(lines) == [3, 4, 5, 6]
    assert "0530000Z" in lines[3]
    assert "de 0 à 40" in lines[4]
    assert "« beaucoup »" in lines[5]
    assert "ligne 2" in lines[6]


def test_a_spreadsheet_is_read_too(study: Study) -> None:
    book = Workbook()
    for row in (("UAI", "Présence"), ("0530012A", 7), ("0530010Y", 6.5)):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    file = read_needs_file(stream.getvalue(), study.territory.lycees)
    assert file.needs == {"0530012A": 7}
    assert [line for line, _ in file.rejected] == [3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nom;ville\nRacan;Montval\nAutre;Laval\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\0",
        b"PK\x03\x04cut",
    ],
)
def test_a_file_that_is_no_table_of_needs_is_refused(study: Study, content: bytes) -> None:
    with pytest.raises(InputError):
        read_needs_file(content, study.territory.lycees)
