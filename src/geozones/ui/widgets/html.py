"""Building blocks of the pages: htpy elements, parts, boxes, tables whose controls send gestures.

Elements escape their text. Boxes are built only while open. A reloaded page shows the same part
again, and the browser's Back returns to the part before.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

import htpy
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator

from geozones.common.french import plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import worded
from geozones.render.signs import pill_css
from geozones.ui import STATIC, state
from geozones.ui.state import address
from geozones.ui.state.session_views import CaughtErrors
from geozones.ui.state.store import ViewRecord


def show(element: htpy.Renderable, place: DeltaGenerator | None = None) -> None:
    """Draw an element where the page is, or in ``place``."""
    markup = "".join(element.iter_chunks())
    (st.html if place is None else place.html)(markup)


def style_sheet(file: Path) -> None:
    """Add a style sheet of the app (a ``.css`` file) to the page."""
    st.html(file)


def stack(*children: htpy.Node) -> htpy.Element:
    """Group children into one element; Streamlit re-sends each element on every rerun.

    The space between the children is the same as between elements.
    """
    return htpy.div(".gz-stack")[children]


def title(text: str, small: htpy.Node = None) -> htpy.Element:
    """Return the title of a page; ``small`` is a subtitle in smaller letters."""
    return htpy.h1(".gz-title")[text, small and [" ", htpy.small[small]]]


def subtitle(
    *children: htpy.Node, heading: htpy.Element = htpy.h2, anchor: str | None = None
) -> htpy.Element:
    """Return the title of a part of a page; ``heading`` is ``htpy.h3`` inside another part.

    A link that ends in ``#`` and the ``anchor`` leads to it.
    """
    return heading(".gz-subtitle", id=anchor)[children]


def hidden_title(text: str) -> htpy.Element:
    """Return the title, for screen readers only, of cards whose own titles are of level 3."""
    return htpy.h2(".gz-hidden")[text]


def note(*children: htpy.Node) -> htpy.Element:
    """Return a remark."""
    return htpy.p(".gz-hint")[children]


def remark(*children: htpy.Node) -> htpy.Element:
    """Return a remark in small letters, under its subject."""
    return htpy.p(".gz-remark")[children]


def go(
    where: str, *children: htpy.Node, value_of: str | None = None, label: str | None = None
) -> htpy.Element:
    """Return a name that opens its place on the map (``zone:ID``) on click or Enter.

    The value of the list whose id is ``value_of`` is sent too, after a colon. ``label`` replaces
    the text for screen readers.
    """
    return htpy.button(
        ".gz-go", type="button", data_go=where, data_value_of=value_of, aria_label=label
    )[children]


def kicker(*children: htpy.Node) -> htpy.Element:
    """Return the line above the title of a card: the kind of its subject."""
    return htpy.p(".gz-kicker")[children]


def caveat(*children: htpy.Node) -> htpy.Element:
    """Return a framed caveat."""
    return htpy.p(".gz-note")[children]


def sentence(*children: htpy.Node) -> htpy.Element:
    """Return a lead sentence, to be read first."""
    return htpy.p(".gz-sentence")[children]


def sources(*children: htpy.Node) -> htpy.Element:
    """Return a line in small letters on sources and limits."""
    return htpy.p(".gz-sources")[children]


def notice(kind: str, *children: htpy.Node, **attributes: str | None) -> htpy.Element:
    """Return a message in a coloured box; with a ``role``, screen readers read it at once.

    The page binds it to the field that it is about (``data_field``), as `GeozonesError` names it.
    """
    return htpy.p(class_=f"gz-notice gz-{kind}", **attributes)[children]


def error(*children: htpy.Node, **attributes: str | None) -> htpy.Element:
    """Return an error message, which screen readers read at once."""
    return notice("error", *children, role="alert", **attributes)


def warning(*children: htpy.Node) -> htpy.Element:
    """Return a warning, which screen readers read at once."""
    return notice("warning", *children, role="alert")


def showing_errors(before: str = "", box: Callable[[str], htpy.Element] = error) -> CaughtErrors:
    """Show the message of a ``GeozonesError`` in place, for ``with`` or as a decorator.

    ``before`` is a sentence before the error's own; ``box`` draws both.
    """
    return CaughtErrors(lambda error: show(box(f"{before} {error}".strip())))


def card(*children: htpy.Node) -> htpy.Element:
    """Return a box about one subject."""
    return htpy.div(".gz-card")[children]


def pill(status: DecisionStatus, *, changed: bool = False) -> htpy.Element:
    """Return the badge of a decision status, which may be of something ``changed``."""
    style = pill_css(status, changed=changed)
    return htpy.span(".gz-pill", style=style, data_status=status.value)[status.label]


def mark(text: str) -> htpy.Element | None:
    """Return the badge of a scenario's change beside a status; ``None`` without a text."""
    return htpy.span(".gz-pill.gz-changed")[text] if text else None


