"""Expanders and popovers whose content is built only while they are open."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from geozones.domain.terms import worded


def when_open[**P](
    box: Callable[..., Any],
    label: str,
    *,
    key: str,
    **options: Any,  # noqa: ANN401 - options of st.expander or st.popover
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function draw into a box, ``st.expander`` or ``st.popover``, while that is open.

    The content of a closed box would slow every rerun. A box whose label or options depend on the
    session is drawn by its own function instead. Nouns of the network are in braces in the label.
    """

    def wrap(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            drawn_box = box(worded(label), key=key, on_change="rerun", **options)
            if drawn_box.open:
                with drawn_box:
                    draw(*args, **kwargs)

        return drawn

    return wrap
