"""Rules offered to be lifted where no plan respects the conditions."""

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    """Search wide zones in any sector too briefly: without the rules, there are millions."""
    # AppTest runs the source of this function alone
    from geozones.optimize import PartitionOptions  # noqa: PLC0415
    from geozones.ui.carte.proposals.best_plans import offer_to_lift  # noqa: PLC0415
    from geozones.workspace.proposals.search import PlanRequest, search_plans  # noqa: PLC0415
    from geozones.workspace.study import open_study  # noqa: PLC0415

    wide = PartitionOptions(change_sector=True, size_min=5, size_max=8, time_limit=0.05)
    offer_to_lift(search_plans(lambda *_: None, PlanRequest(open_study(), wide)))


@pytest.mark.slow
def test_a_search_too_large_does_not_claim_that_lifting_rules_is_useless() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    (note,) = app.get("html")
    assert "n'a pas trouvé quelles règles lever" in unescape(note.proto.body)
    assert not app.button