def swatch(style: str) -> htpy.Element:
    """Return a small square in a style of `geozones.render.signs`: as the map draws a zone."""
    return htpy.span(".gz-swatch", style=style, aria_hidden="true")


def picture(svg: str, label: str) -> htpy.VoidElement:
    """Return an SVG as a picture; Streamlit removes SVG elements from the markup of a page."""
    source = base64.b64encode(svg.encode()).decode()
    return htpy.img(src=f"data:image/svg+xml;base64,{source}", alt=label)


def facts(rows: Iterable[tuple[str, str]]) -> htpy.Element:
    """Return a list of terms and values."""
    return htpy.dl(".gz-facts")[[(htpy.dt[name], htpy.dd[value]) for name, value in rows]]


def scrolled(caption: str, table: htpy.Element) -> htpy.Element:
    """Return a wide table that scrolls by itself, by keyboard too."""
    return htpy.div(".gz-scroll", tabindex="0", role="region", aria_label=caption)[table]


def table(
    caption: str,
    heads: Sequence[htpy.Node],
    rows: Iterable[Sequence[htpy.Node] | htpy.Element],
    *,
    numeric: frozenset[int] = frozenset(),
    hidden_caption: bool = False,
    stacks: bool = False,
    kind: str = "",
    style: str | None = None,
) -> htpy.Element:
    """Return a table that screen readers can navigate.

    ``numeric`` holds the ranks of the columns to align on the right. A row that is an element is
    drawn as it is. A table that ``stacks`` has its cells under one another on a
    phone, each with its heading, for long texts that columns would cut. ``kind`` is a class more.
    """

    def cell(rank: int) -> htpy.Element:
        head = str(heads[rank]) if stacks else None
        if rank == 0:
            return htpy.th(scope="row", data_head=head)
        return htpy.td(class_="gz-number" if rank in numeric else None, data_head=head)

    head = [
        htpy.th(scope="col", class_="gz-number" if rank in numeric else None)[text]
        for rank, text in enumerate(heads)
    ]
    body = [
        row
        if isinstance(row, htpy.Element)
        else htpy.tr[[cell(rank)[text] for rank, text in enumerate(row)]]
        for row in rows
    ]
    return scrolled(
        caption,
        htpy.table(class_=["gz-table", kind, stacks and "gz-stacks"], style=style)[
            htpy.caption(class_="gz-hidden" if hidden_caption else None)[caption],
            htpy.thead[htpy.tr[head]],
            htpy.tbody[body],
        ],
    )


def figure(
    label: str,
    value: str,
    detail: str,
    change: htpy.Node = None,
    *,
    leads: str = "",
) -> htpy.Element:
    """Return the card of a figure: label, value, detail, change, target of a click."""
    box = (
        htpy.button(".gz-figure.gz-leads", type="button", data_go=leads)
        if leads
        else htpy.div(".gz-figure")
    )
    return box[
        htpy.span(".gz-figure-label", title=label)[label],
        htpy.span(".gz-figure-value")[value, change and [" ", change]],
        htpy.span(".gz-figure-detail", title=detail)[detail],
    ]


