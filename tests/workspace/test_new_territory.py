"""The making of a territory as a job of a page: its progress, its end when stopped, its words."""

from pathlib import Path

import pytest

from geozones.common.files import DATA_FOLDER
from geozones.domain import SearchCancelledError
from geozones.domain.identifiers import scheme
from geozones.domain.settings import territory, use_territory
from geozones.domain.terms import terms
from geozones.features.new_territory.request import TerritoryRequest
from geozones.features.new_territory.use_cases import STEPS, make_territory
from geozones.intake.manifest_file import read_manifest
from geozones.workspace.folder.atlas import open_atlas
from geozones.workspace.folder.territories import territory_folder

LISTS = Path(__file__).parents[1] / "fixtures" / "territories"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TerritoryRequest:
    """Agencies of Corse, in a home of their own."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    return TerritoryRequest(
        name="Corse",
        content=(LISTS / "corse.csv").read_bytes(),
        list_name="corse.csv",
        communes=LISTS / "communes_corse.geojson",
    )


def test_each_step_is_told_as_it_begins_and_ends(asked: TerritoryRequest) -> None:
    reports: list[tuple[object, ...]] = []
    words, form = terms(), scheme()
    made = make_territory(asked, lambda *report: reports.append(report) if report else None)
    assert (terms(), scheme()) == (words, form)
    begun = [report[2] for report in reports if report[2] in STEPS]
    assert begun == list(STEPS)
    assert [report[0] for report in reports] == sorted(int(str(report[0])) for report in reports)
    assert [step.step for step in made.steps] == list(STEPS)
    assert made.steps[1].text.startswith("24\xa0sites placés")
    assert made.command == "geozones serve --folder corse"
    # a name opens it as it was given or as the command tells it
    assert territory_folder("Corse") == territory_folder("corse") == made.folder


@pytest.mark.parametrize("last", STEPS)
def test_a_territory_that_is_stopped_leaves_nothing(asked: TerritoryRequest, last: str) -> None:
    under_way = ""

    def listen(*report: object) -> None:
        nonlocal under_way
        under_way = str(report[2]) if report else under_way
        if under_way == last:
            raise SearchCancelledError

    before = territory()
    with pytest.raises(SearchCancelledError):
        make_territory(asked, listen)
    assert territory() == before
    assert not asked.path.parent.exists() or not any(asked.path.parent.iterdir())


def test_the_territory_opens_without_computing_its_cells_again(
    asked: TerritoryRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = territory()
    made = make_territory(asked, lambda *_: None)
    monkeypatch.setenv(DATA_FOLDER, str(made.folder))
    lands = made.folder.parents[1] / "espaces" / "corse" / "terres"
    kept = {path: path.stat().st_mtime_ns for path in lands.iterdir()}
    assert len(kept) == 1
    try:
        atlas = open_atlas(made.folder)
    finally:
        use_territory(before)
    assert {path: path.stat().st_mtime_ns for path in lands.iterdir()} == kept
    assert atlas.cells.keys() == atlas.lycees.keys()
    assert {site.departement for site in atlas.lycees.values()} == {"2A", "2B"}


def test_ids_made_here_are_no_uai_codes_and_land_without_communes_is_credited_as_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    content = (LISTS / "bretagne.csv").read_bytes()
    made = make_territory(TerritoryRequest("Bretagne", content, "bretagne.csv"), lambda *_: None)
    manifest = read_manifest(made.folder)
    assert manifest.words == "sites"
    assert "terres tracées par l'outil" in manifest.credits.ground
