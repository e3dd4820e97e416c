"""Session store: one frozen record per view, read and changed by its class."""

from dataclasses import is_dataclass, replace
from typing import Any, ClassVar, Protocol

import streamlit as st

_PREFIX = "geozones."


class ViewRecord(Protocol):
    """Protocol of view records: any dataclass; the records of this package are frozen."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def of[V: ViewRecord](view: type[V]) -> V:
    """Return the session's record of a view; at first, the defaults of its class."""
    key = _PREFIX + view.__name__
    if key not in st.session_state:
        st.session_state[key] = view()
    record: V = st.session_state[key]
    return record


def update[V: ViewRecord](view: type[V], **changes: Any) -> V:  # noqa: ANN401 - its fields
    """Change fields of a view, and return the new record."""
    changed = replace(of(view), **changes)
    st.session_state[_PREFIX + view.__name__] = changed
    return changed


def yield_to_streamlit() -> None:
    """Let Streamlit end the run here, if another page was requested or the tab was closed."""
    _ = _PREFIX in st.session_state


def drop_item(view: type[ViewRecord], *names: str, item: str) -> None:
    """Remove an item from some fields of a view that are mappings."""
    record = of(view)
    kept = {
        name: {key: value for key, value in getattr(record, name).items() if key != item}
        for name in names
    }
    update(view, **kept)


def forget_all(*but: type[ViewRecord]) -> None:
    """Reset every view to the defaults of its class, ``but`` some."""
    kept = {_PREFIX + view.__name__ for view in but}
    for key, value in list(st.session_state.items()):
        if str(key).startswith(_PREFIX) and is_dataclass(value) and key not in kept:
            del st.session_state[key]


def forget(view: type[ViewRecord]) -> None:
    """Reset a view to the defaults of its class."""
    st.session_state.pop(_PREFIX + view.__name__, None)