def figures(label: str, cards: Iterable[tuple[str, str, str]]) -> htpy.Element:
    """Return a strip of figures: label, value and detail of each."""
    shown = [figure(*card) for card in cards]
    return htpy.section(".gz-figures.gz-board", tabindex="0", aria_label=label)[shown]


def bullets(items: Iterable[str], kind: str) -> htpy.Element:
    """Return a list of sentences."""
    return htpy.ul(class_=kind)[[htpy.li[item] for item in items]]


def folded_bullets(items: Sequence[str], kind: str, most: int, one: str, several: str) -> htpy.Node:
    """Return a list of sentences whose items after the first ``most`` are folded, and counted.

    ``one`` and ``several`` name the folded items: « autre changement », « autres changements ».
    """
    rest = items[most:]
    if len(rest) < 2:  # a line to unfold a line saves nothing
        return bullets(items, kind)
    return htpy.fragment[
        bullets(items[:most], kind),
        htpy.details[htpy.summary[plural(len(rest), one, several)], bullets(rest, kind)],
    ]


def legend(label: str, signs: Iterable[tuple[htpy.Element, str]]) -> htpy.Element:
    """Return a legend: each sign and its meaning."""
    return htpy.ul(".gz-legend", aria_label=label)[[htpy.li[sign, text] for sign, text in signs]]


def unmarked(value: str) -> str:
    """Escape text for a widget that reads Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#$:~|" else sign for sign in value)


class InParts(ViewRecord, Protocol):
    """Protocol of the view state of a page with parts."""

    @property
    def part(self) -> str:
        """Return the key of the part last shown."""
        ...


def choose_part(
    view: type[InParts],
    names: Mapping[str, str],
    turn: Callable[[str], object] | None = None,
    *,
    former: Mapping[str, str] | None = None,
) -> str:
    """Draw the row of buttons and return the current part, read from the address.

    The field ``part`` of a view keeps it for the links that lead back to the page; its default is
    the part of an address that names none. ``turn`` is called on each change of part. The message
    of the part that is left is cleared. ``former`` gives the part that replaced each part of former
    addresses.
    """

    def leave(part: str) -> None:
        show_part(view, part)
        if turn is not None:
            turn(part)

    asked = address.asked_part() or ""
    asked = (former or {}).get(asked, asked)
    first = part_at_first(view)
    at_first = first if first in names else next(iter(names))
    state.update(view, part=asked if asked in names else at_first)
    chosen: str = state.bound(view, "part", then=leave).draw(
        st.segmented_control,
        "Partie",
        list(names),
        format_func=lambda part: worded(names[part]),
        required=True,
        label_visibility="collapsed",
    )
    return chosen


def show_part(view: type[InParts], part: str) -> None:
    """Go to a part of the page that is open."""
    state.clear_notice()
    address.tell_part(None if part == part_at_first(view) else part)


def link_to_part(view: type[InParts] | None) -> dict[str, str]:
    """Return the parameters that lead to the part last shown of a page."""
    if view is None or state.of(view).part == part_at_first(view):
        return {}
    return address.of_part(state.of(view).part)


def part_at_first(view: type[InParts]) -> str:
    """Return the part shown when the address names none."""
    return view().part


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


_PART = "edits"


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    script = (STATIC / "live_table.js").read_text(encoding="utf-8")
    box = str(htpy.div(".gz-live-table"))
    return st.components.v2.component(
        "geozones.live-table", html=box, js=script, isolate_styles=False
    )


def live_table(
    key: str, markup: htpy.Element, change: Callable[[Mapping[str, Any]], object]
) -> None:
    """Draw a table whose controls send gestures to ``change``, once each and in order.

    ``live_table.js`` says which controls send what; their values are untrusted.
    """

    def changed() -> None:
        for gesture in state.new_gestures(key, _PART):
            change(gesture)

    data = {"markup": str(markup), "answered": state.last_gesture(key)}
    _component()(data=data, key=key, on_edits_change=changed)
