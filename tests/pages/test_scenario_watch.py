"""Which pages are drawn again when somebody else changes the scenario that they show."""

from geozones.ui.server.session_limit import Watches


def test_a_page_is_due_once_for_each_change_that_is_not_its_own() -> None:
    watches = Watches()
    watches.put("ada", "s", 1, "page")
    watches.put("eve", "other", 7)
    assert watches.scenarios() == {"s", "other"}
    assert watches.due({"s": 1, "other": 7}) == {}
    # the first look at a change may come between the page's own save and its drawing
    assert watches.due({"s": 2, "other": 7}) == {}
    assert watches.due({"s": 2, "other": 7}) == {"ada": "page"}
    assert watches.due({"s": 2, "other": 7}) == {}
    # drawn again, but not caught up: it is in conflict, and not called at every look
    watches.put("ada", "s", 1, "page")
    assert [watches.due({"s": 2, "other": 7}) for _ in range(3)] == [{}, {}, {}]
    watches.put("ada", "s", 2, "page")
    watches.due({"s": 3, "other": 7})
    assert watches.due({"s": 3, "other": 7}) == {"ada": "page"}


def test_what_a_page_saves_itself_does_not_call_it() -> None:
    watches = Watches()
    watches.put("ada", "s", 1)
    assert watches.due({"s": 2}) == {}
    watches.put("ada", "s", 2)
    assert watches.due({"s": 2}) == {}
    assert watches.due({"s": 2}) == {}


def test_a_scenario_that_was_deleted_calls_its_pages() -> None:
    watches = Watches()
    watches.put("ada", "s", 1)
    watches.due({})
    assert watches.due({}) == {"ada": ""}
    watches.drop("ada")
    assert watches.scenarios() == frozenset()
