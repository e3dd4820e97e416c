"""What pages say of the standing of the plan: nothing is in force before a publication."""

import re
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from geozones.common.clock import today
from geozones.domain import ScenarioStatus
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.state.session_views import Current
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import everything, opened, said
from helpers.slow_params import slow_but

from .test_roles import PAGES, WITHIN

#: Words that only a publication may make true, with those around them.
CLAIM = re.compile(r".{0,60}(?:en vigueur|approuv).{0,60}", re.IGNORECASE)
YESTERDAY = (today() - timedelta(days=1)).isoformat()
RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


def claims(app: AppTest) -> list[str]:
    """Return the sentences and labels sent to the browser that say that something is decided."""
    sent = everything(app).encode("latin-1", "replace").decode("unicode_escape")
    return CLAIM.findall(f"{sent} {said(app)}")


@pytest.mark.parametrize(
    ("page", "record"),
    [*((page, None) for page in PAGES), *WITHIN, ("carte", Selection(sector="sarthe"))],
    ids=lambda part: str(part)[:40],
)
def test_before_a_publication_no_page_says_that_a_plan_is_in_force_or_approved(
    page: str, record: object, moved: Work
) -> None:
    assert moved.saved
    assert claims(opened(page, *(() if record is None else (record,)))) == []


@pytest.mark.parametrize(
    "page", slow_but(["carte", "equipes", "scenarios", "partager", "donnees"], "carte", "scenarios")
)
def test_a_scenario_before_a_publication_is_compared_with_the_starting_plan(
    page: str, moved: Work
) -> None:
    records = (Current(work=moved), ScenariosView(compared=(moved.saved.id,)))
    app = opened(page, *records)
    assert claims(app) == []
    if page in {"carte", "scenarios"}:
        assert re.search(r"(?i)plan de d", everything(app))


@pytest.mark.parametrize("page", slow_but(["carte", "scenarios", "partager"], "carte"))
def test_after_a_publication_pages_say_what_is_in_force(
    page: str, study: Study, store: Store, service: Scenarios, moved: Work
) -> None:
    use_cases = Publications(study.analysis, lambda: store, LOCAL)
    kept = service.decide(moved, ScenarioStatus.KEPT, "vu au comité")
    use_cases.publish(kept, Terms(YESTERDAY, "Grace Hopper", "n° 12"), insist=True)
    assert "en vigueur" in " ".join(claims(opened(page)))
    if page != "partager":
        assert "Grace Hopper" in said(opened(page))
