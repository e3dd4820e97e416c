"""A data folder that is not whole: each fault is one French sentence with what to do."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from geozones.common.errors import DataFileError
from geozones.common.files import home_folder
from geozones.intake.data_folder import read_data_folder
from geozones.intake.manifest_file import find_data_folder
from geozones.workspace.figures.study import open_study
from geozones.workspace.ledger import ledger_of, with_publications
from geozones.workspace.sharing.dossier import credits_of
from geozones.workspace.sharing.exported_plan import of_baseline
from helpers.frozen_plan import SHIPPED

DATA_FILES = [
    "secteurs.json",
    "lycees.geojson",
    "travel_times.parquet",
    "cells.parquet",
    "communes.parquet",
]
#: Files without which nothing can be shown; the others are optional.
REQUIRED = ("secteurs.json", "lycees.geojson", "travel_times.parquet")
type Alter = Callable[[dict[str, Any]], None]


@pytest.fixture
def refused(data_copy: Path) -> Callable[[], str]:
    """Open the altered folder; return the message."""

    def read() -> str:
        with pytest.raises(DataFileError) as caught:
            open_study(data_copy)
        said = str(caught.value)
        assert said.endswith(".")
        assert "\n" not in said
        return said

    return read


def alter(path: Path, change: Alter) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file_is_named_with_what_to_do(
    data_copy: Path, refused: Callable[[], str], name: str
) -> None:
    (data_copy / name).unlink()
    said = refused()
    assert f"Il manque le fichier {name}" in said
    assert "reconstruisez-le" in said


@pytest.mark.parametrize(
    "name",
    [*DATA_FILES, "departements/44.geojson"],
)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_named_with_what_to_do(
    data_copy: Path, refused: Callable[[], str], name: str, kept: float
) -> None:
    whole = (data_copy / name).read_bytes()
    (data_copy / name).write_bytes(whole[: int(len(whole) * kept)])
    said = refused()
    assert name in said
    assert "altéré" in said
    assert "reconstruisez-le" in said


def test_a_folder_needs_three_files_and_no_other(data_copy: Path) -> None:
    for path in data_copy.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in REQUIRED:
            path.unlink()
    study = open_study(data_copy)
    assert set(study.territory.cells) == set(study.territory.lycees)
    assert (study.atlas.communes, study.atlas.borders, study.atlas.organisation) == ((), (), None)
    assert not any("Annuaire" in line for line in credits_of(study))


@pytest.mark.slow
def test_cells_are_computed_where_their_file_is_missing_or_of_other_places(
    data_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    shipped = open_study(data_copy).territory.cells
    path = data_copy / "cells.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    without_one = open_study(data_copy).territory.cells
    path.unlink()
    missing = open_study(data_copy).territory.cells
    assert set(without_one) == set(missing) == set(shipped)
    for lycee, cell in shipped.items():
        assert missing[lycee].symmetric_difference(cell).area < 0.01 * cell.area
    (kept,) = (home_folder() / "terres").glob("*.parquet")
    before = kept.stat().st_mtime_ns
    open_study(data_copy)
    assert kept.stat().st_mtime_ns == before  # read, not computed again
    kept.write_bytes(kept.read_bytes()[:1000])
    assert set(open_study(data_copy).territory.cells) == set(shipped)


LYCEES, SECTORS = "lycees.geojson", "secteurs.json"


def lycee_with(**properties: Any) -> Alter:
    return lambda content: content["features"][0]["properties"].update(properties)


#: What spoils a file of the folder, and what is then said.
SPOILS: list[tuple[str, Alter, str]] = [
    (LYCEES, lycee_with(id="0441656A"), "« 0441656A » n'est pas un code UAI"),
    (LYCEES, lycee_with(uai_associes=["0440063A"]), "« 0440063A » n'est pas un code UAI"),
    (LYCEES, lambda c: c["features"].append(c["features"][0]), "deux fois"),
    (LYCEES, lycee_with(zone="XXX-9"), "« XXX-9 »"),
    (LYCEES, lambda c: c["features"][3]["properties"].pop("nom"), "n'a pas de champ « nom »"),
    (LYCEES, lambda c: c["features"][3].update(geometry=None), "lycees.geojson est altéré"),
    (
        LYCEES,
        lambda c: c["features"][0]["geometry"].update(coordinates=[-1.0, 47.0]),
        "Un lycée a changé de place",
    ),
    (
        SECTORS,
        lambda c: c["secteurs"][1]["zones"].append(c["secteurs"][0]["zones"][0]),
        "deux fois",
    ),
    (SECTORS, lambda c: c["secteurs"].append(c["secteurs"][0]), "deux fois"),
    (
        SECTORS,
        lambda c: c["secteurs"][0].update(centre_support="Z"),
        "centre support de Maine-et-Loire",
    ),
    *(
        (SECTORS, lambda c, bad=bad: c["calendrier"][0].update(ensemble=[bad]), "secteurs.json")
        for bad in (3, {"texte": "Sans sa raison"}, {"texte": None, "doute": ""})
    ),
    (SECTORS, lambda c: c.update(version=2), "secteurs.json est d'une autre version"),
    # a decision without its day, then with one that is none
    (SECTORS, lambda c: c.update(en_vigueur={"reference": "1"}), "n'a pas de champ « depuis »"),
    (
        SECTORS,
        lambda c: c.update(en_vigueur={"reference": "1", "depuis": "demain"}),
        "secteurs.json",
    ),
]


@pytest.mark.parametrize(("name", "spoil", "said"), SPOILS)
def test_a_file_that_is_spoiled_is_named_with_what_is_wrong(
    data_copy: Path, refused: Callable[[], str], name: str, spoil: Alter, said: str
) -> None:
    alter(data_copy / name, spoil)
    told = refused()
    assert said in told
    assert "changé" not in said or "reconstruisez-le" in told


@pytest.mark.parametrize("content", ["[]", "null", "12", "[" * 100_000])
@pytest.mark.parametrize("name", ["secteurs.json", "lycees.geojson"])
def test_json_of_another_shape_is_refused(
    data_copy: Path, refused: Callable[[], str], name: str, content: str
) -> None:
    (data_copy / name).write_text(content, encoding="utf-8")
    assert name in refused()


def test_the_data_folder_is_the_checkouts_unless_the_environment_names_another(
    data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEOZONES_DATA_DIR")
    assert find_data_folder() == SHIPPED
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    assert find_data_folder() == data_copy
    assert open_study().atlas.data.path == data_copy
    monkeypatch.setenv("GEOZONES_DATA_DIR", "")
    assert find_data_folder() == SHIPPED


def test_an_environment_that_names_no_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(tmp_path / "nulle-part"))
    with pytest.raises(DataFileError, match="GEOZONES_DATA_DIR"):
        find_data_folder()


def test_the_calendar_has_the_dates_of_the_source_and_what_is_uncertain_of_them(
    data_copy: Path,
) -> None:
    steps = read_data_folder(data_copy).calendar
    assert len(steps) == 5
    assert all(step.date and step.label for step in steps)
    headings = [step.heading for step in steps]
    assert headings[1:3] == ["1er novembre 2025", "5 janvier 2026 (lecture incertaine)"]
    (bilans,) = (each for each in steps[3].experimental if each.doubt)
    assert bilans.marked_text == "Bilans de l'expérimentation attendus (lecture incertaine)"
    assert steps[3].doubts == (bilans.doubt,)


# -- the plan that the folder delivers ------------------------------------------------------------


def baseline_of(data_copy: Path, change: Alter) -> tuple[str, str]:
    """Return the name and the status of the plan of an altered folder."""
    alter(data_copy / "secteurs.json", change)
    held = read_data_folder(data_copy).starting_plan.baseline("2026-11-28")
    return held.name, held.status


def test_a_folder_says_since_when_by_whom_and_by_what_its_plan_is_in_force(
    data_copy: Path,
) -> None:
    decision = {
        "depuis": "2026-09-01",
        "approuve_par": "la commission permanente",
        "reference": "délibération n° 12",
    }
    name, status = baseline_of(data_copy, lambda content: content.update(en_vigueur=decision))
    assert name == "Plan en vigueur"
    assert status == (
        "depuis le 1er septembre 2026, approuvé par la commission permanente, référence "
        "délibération n° 12"
    )
    study = open_study(data_copy)
    ledger = ledger_of(study.atlas, "2026-11-28")
    held = ledger.in_force()
    assert held.is_shipped
    assert ledger.line(held).startswith("Plan en vigueur depuis le 1er septembre 2026, approuvé")
    assert of_baseline(study.analysis).version.full_name.startswith("Plan en vigueur depuis le 1er")
    # until its day, it is a starting plan like another
    before = ledger_of(study.atlas, "2026-08-31")
    assert before.in_force() is None
    assert before.line(before.on()).startswith("Plan de départ : secteurs présentés")
    assert before.choice(before.on()) == "Plan de départ"
    assert ledger.choice(held) == "Publication du 1er septembre 2026 · en vigueur"
    assert not with_publications(before, study.analysis).baseline.is_in_force
