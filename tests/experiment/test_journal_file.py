"""Files of a journal: GLPI's exports as it documents them, sheets, and what people do to both."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count

import openpyxl
import pytest

from geozones.common.errors import InputError
from geozones.common.french import NBSP
from geozones.domain import Lycee
from geozones.domain.field_journal import Nature
from geozones.features.experiment.journal_file import DateBounds, JournalReading, read_journal
from geozones.workspace.figures.study import Study

BOUNDS = DateBounds(date(2024, 12, 1), date(2026, 4, 1))


@pytest.fixture(scope="module")
def lycees(study: Study) -> Mapping[str, Lycee]:
    return study.territory.lycees


def read(content: str | bytes, lycees: Mapping[str, Lycee]) -> JournalReading:
    numbers, known = count(1), {}
    given = content.encode() if isinstance(content, str) else content
    return read_journal(
        given, lycees, BOUNDS, lambda name: known.setdefault(name, f"n{next(numbers)}")
    )


#: A list of tickets, as the search engine of GLPI exports it, quoted, with a byte order mark.
TICKETS = (
    "\ufeff"
    '"ID";"Titre";"Statut";"Date d\'ouverture";"Date de résolution";"Lieu";'
    '"Attribué à - Technicien";"Attribué à - Groupe de techniciens";"Durée totale"\n'
    '"12 041";"Imprimante; salle B12";"Clos";"2026-03-10 17:20";"2026-03-12 08:30";'
    '"Région > Angers > 0490003M";"Martin Paul";"Niveau 1";"5400"\n'
    '"12042";"Plus de réseau ""B""\nà l\'internat";"Clos";"2026-03-11 09:00";"2026-03-12 14:00";'
    '"Chevrollier";"Durand Léa";"T.I.S. - N2";"1800"\n'
)
#: A list of tasks: no byte order mark, Windows-1252, durations in words.
TASKS = (
    "ID;Tâches - Date de début;Entité;Tâches - Technicien;Tâches - Durée;Niveau\n"
    "7;2026-03-12 08:30;Lycée Chevrollier;Martin Paul;1 heures 30 minutes;2\n"
    "8;2026-03-12 10:30;Lycée Chevrollier;Martin Paul;0 heures 45 minutes;3\n"
).encode("cp1252")
#: Tabs between the cells, French dates, durations as on a clock.
TABS = (
    "Numéro\tDate\tUAI\tTechnicien\tDurée\tNature\n"
    "1\t12/03/2026 08:30\t0490003M\tMartin Paul\t1h30\tVisite de continuité\n"
    "2\t12/03/2026 à 14 h 05\t0490003M\tMartin Paul\t00:45:00\tRelève\n"
)


def test_a_list_of_tickets_is_read_with_its_solution_level_and_seconds(
    lycees: Mapping[str, Lycee],
) -> None:
    reading = read(TICKETS, lycees)
    first, second = reading.journal.interventions
    assert (first.day, first.minute, first.lycee) == (date(2026, 3, 12), 510, "0490003M")
    assert (first.minutes, first.level, first.ticket) == (90, 1, "12 041")
    assert (second.minutes, second.level, second.lycee) == (30, 2, "0490003M")
    assert first.person != second.person
    assert "Durées sans unité : lues en secondes." in reading.notes
    assert "Martin" not in repr(reading)


def test_a_list_of_tasks_in_words_and_in_windows_encoding(lycees: Mapping[str, Lycee]) -> None:
    rows = read(TASKS, lycees).journal.interventions
    assert [(row.minutes, row.level, row.minute) for row in rows] == [(90, 2, 510), (45, 3, 630)]


def test_a_pasted_table_with_french_dates_and_clocks(lycees: Mapping[str, Lycee]) -> None:
    rows = read(TABS, lycees).journal.interventions
    assert [(row.minute, row.minutes, row.nature) for row in rows] == [
        (510, 90, Nature.VISIT),
        (845, 45, Nature.COVER),
    ]


def test_a_workbook_has_its_three_sheets_read_and_the_others_told(
    lycees: Mapping[str, Lycee],
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Bonjour"])
    for title, rows in (
        (
            "Interventions",
            [
                ["Date", "Lycée", "Agent", "Durée (h)"],
                [datetime(2026, 3, 12, 8, 30), "0490003M", "Paul", 1.5],
            ],
        ),
        (
            "Absences",
            [["Agent", "Du", "Au"], ["Paul", date(2026, 3, 16), date(2026, 3, 20)]],
        ),
        (
            "Trajets",
            [
                ["Date", "Départ", "Arrivée", "Durée (min)", "km"],
                [date(2026, 3, 12), "0490003M", "0490002L", 12, "7,5"],
            ],
        ),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    reading = read(stream.getvalue(), lycees)
    journal = reading.journal
    assert (journal.interventions[0].minute, journal.interventions[0].minutes) == (510, 90)
    assert (journal.absences[0].first, journal.absences[0].last) == (
        date(2026, 3, 16),
        date(2026, 3, 20),
    )
    assert (journal.trips[0].minutes, journal.trips[0].km) == (12, 7.5)
    assert any("Lisez-moi" in note for note in reading.notes)


HEAD = "ID;Date;Lieu;Technicien;Durée (min)\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1;2026-02-30;0490003M;Paul;30", "date illisible : 1 ligne"),
        ("1;2027-03-12;0490003M;Paul;30", "date à venir : 1 ligne"),
        ("1;2019-03-12;0490003M;Paul;30", "date trop ancienne pour être gardée : 1 ligne"),
        (";;0490003M;Paul;30", "date manquante : 1 ligne"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_with_its_line(
    row: str, said: str, lycees: Mapping[str, Lycee]
) -> None:
    good = "9;2026-03-12;0490003M;Paul;30\n"
    reading = read(f"{HEAD}{good}{row}\n", lycees)
    assert len(reading.journal.interventions) == 1
    (told,) = reading.left_out
    assert told.text.replace(NBSP, " ").startswith(said)
    assert "(ligne 3)" in told.text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("0751234A", "lycée qui n'est pas du plan"),
        ("Lycée de la Lune", "lycée inconnu"),
        ("", "lycée manquant"),
    ],
)
def test_a_request_of_no_known_lycee_is_counted_without_and_told(
    place: str, said: str, lycees: Mapping[str, Lycee]
) -> None:
    reading = read(f"{HEAD}1;2026-03-12;{place};Paul;30\n", lycees)
    assert [row.lycee for row in reading.journal.interventions] == [""]
    assert not reading.journal.is_usable
    (told,) = reading.doubts
    assert told.text.replace(NBSP, " ").startswith(f"{said} : demande comptée sans lycée : 1 ligne")
    # a presence is nothing without its lycée
    presence = read(f"Date;Lieu;Technicien;Nature\n2026-03-12;{place};Paul;visite\n", lycees)
    assert presence.journal.rows == 0
    assert presence.left_out[0].why == said


@pytest.mark.parametrize("typed", ["-30", "demain", "90000"])
def test_a_duration_that_makes_no_sense_leaves_the_intervention_and_is_told(
    typed: str, lycees: Mapping[str, Lycee]
) -> None:
    reading = read(f"{HEAD}1;2026-03-12;0490003M;Paul;{typed}\n", lycees)
    assert [row.minutes for row in reading.journal.interventions] == [-1]
    assert "comptée sans sa durée : 1 ligne" in reading.doubts[0].text.replace(NBSP, " ")


def test_the_same_row_twice_counts_once_and_is_told(lycees: Mapping[str, Lycee]) -> None:
    row = "1;2026-03-12 08:30;0490003M;Paul;30\n"
    reading = read(HEAD + row + row, lycees)
    assert len(reading.journal.interventions) == 1
    assert "ligne déjà lue plus haut : 1 ligne (ligne 3)" in reading.left_out[0].text.replace(
        NBSP, " "
    )


def test_lines_in_two_encodings_are_read_one_by_one_and_told(lycees: Mapping[str, Lycee]) -> None:
    content = HEAD.encode() + "1;2026-03-12;Ambroise Paré;P;30\n".encode("cp1252")
    content += "2;2026-03-12;0490003M;Zoé;30\n".encode()
    reading = read(content, lycees)
    assert any("Deux encodages" in note for note in reading.notes)
    assert [row.lycee for row in reading.journal.interventions] == ["0490003M", "0530010Y"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vide"),
        (b"\x89PNG\r\n\0\0", "Ce journal ne peut pas être lu : .* ni un texte"),
        (b"PK\x03\x04broken", "Ce journal ne peut pas être lu : .* tronqué"),
        (b"Nom;Commune\nA;B\n", "n'a pas les colonnes d'un journal"),
    ],
)
def test_what_is_no_journal_is_refused_in_a_sentence(
    content: bytes, why: str, lycees: Mapping[str, Lycee]
) -> None:
    with pytest.raises(InputError, match=why):
        read(content, lycees)
