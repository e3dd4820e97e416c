"""Hostile and unlucky files: a report by row, the good rows usable, nothing run, memory bounded."""

import io
import json
import random
import tracemalloc
import zipfile

import pytest

from geozones.common.errors import InputError
from geozones.intake.document_reader import read_document
from geozones.intake.documents import MAX_BYTES, MAX_LINES
from geozones.jobs import FILES, run_in_process
from helpers.bombs import BOMBS, read
from helpers.slow_params import slow_but

from .conftest import Import
from .files import HEAD, LYCEES, ROWS, csv_text, ods, with_parts, xlsx

MEGABYTE = 1_000_000
#: one of Paris, one whose key letter is wrong, none
CODES = ("0750655E", "0530010V", "")


def test_a_file_too_big_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match="30 Mo au plus"):
        read_document(b"a;b\n" * (MAX_BYTES // 4 + 1))


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        b"\x7fELF" + bytes(range(128, 256)) * 20,
        b"%PDF-1.7\n" + bytes(range(256)) * 20,
    ],
)
def test_a_binary_renamed_csv_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="ni un texte, ni un tableau"):
        read_document(content)


def test_an_old_excel_file_says_what_to_do_and_macros_are_never_run(imported: Import) -> None:
    with pytest.raises(InputError, match=r"Enregistrez-le en \.xlsx"):
        read_document(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    book = xlsx([HEAD, *ROWS], extra={"xl/vbaProject.bin": b'Shell("rm -rf /")' * 10})
    report = imported(book)
    assert [row.id for row in report.accepted] == LYCEES
    assert "macros" in report.notes[0].what


@pytest.mark.slow
def test_200_000_rows_are_bounded_and_the_first_are_usable(imported: Import) -> None:
    rows = [HEAD, *ROWS, *[("", "", CODES[n % 3], f"Lycée {n}", "PARIS") for n in range(200_000)]]
    content = csv_text(rows).encode()
    report = imported(content)
    assert [row.id for row in report.accepted] == LYCEES
    assert len(report.rejected) + len(report.ambiguous) == MAX_LINES - 1 - len(ROWS)
    (unread,) = [note for note in report.notes if "non lues" in note.what]
    assert unread.row == MAX_LINES + 1


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/workbook.xml", "w") as part:
            part.write(b"<a/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b"\0" * MEGABYTE)
    assert len(stream.getvalue()) < MEGABYTE
    tracemalloc.start()
    with pytest.raises(InputError, match="400 Mo"):
        read_document(stream.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    tracemalloc.stop()


def test_empty_rows_to_the_last_one_of_a_sheet_are_nothing_to_fear(imported: Import) -> None:
    report = imported(ods([HEAD, *ROWS, ("",)], repeated=1_048_571))
    assert len(report.listing.rows) == len(ROWS)
    assert [row.id for row in report.accepted] == LYCEES


def test_an_entity_bomb_is_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "laugh">{entities}]><x>&e11;</x>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", bomb)
    with pytest.raises(InputError, match="tronqué ou altéré"):
        read_document(stream.getvalue())


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_damaged_workbook_is_read_or_refused_never_more(form: str) -> None:
    content = (xlsx if form == "xlsx" else ods)([HEAD, *ROWS])
    chance = random.Random(1)  # noqa: S311 - no secret
    refused = 0
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 2, 5))):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            read_document(bytes(damaged))
        except InputError as error:
            refused += "tronqué ou altéré" in str(error)
    assert refused > 10


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<a>" * 5, b"<worksheet><sheetData><row"])
def test_a_workbook_with_a_damaged_part_is_refused(part: str, content: bytes) -> None:
    with pytest.raises(InputError, match="tronqué ou altéré"):
        read_document(with_parts(xlsx([HEAD, *ROWS]), {part: content}))


def test_odd_elements_of_a_geojson_are_told_and_the_others_are_read(imported: Import) -> None:
    good = {"properties": dict(zip(HEAD, ROWS[0], strict=True)), "geometry": {"coordinates": 3}}
    deep = {"properties": {**dict(zip(HEAD, ROWS[1], strict=True)), "a": [[[1]], {}, "b"]}}
    features = [None, "x", 3, good, {"properties": ["y"], "geometry": "z"}, deep]
    report = imported(json.dumps({"type": "FeatureCollection", "features": features}))
    assert [row.id for row in report.accepted] == LYCEES[:2]
    assert [note.row for note in report.notes] == [2, 3, 4, 6]


