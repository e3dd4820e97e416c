"""Widgets of the options of a form, made from their description (`domain.options`)."""

from collections.abc import Mapping

import streamlit as st

from geozones.common.french import number
from geozones.domain.options import Option, option_fields
from geozones.ui import state
from geozones.ui.state.store import ViewRecord
from geozones.ui.widgets.chooser import chooser


def option_of(view: type[ViewRecord], field: str) -> Option:
    """Return the option of a field of a view."""
    return option_fields(view)[field].option


def choice_field(view: type[ViewRecord], field: str) -> None:
    """Draw the list of the allowed values of an option, after ``None`` where it has a name."""
    option = option_of(view, field)
    values = [*([None] if option.unset else []), *option.choices]
    state.bound(view, field).draw(
        st.selectbox,
        option.label,
        values,
        format_func=option.shown,
        help=option.tooltip,
    )


def steps_field(view: type[ViewRecord], field: str) -> None:
    """Draw the slider of the offered values of an option, and of ``None`` where it has a name."""
    option = option_of(view, field)
    values = [*option.offered, *([None] if option.unset else [])]
    state.bound(view, field).draw(st.select_slider, option.label, values, format_func=option.shown)


def range_field(view: type[ViewRecord], least: str, most: str) -> None:
    """Draw the slider of two bounds; its greatest value means no upper bound, if that has a name.

    Parameters
    ----------
    least, most
        The fields of the bounds. The first gives the label and the offered values.
    """
    low, unset = option_of(view, least), option_of(view, most).unset
    start, top = low.offered[0], low.offered[-1]
    held = getattr(state.of(view), least), getattr(state.of(view), most)

    def write(chosen: tuple[float, float]) -> None:
        high = None if unset and chosen[1] == top else chosen[1]
        state.update(view, **{least: chosen[0], most: high})

    shown = (start if held[0] is None else held[0], top if held[1] is None else held[1])
    label = f"{low.label} ({number(top)} : {unset})" if unset else low.label
    step = low.offered[1] - start
    bound = state.BoundValue(f"{view.__name__}.{least}", shown, write)
    bound.draw(st.slider, label, start, top, step=step)


def refusal_field(view: type[ViewRecord], field: str) -> None:
    """Draw the toggle that refuses what an option permits."""

    def write(refused: bool) -> None:  # noqa: FBT001 - written by a toggle
        state.update(view, **{field: not refused})

    refused = not getattr(state.of(view), field)
    bound = state.BoundValue(f"{view.__name__}.{field}", refused, write)
    bound.draw(st.toggle, option_of(view, field).label)


def several_field(
    view: type[ViewRecord], field: str, names: Mapping[str, str], **also: object
) -> None:
    """Draw a choice of several items; items that no longer exist are dropped.

    ``also`` are fields of the view that a change resets.
    """
    option = option_of(view, field)

    def take(chosen: tuple[str, ...]) -> None:
        state.update(view, **{field: chosen}, **also)

    bound = state.bound(view, field, then=take)
    chooser(option.label, names, bound, st.multiselect, placeholder=option.unset)
