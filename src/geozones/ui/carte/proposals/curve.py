"""Curves of the region's headline figures by number of moves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import streamlit as st

from geozones.common.french import inside, plural
from geozones.metrics.format import Values, number_of
from geozones.metrics.metric import Metric, MetricPlace
from geozones.metrics.metric_registry import shown_in
from geozones.ui import state
from geozones.ui.carte.proposals.chart_axis import domain_of, equivalence, labelled
from geozones.ui.state.proposal_views import ProposalView
from geozones.ui.widgets import html
from geozones.workspace.plan_comparison import region_values
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.workspace.proposals.search import Point

_INK, _ACCENT = "#14507a", "#c24a1c"
#: Height of a chart, and of the axis title under the last one, in pixels.
_HEIGHT, _TITLE = 132, 30
_POINT = "point"


def curve(searched: Study, points: Sequence["Point"], shown: "Point") -> None:
    """Draw the curves; a click on a point shows it. ``searched`` has the plan searched from."""
    records = shown_in(MetricPlace.HEADLINE)
    values = [region_values(searched.with_plan(point.result.plan)) for point in points]
    columns = {record.key: [number_of(row[record.key]) for row in values] for record in records}
    frame = pd.DataFrame(
        {
            "moves": [point.moves for point in points],
            **columns,
            "shown": [point == shown for point in points],
            "said": [_point_text(*pair) for pair in zip(points, values, strict=True)],
        }
    )
    same = equivalence({inside(record.label): list(frame[record.key]) for record in records})
    if same:
        html.show(html.note(same))
    for record in records:
        _chart(frame, record, last=record is records[-1])


def _point_text(point: "Point", values: Values) -> str:
    figures = (
        f"{record.label.lower()} {record.write(values[record.key])}"
        for record in shown_in(MetricPlace.HEADLINE)
    )
    return f"{plural(point.moves, 'déplacement')} au plus : {', '.join(figures)}"


def _chart(frame: pd.DataFrame, record: Metric, *, last: bool) -> None:
    """Draw one figure by number of moves; labels are ours, because Vega formats in English."""
    field, colour = record.key, _INK
    ticks = sorted(set(frame["moves"]))
    x = alt.X(
        "moves:Q",
        title="Déplacements au plus" if last else None,
        axis=alt.Axis(values=ticks[:: max(len(ticks) // 16, 1)], format="d", grid=False),
        scale=alt.Scale(nice=False, padding=14),
    )
    y = alt.Y(
        f"{field}:Q",
        title=None,
        scale=_scale(frame[field]),
        axis=alt.Axis(
            values=labelled(frame[field]),
            labelExpr="replace(format(datum.value, ',.0f'), ',', '\u202f')",
        ),
    )
    tooltip = [alt.Tooltip("said:N", title=" ")]
    line = alt.Chart(frame).mark_line(interpolate="step-after", color=colour, strokeWidth=2)
    dots = (
        alt.Chart(frame)
        .mark_point(filled=True, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y,
            tooltip=tooltip,
            size=alt.condition("datum.shown", alt.value(210), alt.value(90)),
            color=alt.condition("datum.shown", alt.value(_ACCENT), alt.value(colour)),
        )
        .add_params(alt.selection_point(name=_POINT, fields=["moves"], on="click"))
    )
    key = f"propositions.courbe.{field}"

    def clicked() -> None:
        _show(state.widget_value(key))

    st.altair_chart(
        (line.encode(x=x, y=y) + dots).properties(
            height=_HEIGHT + (_TITLE if last else 0),
            title=alt.TitleParams(_title(record), anchor="start", fontSize=14, fontWeight=600),
        ),
        key=key,
        on_select=clicked,
        selection_mode=_POINT,
    )


def _scale(values: "pd.Series[float]") -> alt.Scale:
    domain = domain_of(values)
    return alt.Scale(zero=False) if domain is None else alt.Scale(domain=list(domain), nice=False)


def _title(record: Metric) -> str:
    return f"{record.label} ({record.unit})" if record.unit else record.label


def _show(event: Any) -> None:  # noqa: ANN401 - Streamlit's own record
    """Show the point clicked; a click outside every point changes nothing."""
    picked = event["selection"].get(_POINT) if event else None
    if picked:
        state.update(ProposalView, moves=int(picked[0]["moves"]))