@pytest.mark.parametrize("content", ['{"type": "FeatureCollection", "features": [{', '{"a": 1}'])
def test_a_cut_geojson_or_another_json_is_refused(content: str) -> None:
    with pytest.raises(InputError, match="GeoJSON"):
        read_document(content)


def test_formulas_are_not_computed_and_the_row_is_known_by_what_is_left(imported: Import) -> None:
    sly = '=HYPERLINK("http://example.org/"&A1,"0530010Y")'
    rows = [HEAD, ("Mayenne", "A", sly, *ROWS[0][3:]), *ROWS[1:]]
    for content in (xlsx(rows), csv_text(rows, "\t").encode()):
        report = imported(content)
        assert [row.id for row in report.accepted] == LYCEES
        assert [(r.field, r.now) for r in report.repairs] == [("code", "0530010Y")]


def test_an_empty_zone_does_not_say_the_zone_of_another_sector(imported: Import) -> None:
    le_mans = (("0720030S", "Bellevue", "Le Mans"), ("0720029R", "Montesquieu", "Le Mans"))
    rows = [HEAD, ROWS[0], ("", "", *ROWS[1][2:]), ("Sarthe", "", *le_mans[0])]
    rows += [("", "", *le_mans[1]), ("Mayenne", "", *ROWS[2][2:]), ("Mayenne", "A", *ROWS[3][2:])]
    report = imported(csv_text(rows))
    assert [row.zone for row in report.accepted] == [0, 0, None, None, None, 0]
    assert [(note.row, "case Zone vide" in note.what) for note in report.notes] == [
        (4, True),
        (6, True),
    ]


def test_mixed_encodings_in_one_file_are_read_line_by_line(imported: Import) -> None:
    lines = [csv_text([row]) for row in (HEAD, *ROWS)]
    content = b"".join(
        line.encode("latin-1" if rank in {1, 4} else "utf-8") for rank, line in enumerate(lines)
    )
    report = imported(content)
    assert [row.id for row in report.accepted] == LYCEES
    assert report.accepted[0].printed == "Ambroise Paré"
    assert "lignes 2, 5" in report.notes[0].what


def test_a_lycee_in_two_zones_and_a_zone_without_any_are_told(imported: Import) -> None:
    report = imported(csv_text([HEAD, *ROWS, ("Mayenne", "B", *ROWS[0][2:])]))
    (question,) = report.ambiguous
    assert (question.row, "déjà ligne 2" in question.why) == (6, True)
    assert [row.id for row in report.accepted] == LYCEES
    text = (
        "Secteur Mayenne\nDPT\tCode RNE\tNom\tVille\nZone de continuité de service\n"
        "Zone de continuité de service\n53\t0530010Y\tAmbroise Paré\tLAVAL\n"
    )
    report = imported(text)
    assert list(report.by_zone.values()) == [(), ("0530010Y",)]
    assert [(note.row, "sans lycée" in note.what) for note in report.notes] == [(3, True)]


def test_nothing_in_a_row_is_read_as_markup_or_hides(imported: Import) -> None:
    rows = [HEAD, ("Mayenne", "A", "", "<script>alert(1)</script>\x00\u202e", "LAVAL\x07")]
    (row,) = imported(csv_text(rows).replace("\x00", "")).accepted
    assert row.printed == "<script>alert(1)</script>"
    assert row.id == "X53-script-alert-1-script-laval"


def test_a_very_wide_line_is_cut_and_told(imported: Import) -> None:
    rows = [HEAD, *ROWS, ("Mayenne", "B", *["x"] * 500)]
    report = imported(csv_text(rows))
    assert [row.id for row in report.accepted] == LYCEES
    assert any(note.row == 6 for note in report.notes)


#: Lists whose every line fits, and which are read; or that hold nothing.
READ = {
    "json, levels": "1 lignes lues",
    "ods, cells of one row": "aucune ligne remplie",
    "xlsx, cells of one row": "aucune ligne remplie",
}
REFUSED = ("demanderait trop de mémoire", "trop d'éléments", "d'un million de lignes", "colonnes")


@pytest.mark.parametrize(
    "name",
    slow_but(BOMBS, "xlsx, fonts", "xlsx, one text in every cell", "csv, columns", "csv, lines"),
)
def test_a_bomb_is_refused_before_it_fills_the_memory(name: str) -> None:
    said, megabytes = run_in_process(FILES, read, name)
    assert megabytes < 250
    assert any(words in said for words in ([READ[name]] if name in READ else REFUSED))
