"""What each more move brings: the curve of the best objective and of the longest drive."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import streamlit as st

from geozones.common.french import minutes, number, plural
from geozones.ui import state
from geozones.ui.state.views import ProposalView
from geozones.workspace.figures import metric

if TYPE_CHECKING:
    from geozones.workspace.proposals.search import Point

_INK, _ACCENT, _WORST = "#14507a", "#c24a1c", "#6d7780"
_POINT = "point"


def curve(points: Sequence["Point"], shown: "Point") -> None:
    """Draw the curve; a click on a point shows it."""
    frame = pd.DataFrame(
        {
            "moves": [point.moves for point in points],
            "objective": [point.result.objective_after for point in points],
            "worst": [point.result.worst_after for point in points],
            "shown": [point == shown for point in points],
            "said": [_said(point) for point in points],
        }
    )
    _chart(frame, "objective", f"{metric('objective').label} (min)", _INK, 210)
    _chart(frame, "worst", f"{metric('max_minutes').narrow} (min)", _WORST, 170)


def _said(point: "Point") -> str:
    result = point.result
    return (
        f"{plural(point.moves, 'déplacement')} au plus : objectif "
        f"{number(result.objective_after, 1)}, plus long trajet {minutes(result.worst_after)}"
    )


def _chart(frame: pd.DataFrame, field: str, title: str, colour: str, height: int) -> None:
    """Draw one figure by number of moves. Vega writes numbers in English: the labels are ours."""
    ticks = sorted(set(frame["moves"]))
    x = alt.X(
        "moves:Q",
        title="Déplacements au plus" if field == "worst" else None,
        axis=alt.Axis(values=ticks[:: max(len(ticks) // 16, 1)], format="d", grid=False),
        scale=alt.Scale(nice=False, padding=14),
    )
    y = alt.Y(
        f"{field}:Q",
        title=title,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(
            tickCount=4,
            tickMinStep=1,
            labelExpr="replace(format(datum.value, ',.0f'), ',', '\u202f')",
        ),
    )
    said = [alt.Tooltip("said:N", title=" ")]
    line = alt.Chart(frame).mark_line(interpolate="step-after", color=colour, strokeWidth=2)
    dots = (
        alt.Chart(frame)
        .mark_point(filled=True, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y,
            tooltip=said,
            size=alt.condition("datum.shown", alt.value(210), alt.value(90)),
            color=alt.condition("datum.shown", alt.value(_ACCENT), alt.value(colour)),
        )
        .add_params(alt.selection_point(name=_POINT, fields=["moves"], on="click"))
    )
    key = f"propositions.courbe.{field}"

    def clicked() -> None:
        _show(state.widget_value(key))

    st.altair_chart(
        (line.encode(x=x, y=y) + dots).properties(height=height),
        key=key,
        on_select=clicked,
        selection_mode=_POINT,
    )


def _show(event: Any) -> None:  # noqa: ANN401 - Streamlit's own record
    """Show the point clicked; a click beside every point changes nothing."""
    picked = event["selection"].get(_POINT) if event else None
    if picked:
        state.update(ProposalView, moves=int(picked[0]["moves"]))
