"""Curves of the figures by number of moves; a click on a point shows its plan."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geozones.common.french import inside, listing, plural
from geozones.metrics.metric import Metric, MetricPlace
from geozones.metrics.metric_inputs import Values, number_of
from geozones.metrics.metric_registry import shown_in
from geozones.ui import state
from geozones.ui.state.carte_views import ProposalView
from geozones.ui.widgets import html
from geozones.workspace.plan_comparison import region_values
from geozones.workspace.proposals.search import Point
from geozones.workspace.study import Study

#: Share of the values below which their differences are equivalent to nothing.
_NOTHING = 0.02
#: How many times their extent the axis of such values has, at least.
_TIMES = 4.0
#: Share of the axis below which the labels of both ends would overlap.
_OVERLAP = 0.15

type Ends = tuple[float, float]


def ends_of(values: Iterable[float]) -> Ends | None:
    """Return the least and the greatest of the finite values; ``None`` if there is none."""
    known = [value for value in values if isfinite(value)]
    return (min(known), max(known)) if known else None


def are_equivalent(values: Iterable[float]) -> bool:
    """Tell whether values differ, and by less than 2 % of the greatest."""
    ends = ends_of(values)
    return ends is not None and 0 < ends[1] - ends[0] < _NOTHING * max(map(abs, ends))


def equivalence(figures: Mapping[str, Sequence[float]]) -> str:
    """Return the sentence on the figures (by name) that hardly differ; empty if none does."""
    same = [name for name, values in figures.items() if are_equivalent(values)]
    return f"Les plans se valent (moins de 2 % d'écart) : {listing(same)}." if same else ""


def domain_of(values: Iterable[float]) -> Ends | None:
    """Return the ends of the axis of some values.

    Values that differ by less than 2 % do not fill it: their extent is a quarter of it at most, and
    the axis has 2 % of the greatest at least.
    """
    ends = ends_of(values)
    if ends is None:
        return None
    low, high = ends
    extent = high - low
    least = _NOTHING * max(map(abs, ends))
    room = max(_TIMES * extent, least, 2.0) if extent < least or extent < 1 else extent * 1.16
    middle = (low + high) / 2
    return middle - room / 2, middle + room / 2


def labelled(values: Iterable[float]) -> list[float]:
    """Return the values to label: the least and the greatest, or one where both would overlap."""
    known = list(values)
    ends, domain = ends_of(known), domain_of(known)
    if ends is None or domain is None:
        return []
    apart = ends[1] - ends[0] >= _OVERLAP * (domain[1] - domain[0])
    return sorted(set(ends)) if apart else [ends[1]]


_CURVE_INK, _CURVE_ACCENT = "#14507a", "#c24a1c"
#: Height of a chart, and of the axis title under the last one, in pixels.
_CURVE_HEIGHT, _TITLE = 132, 30
_POINT = "point"


def curve(searched: Study, points: Sequence[Point], shown: Point) -> None:
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
        _curve_chart(frame, record, last=record is records[-1])


def _point_text(point: Point, values: Values) -> str:
    figures = (
        f"{record.label.lower()} {record.write(values[record.key])}"
        for record in shown_in(MetricPlace.HEADLINE)
    )
    return f"{plural(point.moves, 'déplacement')} au plus : {', '.join(figures)}"


def _curve_chart(frame: pd.DataFrame, record: Metric, *, last: bool) -> None:
    """Draw one figure by number of moves; labels are ours, because Vega formats in English."""
    field, colour = record.key, _CURVE_INK
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
            color=alt.condition("datum.shown", alt.value(_CURVE_ACCENT), alt.value(colour)),
        )
        .add_params(alt.selection_point(name=_POINT, fields=["moves"], on="click"))
    )
    key = f"propositions.courbe.{field}"

    def clicked() -> None:
        _show(state.widget_value(key))

    st.altair_chart(
        (line.encode(x=x, y=y) + dots).properties(
            height=_CURVE_HEIGHT + (_TITLE if last else 0),
            title=alt.TitleParams(
                _metric_title(record), anchor="start", fontSize=14, fontWeight=600
            ),
        ),
        key=key,
        on_select=clicked,
        selection_mode=_POINT,
    )


def _scale(values: "pd.Series[float]") -> alt.Scale:
    domain = domain_of(values)
    return alt.Scale(zero=False) if domain is None else alt.Scale(domain=list(domain), nice=False)


def _metric_title(record: Metric) -> str:
    return f"{record.label} ({record.unit})" if record.unit else record.label


def _show(event: Any) -> None:  # noqa: ANN401 - Streamlit's own record
    """Show the point clicked; a click outside every point changes nothing."""
    picked = event["selection"].get(_POINT) if event else None
    if picked:
        state.update(ProposalView, moves=int(picked[0]["moves"]))
