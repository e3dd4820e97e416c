"""The page « Partager » says what it needs, and freezes a scenario for the code of its files."""

import json
import subprocess
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.store import Store
from geozones.ui.state.page_views import MadeFiles
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, read
from helpers.stored import StoredScenarios

PUBLIC = "https://geozones.region.example"


def test_a_plan_without_changes_has_no_before_and_says_where_to_make_one(store: Store) -> None:
    assert StoredScenarios(store).list() == ()
    app = opened("partager")
    assert app.button(key="partager.preparer")
    app.selectbox(key="ShareView.kind").select("before-after").run()
    assert "Ce plan n'a pas d'avant" in read(app)
    assert "partager.preparer" not in {button.key for button in app.button}
    (link,) = [each.proto for each in app.get("page_link") if "Ouvrir la carte" in each.proto.label]
    assert link.page == ""  # the home page
    app.switch_page("pages/carte.py").run()
    assert "Pour déplacer un lycée" in read(app.run())


@pytest.mark.slow
def test_a_scenario_is_frozen_on_demand_for_the_code_of_its_files(
    service: Scenarios, moved: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GEOZONES_PUBLIC_URL", PUBLIC)
    app = opened("partager", scenario=moved.saved.id)
    assert "cette version du scénario n'est pas figée" in read(app)
    app.button(key="partager.figer").click().run()
    assert "Cette version est figée" in read(app)
    assert "Pas de code QR" not in read(app)
    app.selectbox(key="ShareView.format").select("pdf").run()
    (link,) = service.links.of_scenario(moved.saved.id)
    path = tmp_path / "plan.pdf"
    path.write_bytes(made(app))
    printed = ["pdftotext", "-raw", str(path), "-"]
    text = subprocess.run(printed, capture_output=True, text=True, check=True).stdout
    assert f"{PUBLIC}/?version={link.token}" in text.replace("\n", "")
    assert moved.saved.id not in text


def made(app: AppTest) -> bytes:
    """Prepare the file that is asked for; return it."""
    app.button(key="partager.preparer").click().run()
    files = app.session_state["geozones.MadeFiles"]
    assert isinstance(files, MadeFiles)
    if (making := files.in_making.get("file")) is not None:
        making.job.wait(120)
        app.run()
    read(app)
    content: bytes = app.session_state["geozones.MadeFiles"].by_kind["file"].content
    return content


def starts(app: AppTest) -> list[bool]:
    """Tell of each show on the page whether it starts by itself."""
    read(app)
    data = [json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.json]
    return [each["start"] for each in data if "start" in each]


def test_a_link_starts_the_show_and_one_that_leads_nowhere_says_so(moved: Work) -> None:
    assert starts(opened("webinaire", scenario=moved.saved.id)) == [True]
    app = opened("webinaire", scenario="nowhere")
    assert "Aucun scénario n'a le code" in read(app)
    assert starts(app) == [False]
    app = opened("webinaire", version="nowhere")
    assert "ne mène à aucun scénario" in read(app)
    assert (starts(app), list(app.button)) == ([], [])
