"""Redirects from the addresses of former pages to what replaced them, query included."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from geozones.ui import state
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.partager_views import ShareView


def _leads(
    page: str,
    view: type,
    asks: Mapping[str, str] = MappingProxyType({}),
    **fields: Any,  # noqa: ANN401 - fields of any view
) -> Callable[[], None]:
    def lead() -> None:
        state.update(view, **fields)
        st.switch_page(page, query_params={**st.query_params.to_dict(), **asks})

    return lead


_CARTE, _PARTAGER = "pages/carte.py", "pages/partager.py"
#: Redirect of each old address.
OLD_ADDRESSES: Mapping[str, Callable[[], None]] = {
    "atelier": _leads(_CARTE, MapView, mode=Mode.EDIT),
    "propositions": _leads(_CARTE, MapView, mode=Mode.PROPOSE),
    "temps": _leads(_CARTE, MapView, mode=Mode.LOOK, colouring="max_minutes"),
    "webinaire": _leads(_PARTAGER, ShareView, asks=address.of_part("webinaire"), linked=True),
}
