"""Addresses of pages that are no longer: each leads to what took its place, as it was asked."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from geozones.ui import state
from geozones.ui.state.views import MapView, Mode, ShareView


def _leads(page: str, view: type, **fields: Any) -> Callable[[], None]:  # noqa: ANN401 - those of a view
    def lead() -> None:
        state.update(view, **fields)
        st.switch_page(page, query_params=st.query_params.to_dict())

    return lead


_CARTE, _PARTAGER = "pages/carte.py", "pages/partager.py"
#: What each old address leads to.
OLD_ADDRESSES: Mapping[str, Callable[[], None]] = {
    "atelier": _leads(_CARTE, MapView, mode=Mode.EDIT),
    "propositions": _leads(_CARTE, MapView, mode=Mode.PROPOSE),
    "temps": _leads(_CARTE, MapView, mode=Mode.LOOK, colouring="max_minutes"),
    "webinaire": _leads(_PARTAGER, ShareView, part="webinaire", linked=True),
}
