"""Two scenarios may have the same name: what is chosen is what is managed."""

from pathlib import Path

import pytest

from geozones.ui.shared_pages.shared_files import PICTURES
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.widgets.option_fields import distinct
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened


@pytest.mark.parametrize("rank", [0, 1])
def test_of_two_scenarios_of_the_same_name_the_one_chosen_is_deleted(
    service: Scenarios, rank: int
) -> None:
    for zone in ("SAR-4", "SAR-1"):
        work = service.record(service.new(), "move", {"moves": {"0720012X": zone}})
        service.describe(work, name="Essai")
    ids = [entry.id for entry in service.list()]
    pictures = [_kept_picture(service.links.freeze(service.open(key))) for key in ids]
    app = opened("scenarios", ScenariosView(managed=ids[rank]))
    app.checkbox(key=f"ScenariosView.sure.{ids[rank]}").check().run()
    app.button(key="scenario.supprimer").click().run()
    assert not app.exception
    assert [entry.id for entry in service.list()] == [ids[1 - rank]]
    assert [picture.exists() for picture in pictures] == [rank != 0, rank != 1]


def _kept_picture(token: str) -> Path:
    """Keep a picture of a version, as if a link to it had been sent."""
    picture = PICTURES.file(token)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"map")
    return picture


def test_names_that_are_the_same_are_numbered_and_no_other() -> None:
    names = {"a": "Essai", "b": "Essai", "c": "Essai (1)", "d": "Autre"}
    labels = distinct(names)
    assert labels["d"] == "Autre"
    assert len(set(labels.values())) == 4
    assert labels["c"] == "Essai (1)"
    assert all(labels[key].startswith("Essai (") for key in "ab")
