"""Curves by number of moves; Pareto front of two measures: form, search, chart."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import streamlit as st

from geozones.common.french import inside, listing, plural
from geozones.domain.terms import worded
from geozones.metrics.metric import Metric, MetricPlace
from geozones.metrics.metric_inputs import Values, number_of
from geozones.metrics.metric_registry import shown_in
from geozones.ui import state
from geozones.ui.carte.proposals.conditions import options, plan_request
from geozones.ui.state.carte_views import FrontView, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, job_card
from geozones.workspace.plan_comparison import region_values
from geozones.workspace.proposals.fronts import (
    AXES,
    FrontJob,
    FrontRequest,
    find_knee,
    front_job,
    named,
)
from geozones.workspace.proposals.search import OpenedPlan, PlanRequest, Point
from geozones.workspace.proposals.solve import options_of
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.workspace.proposals.fronts import Front, FrontPoint, Measure

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
        _curve_chart(frame, record, last=record is records[-1])


def _point_text(point: "Point", values: Values) -> str:
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


_INK, _ACCENT, _NOW = "#14507a", "#c24a1c", "#6b6b6b"
_HEIGHT = 260
_ABOUT = (
    "Améliorer une mesure dégrade souvent l'autre. Chaque point est un plan qui respecte vos "
    "conditions. Il est prouvé : aucun autre plan n'améliore une mesure sans dégrader l'autre."
)
_PROOF = "Prouvé : sous ces conditions, aucun plan n'améliore une mesure sans dégrader l'autre."
_STOPPED = "La recherche s'est arrêtée avant la fin : les points trouvés restent prouvés."
_CHANGED = "Le plan ou vos conditions ont changé : cherchez de nouveau."


def front_card(study: Study) -> None:
    """Draw the form of a front for the current scenario, and the last front found."""
    job = state.of(FrontView).job
    with st.expander("Compromis entre deux mesures", expanded=job is not None):
        _ask(is_running=job is not None and job.is_running)
        if job is None:
            html.show(html.note(_ABOUT))
            return
        job_card(
            job,
            "Recherche des compromis",
            lambda front: _drawn(study, job.asked.origin, front),
            StopButton("Arrêter et garder les points trouvés", "compromis.arreter", job.cancel),
            lambda: st.progress(job.progress.share, text=job.progress.phase),
        )


def _ask(*, is_running: bool) -> None:
    state.bound(FrontView, "x").draw(
        st.selectbox, "Mesure de l'effort", list(AXES), format_func=_axis
    )
    state.bound(FrontView, "y").draw(st.selectbox, "Mesure du gain", list(AXES), format_func=_axis)
    st.button(
        "Chercher les compromis",
        icon=":material/search:",
        key="compromis.chercher",
        disabled=is_running,
        on_click=_begin,
        width="stretch",
    )


def _axis(key: str) -> str:
    label = worded(AXES[key])
    return f"{label[0].upper()}{label[1:]}"


def _begin() -> None:
    """Start a search on the plan of the session's scenario."""
    if begin_job(FrontView, _job):
        state.update(ProposalView, opened=None)


def _job() -> FrontJob:
    view, asked = state.of(FrontView), plan_request(required=True)
    # the points are plans of least hours, whatever the objective in the form
    return front_job(FrontRequest(PlanRequest(asked.study, asked.options), view.x, view.y))


def _drawn(study: Study, origin: PlanRequest, front: "Front") -> None:
    if not front.points:
        html.show(html.error(front.why))
        return
    if study.plan != origin.study.plan or options_of(**options(study)) != origin.options:
        html.show(html.note(_CHANGED))
    html.show(html.sentence(find_knee(front).sentence))
    if len(front.points) > 1:
        _chart(origin, front)
        named = {front.x.label: _values(front, 0), front.y.label: _values(front, 1)}
        if same := equivalence(named):
            html.show(html.note(same))
    if not front.complete:
        html.show(html.note(_STOPPED))
    names = [_name(front, point) for point in front.points]
    chosen = state.BoundValue(
        "FrontView.point", _shown(front), lambda rank: _open(origin, front, rank)
    )
    chosen.draw(
        st.selectbox,
        "Plan montré",
        range(len(names)),
        format_func=names.__getitem__,
        placeholder="Choisir un point",
    )


