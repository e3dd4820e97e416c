"""Rules offered to be lifted where no plan respects the conditions."""

from html import unescape

from streamlit.testing.v1 import AppTest


def page() -> None:
    """Search zones that no plan has, and no time to know without which rules."""
    # AppTest runs the source of this function alone
    from geozones.optimize import PartitionOptions  # noqa: PLC0415
    from geozones.ui.carte.proposals import offer_to_lift  # noqa: PLC0415
    from geozones.workspace.figures.study import open_study  # noqa: PLC0415
    from geozones.workspace.proposals import search  # noqa: PLC0415

    usual = search._LIFTING_S
    try:
        search._LIFTING_S = 0.0
        asked = PartitionOptions(sectors={"mayenne"}, size_min=6, size_max=6)
        found = search.search_plans(lambda *_: None, search.PlanRequest(open_study(), asked))
    finally:
        search._LIFTING_S = usual
    offer_to_lift(found)


def test_a_search_too_large_does_not_claim_that_lifting_rules_is_useless() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    (note,) = app.get("html")
    assert "n'a pas trouvé quelles règles lever" in unescape(note.proto.body)
    assert not app.button
