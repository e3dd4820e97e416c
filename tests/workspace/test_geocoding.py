"""A point found is checked against its commune before it is a place."""

from pathlib import Path

import pytest

from geozones.domain.places import PlaceQuery, Precision
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.folder.places import find_places, place_doubt

NANTES, REZE = "44109", "44143"


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study()


def test_a_point_in_the_next_commune_or_out_of_the_territory_is_refused(study: Study) -> None:
    doubt = place_doubt(study.territory, 47.18, -1.55, NANTES)
    assert doubt.startswith("le point est hors de la commune de Nantes, à ")
    assert place_doubt(study.territory, 47.18, -1.55, REZE) is None
    assert place_doubt(study.territory, 47.2184, -1.5536, None) is None
    assert place_doubt(study.territory, 48.8566, 2.3522, None) == "le point est hors du territoire"


def test_a_point_far_from_the_centre_of_a_wide_commune_is_refused(study: Study) -> None:
    # Baugé-en-Anjou spreads over 27 km
    limits = study.atlas.limits["49018"]
    west, _, east, _ = limits.bounds
    far = max(limits.exterior.coords, key=lambda point: abs(point[0] - (west + east) / 2))
    doubt = place_doubt(study.territory, far[1], far[0], "49018")
    assert "du centre de Baugé-en-Anjou (10 km au plus)" in doubt


def test_a_code_and_a_commune_that_disagree_are_refused_unless_one_insists(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    query = PlaceQuery("0440537V", commune="Laval", postcode="53000", row=2)
    refused = find_places(study.territory, [query])
    assert refused.located == ()
    assert "hors de la commune de Laval" in refused.unlocated[0].why
    (taken,) = find_places(study.territory, [query], insist=True).located
    assert (taken.id, taken.precision) == ("0440537V", Precision.ADDRESS)