def _shown(front: "Front") -> int | None:
    """Return the rank of the point whose plan is on the map; ``None`` if there is none."""
    opened = state.of(ProposalView).opened
    results = [point.result for point in front.points]
    if opened is None or opened.point.result not in results:
        return None
    return results.index(opened.point.result)


def _name(front: "Front", point: "FrontPoint") -> str:
    return f"{named(front.x, point.x)}, {named(front.y, point.y)}"


def _open(origin: PlanRequest, front: "Front", rank: int | None) -> None:
    """Open the plan of a point on the map; ``None`` closes it."""
    if rank is None:
        state.update(ProposalView, opened=None)
        return
    point = front.points[rank]
    shown = Point(len(point.result.moves), point.result)
    title = f"Compromis : {_name(front, point)}"
    opened = OpenedPlan(origin, shown, title, _PROOF)
    state.update(ProposalView, opened=opened, after=True)


def _chart(origin: PlanRequest, front: "Front") -> None:
    """Draw the points; a click on one opens its plan. Labels are ours: Vega writes English."""
    shown, end = _shown(front), find_knee(front).point
    rows = [
        {
            "x": point.x,
            "y": point.y,
            "rank": rank,
            "kind": "shown" if rank == shown else "end" if point is end else "point",
            "said": f"{_name(front, point)} : {plural(len(point.result.moves), 'déplacement')}",
        }
        for rank, point in enumerate(front.points)
    ]
    frame = pd.DataFrame(rows)
    x = alt.X("x:Q", title=_title(front.x), scale=_around(front, 0), axis=_ends(frame["x"]))
    y = alt.Y("y:Q", title=None, scale=_around(front, 1), axis=_ends(frame["y"]))
    base = alt.Chart(frame)
    line = base.mark_line(interpolate="step-after", color=_INK, strokeWidth=1.5).encode(x=x, y=y)
    dots = (
        base.mark_point(filled=True, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y,
            tooltip=[alt.Tooltip("said:N", title=" ")],
            size=alt.condition("datum.kind == 'point'", alt.value(90), alt.value(210)),
            color=alt.condition("datum.kind == 'shown'", alt.value(_ACCENT), alt.value(_INK)),
        )
        .add_params(alt.selection_point(name=_POINT, fields=["rank"], on="click"))
    )
    layers = line + dots
    if front.now is not None:
        now = pd.DataFrame([{"x": front.now[0], "y": front.now[1], "said": "aujourd'hui"}])
        mark = alt.Chart(now).encode(x=x, y=y)
        layers = (
            layers
            + mark.mark_point(shape="cross", color=_NOW, size=110, filled=True)
            + mark.mark_text(dy=-12, color=_NOW, fontSize=12).encode(text="said:N")
        )
    key = "compromis.courbe"

    def clicked() -> None:
        event: Any = state.widget_value(key)
        picked = event["selection"].get(_POINT) if event else None
        if picked:
            _open(origin, front, int(picked[0]["rank"]))

    title = alt.TitleParams(_title(front.y), anchor="start", fontSize=14, fontWeight=600)
    st.altair_chart(
        layers.properties(height=_HEIGHT, title=title),
        key=key,
        on_select=clicked,
        selection_mode=_POINT,
    )


def _title(measure: "Measure") -> str:
    label = f"{measure.label[0].upper()}{measure.label[1:]}"
    return f"{label} ({measure.unit})" if measure.unit else label


def _around(front: "Front", side: int) -> alt.Scale:
    """Return a scale around the points and the current plan."""
    return alt.Scale(domain=list(domain_of(_values(front, side)) or ()), nice=False)


def _values(front: "Front", side: int) -> list[float]:
    values = [(point.x, point.y)[side] for point in front.points]
    return [*values, *([] if front.now is None else [front.now[side]])]


def _ends(values: "pd.Series[float]") -> alt.Axis:
    """Return an axis that only labels the least and the greatest value."""
    return alt.Axis(
        values=labelled(values),
        labelExpr="replace(format(datum.value, ',.0f'), ',', '\u202f')",
        grid=False,
        labelFlush=True,
    )
