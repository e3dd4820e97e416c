"""Events applied without a history."""

from typing import Any

from geozones.domain.events import State, read_change


def apply(state: State, kind: str, data: Any) -> State:
    """Return the state after an event of a kind with its data, as a store or a page gives them."""
    return read_change(kind, data).apply(state)
