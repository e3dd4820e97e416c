"""Given driving times held against the tool's: figures worked out by hand, then each bad line."""

import csv
import io
from itertools import combinations
from pathlib import Path

import pytest

from geozones.common.errors import DataFileError, InputError
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.reachability.accessibility import trip_between
from geozones.workspace.reachability.accuracy import (
    FILE,
    PlaceNames,
    Reference,
    References,
    ReferencesError,
    accuracy_csv,
    accuracy_of,
    read_references,
    shipped_references,
    template_csv,
)

BERGSON, RENOIR, CHEVROLLIER = "0491966W", "0492061Z", "0490003M"


def known(*times: tuple[str, str, float]) -> References:
    rows = [Reference(line, *time) for line, time in enumerate(times, start=2)]
    return References("à la main", tuple(rows), {place: place for t in times for place in t[:2]})


def table(*lines: str) -> bytes:
    return "\n".join(("de;a;minutes", *lines)).encode()


def refused(study: Study, *lines: str) -> str:
    with pytest.raises(ReferencesError) as caught:
        read_references(study.territory, table(*lines), "f.csv")
    return str(caught.value)


def test_errors_are_of_the_reference_and_the_worst_comes_first(toy: Study) -> None:
    # the toy's own minutes: A → B 10, B → A 12, C → A 22
    found = accuracy_of(toy.analysis, known(("A", "B", 8), ("B", "A", 12), ("C", "A", 40)))
    assert [round(entry.percent, 6) for entry in found.checked] == [-45, 25, 0]
    overall = found.overall
    assert overall.pairs == 3
    assert overall.mae_percent == pytest.approx((45 + 25) / 3)
    assert overall.bias_percent == pytest.approx((25 - 45) / 3)
    assert overall.worst_percent == pytest.approx(45)


def test_a_reference_is_covered_where_the_interval_holds_it(toy: Study) -> None:
    low, high = toy.times.interval("A", "B")
    assert low < 10 < high
    for minutes, covered in ((low, 100), (high, 100), (low - 0.01, 0), (high + 0.01, 0)):
        overall = accuracy_of(toy.analysis, known(("A", "B", minutes))).overall
        assert overall.coverage_percent == covered


def test_kinds_go_by_the_crow_distance(study: Study) -> None:
    # a thousandth of a degree of latitude is 111.2 m
    found = accuracy_of(
        study.analysis,
        known(
            *(("47.3,-0.6", f"{47.3 + degrees:.3f},-0.6", 30) for degrees in (0.071, 0.073)),
            *(("47.3,-0.6", f"{47.3 + degrees:.3f},-0.6", 40) for degrees in (0.224, 0.226)),
            ("0440021J", "commune:49007", 65),
        ),
    )
    assert {name: errors.pairs for name, errors in found.by_kind.items()} == {
        "courts": 1, "moyens": 2, "longs": 2,
    }  # fmt: skip


def test_every_kind_of_place_has_the_minutes_that_times_gives(study: Study) -> None:
    pairs = [
        (BERGSON, RENOIR),
        (BERGSON, "commune:49328"),
        ("commune:49328", BERGSON),
        ("commune:49328", "commune:53130"),
        ("47.4736,-0.5517", BERGSON),
        ("47.4736,-0.5517", "commune:53130"),
        (BERGSON, "47.2,-1.55"),
    ]
    found = accuracy_of(study.analysis, known(*((*pair, 30.0) for pair in pairs)))
    figures = {(e.reference.origin, e.reference.destination): e for e in found.checked}
    for pair in pairs:
        trip = trip_between(study.analysis, *pair)
        assert figures[pair].minutes == pytest.approx(trip.minutes)
        assert figures[pair].estimated == trip.estimated
        assert figures[pair].low < figures[pair].minutes < figures[pair].high


