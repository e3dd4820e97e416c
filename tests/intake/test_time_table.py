"""Tables of driving times: what is read of each line, and what is said of those that are wrong."""

import pytest

from geozones.common.errors import InputError
from geozones.intake.travel_tables import MAX_BYTES, MAX_ROWS, read_time_table


def table(*lines: str) -> bytes:
    return "\n".join(("de;a;minutes", *lines)).encode()


def test_minutes_are_read_with_commas_and_quotes_and_a_line_without_is_to_be_measured() -> None:
    content = b'from,to,minutes\n"47.2184,-1.5536",Laval,65\nNantes,Angers,70\n'
    assert [row.origin for row in read_time_table(content).rows] == ["47.2184,-1.5536", "Nantes"]
    read = read_time_table(table("Nantes;Angers;65", "Nantes;Laval;", ";;"))
    assert (len(read.rows), read.unfilled, read.faults) == (1, 1, ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Nantes;Angers;0", "Ligne 2, minutes : « 0 » : une durée est plus grande que 0."),
        ("Nantes;Angers;-4", "Ligne 2, minutes : « -4 » : une durée est plus grande que 0."),
        ("Nantes;Angers;1h05", "Ligne 2, minutes : « 1h05 » n'est pas en minutes : écrivez 65."),
        ("Nantes;Angers;1:05", "Ligne 2, minutes : « 1:05 » n'est pas en minutes : écrivez 65."),
        ("Nantes;Angers;1 h", "Ligne 2, minutes : « 1 h » n'est pas en minutes : écrivez 60."),
        ("Nantes;Angers;01:05:00", "« 01:05:00 » n'est pas en minutes : écrivez 65."),
        ("Nantes;Angers;3900", "« 3900 » dépasse 600 min : sont-ce des secondes ?"),
        ("Nantes;Angers;nan", "« nan » n'est pas un nombre"),
        ("Nantes;Angers;inf", "« inf » n'est pas un nombre"),
        ("Nantes;Angers;environ 60", "« environ 60 » n'est pas un nombre"),
        (";Angers;65", "Ligne 2, de : le lieu manque."),
        ("Nantes;;65", "Ligne 2, a : le lieu manque."),
    ],
)
def test_a_line_that_makes_no_sense_is_told_with_its_field(line: str, said: str) -> None:
    read = read_time_table(table(line, "Nantes;Laval;100"))
    (fault,) = read.faults
    assert said in str(fault)
    assert [row.destination for row in read.rows] == ["Laval"]


def test_a_half_that_is_none_is_told() -> None:
    content = b"de;a;minutes;usage\nNantes;Angers;65;controle\nNantes;Laval;100;essai\n"
    read = read_time_table(content)
    assert [row.usage for row in read.rows] == ["contrôle"]
    assert str(read.faults[0]).startswith("Ligne 3, usage : « essai »")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "elle est vide"),
        (b" \n\n", "elle est vide"),
        (b";;\n;;\n", "Il manque les colonnes « de », « a » et « minutes »"),
        (b"de;a\nNantes;Angers\n", "Il manque la colonne « minutes »"),
        (b"Nantes;Angers;65\n", "Il manque les colonnes"),
        (b"de;a;minutes\n", "n'a que des titres"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "ni un texte"),
        (b"PK\x03\x04 not a workbook", "tronqué ou altéré"),
        (b"x" * (MAX_BYTES + 1), "trop gros : 2 Mo au plus"),
        (table(*["Nantes;Angers;65"] * (MAX_ROWS + 1)), "001 trajets"),
    ],
)
def test_a_file_that_is_no_table_of_times_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_time_table(content)
