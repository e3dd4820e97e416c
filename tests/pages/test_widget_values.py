"""Values that a browser that was tampered with sends: the page goes on as if it had not."""

from collections.abc import Iterator

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.session_state import WStates
from streamlit.testing.v1 import AppTest

from geozones.ui.server.run_patches import replace_unfit_values

UNPATCHED = WStates.__getitem__


@pytest.fixture(autouse=True)
def _guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(WStates, "__getitem__", WStates.__getitem__)  # put back at the end
    replace_unfit_values()
    return


def page() -> None:
    """Draw one widget of each kind, bound to a value, and write what each holds."""
    # AppTest runs the source of this function alone
    import datetime as dt  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from geozones.ui import state  # noqa: PLC0415

    held = st.session_state.setdefault("held", {})
    first = {
        "slider": 3, "selectbox": "b", "multiselect": ("a",), "number_input": 2,
        "text_input": "texte", "checkbox": True, "date_input": dt.date(2026, 1, 5),
        "segmented_control": "a",
    }  # fmt: skip
    options = {
        "slider": (1, 9), "selectbox": (["a", "b"],), "multiselect": (["a", "b"],),
        "segmented_control": (["a", "b"],),
    }  # fmt: skip
    for kind, value in first.items():

        def write(chosen: object, kind: str = kind, value: object = value) -> None:
            if chosen != value:
                held[kind] = chosen

        bound = state.BoundValue(f"test.{kind}", held.get(kind, value), write)
        bound.draw(getattr(st, kind), kind, *options.get(kind, ()))
    st.button("bouton", on_click=held.update, args=({"button": "clic"},))


#: A value of each kind that the protocol has, none of which is a choice of a widget.
SENT = {
    "string_value": "ni a ni b",
    "double_value": float("nan"),
    "int_value": 2**62,
    "bool_value": False,
    "bytes_value": b"\xff",
    "json_value": "{",
    "double_array_value": [1.5, 2.5, 3.5],
    "string_array_value": ["ni a ni b"],
    "trigger_value": True,
}


def sent(widget: str, field: str) -> WidgetStates:
    state = WidgetState(id=widget)
    value = SENT[field]
    if isinstance(value, list):
        getattr(state, field).data.extend(value)
    else:
        setattr(state, field, value)
    return WidgetStates(widgets=[state])


WIDGETS = ("slider", "selectbox", "multiselect", "number_input", "text_input", "checkbox",
           "date_input", "button_group", "button")  # fmt: skip
#: What a widget does say, whatever was meant.
OWN = {
    ("text_input", "string_value"),
    ("checkbox", "bool_value"),
    ("button", "trigger_value"),
}


@pytest.mark.parametrize("kind", WIDGETS)
def test_values_that_a_widget_cannot_have_change_nothing_and_do_not_stick(kind: str) -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    (widget,) = app.get(kind)
    for field in SENT:
        if (kind, field) not in OWN:
            app._run(sent(widget.id, field))
            assert not app.exception, field
            assert app.session_state["held"] == {}, field
    app.run()
    assert not app.exception
    assert app.session_state["held"] == {}


def test_a_value_that_a_widget_can_have_is_written() -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    app.slider[0].set_value(5)
    app.selectbox[0].select("a")
    app.multiselect[0].select("b")
    app.text_input[0].input("autre")
    app.number_input[0].set_value(7)
    app.run()
    assert app.session_state["held"] == {
        "slider": 5, "selectbox": "a", "multiselect": ("a", "b"), "text_input": "autre",
        "number_input": 7,
    }  # fmt: skip


def test_streamlit_itself_fails_at_each_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the day that Streamlit mends it: `replace_unfit_values` can go then."""
    monkeypatch.setattr(WStates, "__getitem__", UNPATCHED)
    app = AppTest.from_function(page, default_timeout=30).run()
    (slider,) = app.get("slider")
    app._run(sent(slider.id, "double_value"))
    assert app.exception