def test_a_pair_without_a_way_is_told_apart_and_gives_no_figure(cut_toy: Study) -> None:
    found = accuracy_of(cut_toy.analysis, known(("A", "C", 20), ("A", "B", 10)))
    assert [time.destination for time in found.unknown] == ["C"]
    assert [entry.reference.destination for entry in found.checked] == ["B"]
    found = accuracy_of(cut_toy.analysis, known(("A", "C", 20)))
    assert found.overall is None
    assert dict(found.by_kind) == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("0491966W", BERGSON),
        ("0491966w", BERGSON),
        ("Henri Bergson", BERGSON),
        ("lycée henri bergson", BERGSON),
        ("Henri Bergson (Angers)", BERGSON),
        ("Léonard de Vinci (Mayenne)", "0530079Y"),
        ("commune:49007", "commune:49007"),
        ("49007", "commune:49007"),
        ("angers", "commune:49007"),
        ("Saint-Nazaire", "commune:44184"),
        ("St Nazaire", "commune:44184"),
        ("47.4736,-0.5517", "47.4736,-0.5517"),
        ("47,4736 -0,5517", "47.4736,-0.5517"),
        ("47°28'25\" N 0°33'06\" O", "47.473611,-0.551667"),
    ],
)
def test_a_place_is_written_in_many_ways(study: Study, text: str, place: str) -> None:
    assert PlaceNames(study.territory).place(text) == place


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Bergsonne;Angers;12",), "Ligne 2, de : « Bergsonne » n'est ni un lycée, ni une commune"),
        (("Angers;Henri Bergon;12",), "est-ce Henri Bergson (Angers) (0491966W) ?"),
        (("0491966X;Angers;12",), "Ligne 2, de : « 0491966X » : la lettre de ce code est fausse"),
        (("0750001C;Angers;12",), "Ligne 2, de : « 0750001C » : "),
        (("75056;Angers;12",), "« 75056 » n'est le code d'aucune commune du territoire"),
        (("Léonard de Vinci;Angers;12",), "désigne plusieurs lieux : écrivez le code"),
        (("Henri Bergson (Nantes);Angers;12",), "n'est ni un lycée"),
        (("-1.5536,47.2184;Angers;60",), "semblent inversées, écrivez « 47.2184,-1.5536 »"),
        (("48.8566,2.3522;Angers;60",), "hors du territoire"),
        (("95, 200;Angers;60",), "n'est pas sur Terre"),
        (("Angers;49007;12",), "Ligne 2, a : c'est le lieu de départ, Angers"),
        (("Angers;Laval;75", "49007;Laval;74"), "Ligne 3, a : ce trajet est déjà à la ligne 2"),
        (("Angers;Laval;1h05", "Angers;Nulle-Part;3"), "Ligne 3, a : « Nulle-Part »"),
    ],
)
def test_a_bad_line_is_told_and_nothing_is_compared(
    study: Study, lines: tuple[str, ...], said: str
) -> None:
    told = refused(study, *lines)
    assert said in told
    assert told.endswith("Aucune durée n'a été comparée.")


def test_many_bad_lines_make_one_short_message_and_a_table_without_minutes_is_refused(
    study: Study,
) -> None:
    told = refused(study, *(f"Inconnu {rank};Angers;12" for rank in range(40)))
    assert "Ligne 2" in told
    assert "Et 37\u00a0autres lignes." in told
    assert len(told) < 600
    with pytest.raises(InputError, match="Aucune durée n'est remplie"):
        read_references(study.territory, table("Angers;Laval;"), "f.csv")


def test_the_template_filled_in_is_read_back(study: Study) -> None:
    content = template_csv(study).decode("utf-8-sig")
    lines = content.splitlines()
    assert lines[0] == "de;nom_de;a;nom_a;minutes;auteur;source"
    assert len(lines) == 21
    filled = "\n".join([lines[0], *(line.replace(";;", ";12;") for line in lines[1:4]), *lines[4:]])
    read = read_references(study.territory, filled.encode(), "f.csv")
    assert ([time.minutes for time in read.times], read.unfilled) == ([12, 12, 12], 17)
    zones, times = study.plan.zone_by_lycee, study.times
    assert all(zones[time.origin] == zones[time.destination] for time in read.times)

    def doubt(a: str, b: str) -> float:
        low, high = times.interval(a, b)
        return high / low

    first = read.times[0]
    pairs = [
        pair for zone in study.plan.zones for pair in combinations(study.plan.members(zone.id), 2)
    ]
    assert doubt(first.origin, first.destination) == max(doubt(*pair) for pair in pairs)


def test_the_detail_holds_each_reference_with_its_interval_and_sources(study: Study) -> None:
    shipped = shipped_references(study.territory)
    found = accuracy_of(study.analysis, shipped)
    rows = list(csv.DictReader(io.StringIO(accuracy_csv(found).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(shipped.times)
    first, worst = rows[0], found.checked[0]
    assert float(first["ecart_pourcent"].replace(",", ".")) == pytest.approx(
        worst.percent, abs=0.01
    )
    assert first["date_du_calcul"] == study.times.provenance.date
    assert first["moteur"] == "roadgraph"
    assert "mémoire" in first["source_reference"]
    assert {row["dans_la_fourchette"] for row in rows} <= {"oui", "non"}


def test_a_damaged_shipped_file_is_told_by_its_name(
    data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    (data_copy / FILE).write_text("de,a,minutes\n0491966W,Nulle-Part,12\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=rf"{FILE} est altéré. Ligne 2, a"):
        shipped_references(open_study().territory)
    (data_copy / FILE).unlink()
    assert shipped_references(open_study().territory) is None
