"""A scenario has one count of its changes, on every page, before and after a publication."""

import json
import re
from collections.abc import Callable

import pytest

from geozones import cli
from geozones.common.clock import today
from geozones.domain import ScenarioStatus
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Post
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.ui.state.carte_views import MapView
from geozones.ui.state.page_views import ScenariosView
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import everything, opened, plain

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


@pytest.fixture
def elsewhere(study: Study) -> dict[str, str]:
    """Lycées of Maine-et-Loire that have another zone to go to."""
    plan = study.plan
    centres = {sector.support_centre for sector in plan.sectors}
    home, away, *_ = plan.zones_of("maine-et-loire")
    return {key: away.id for key in plan.members(home.id) if key not in centres}


@pytest.fixture
def mine(service: Scenarios, elsewhere: dict[str, str]) -> Work:
    """A scenario that moves two lycées and has a post, with a link."""
    moves = {RACAN: "SAR-4"} | dict(list(elsewhere.items())[:1])
    work = service.record(service.new(), "move", {"moves": moves})
    post = post_to_json(Post("tip-1", "SAR-4", cells=(FREE,) * SLOTS))
    work = service.record(work, "set_posts", {"zones": ["SAR-4"], "posts": [post]})
    return service.describe(work, name="Le mien")


@pytest.fixture
def publish_another(
    study: Study, store: Store, service: Scenarios, elsewhere: dict[str, str]
) -> Callable[[], None]:
    """Put in force today scenarios that each move another lycée."""
    left = iter(list(elsewhere.items())[1:])

    def publish() -> None:
        work = service.record(service.new(), "move", {"moves": dict([next(left)])})
        work = service.decide(work, ScenarioStatus.KEPT, "vu au comité")
        terms = Terms(today().isoformat(), "Grace Hopper")
        Publications(study.analysis, lambda: store, LOCAL).publish(work, terms, insist=True)

    return publish


def counted(text: str) -> set[int]:
    return {int(n) for n in re.findall(r"(\d+) lycées? change(?:nt)? de zone", text)}


def counts(key: str, token: str, capsys: pytest.CaptureFixture[str]) -> dict[str, set[int]]:
    """The lycées that a scenario moves, as each page and the command tell it."""
    page = opened("scenarios", ScenariosView(managed=key, compared=(key,), feedback=True))
    row = re.findall(rf"{key}.*?</li>", everything(page).replace("\\", ""), re.DOTALL)[0]
    cells = re.findall(r"<small>(\d)\w*?lyc", row)
    labels = [button.label for button in page.button if button.key == "avis.concernes"]
    cli.main(["scenarios", "show", key, "--json"])
    told = json.loads(capsys.readouterr().out)
    return {
        "map": counted(plain(opened("carte", scenario=key))),
        "sheet and comparison": counted(plain(page)),
        "list": set(map(int, cells)),
        "page for a decision": counted(plain(opened("scenarios", version=token))),
        "opinions": {int(n) for label in labels for n in re.findall(r"\((\d+)\)", label)},
        "command": {len(told["moved"])},
    }


def test_one_count_of_a_scenario_everywhere_before_and_after_a_publication(
    publish_another: Callable[[], None],
    service: Scenarios,
    mine: Work,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key, token = mine.saved.id, service.links.freeze(mine)
    for _ in range(2):
        told = counts(key, token, capsys)
        assert told == {name: {2} for name in told}
        publish_another()


def test_every_page_of_a_scenario_says_what_publishing_it_would_undo(
    publish_another: Callable[[], None], service: Scenarios, mine: Work
) -> None:
    key, token = mine.saved.id, service.links.freeze(mine)
    publish_another()
    for app in (
        opened("carte", scenario=key),
        opened("scenarios", ScenariosView(managed=key)),
        opened("scenarios", version=token),
    ):
        assert "Publier ce scénario déferait : " in plain(app)
    assert "Aucune décision n'est notée dans cette version." in plain(app)
    app = opened("carte", MapView(), scenario=key)
    app.button(key="scenario.reprendre").click().run()
    text = plain(app)
    assert "« Le mien » est repris sur le plan en vigueur du" in text
    assert "Publier ce scénario déferait" not in text
    assert service.open(key).timeline.path[0].kind == "take_over"
