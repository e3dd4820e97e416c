"""Widgets bound to a record: each shows the current value, and writes a new one there.

Streamlit keeps the value of a widget in two places that drift apart. The server drops it when the
widget is not drawn; the browser, which only builds what is visible, misses a value that was set
while a popover was closed, and goes on sending the old one. This module relies on neither. A bound
widget is drawn with the current value as its initial value, under a key that changes whenever that
value differs from the browser's: a new key is a new widget, with nothing to remember.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from geozones.ui.state.store import ViewRecord, of, update

_SHOWN = "geozones.shown"
#: Widgets whose initial value is not the argument ``value``.
_BY_RANK = frozenset({"selectbox", "radio"})
_BY_DEFAULT = frozenset({"multiselect", "segmented_control"})
_OF_OPTIONS = _BY_RANK | _BY_DEFAULT | {"select_slider"}


@dataclass(frozen=True, slots=True)
class BoundValue[T]:
    """A current value, and the function that receives the user's new value.

    ``key`` names the widget in the session. A new value that ``write`` does not keep (a change that
    is refused, a number left empty) disappears at the next run: the current value is shown again.
    """

    key: str
    value: T
    write: Callable[[T], object]

    def draw(self, widget: Callable[..., Any], label: str, *args: Any, **options: Any) -> T:  # noqa: ANN401 - options of any widget
        """Draw a Streamlit widget with the current value, and return that value.

        ``widget`` is ``st.slider``, ``column.selectbox``… and ``options`` are its options. If the
        value is not in the widget's list (the first of ``args``), the first item is shown, or none
        if there is a ``placeholder``.
        """
        kind: str = widget.__name__
        value: Any = self.value
        name: Callable[[Any], str] = str
        if kind in _OF_OPTIONS:
            value = _among(value, args[0], several=kind == "multiselect", options=options)
            name = options.get("format_func", str)
        options |= _initial(kind, value, args)
        shown = _face(kind, value, name)
        may_be_none = "placeholder" in options or (kind in _OF_OPTIONS and None in args[0])
        generation = _generation(self.key, shown)
        live = f"{self.key}~{generation}" if generation else self.key

        def changed() -> None:
            # a replaced widget must not change the value
            if _held().get(self.key, (generation,))[0] != generation:
                return
            chosen = st.session_state.get(live)
            free = kind not in _OF_OPTIONS or options.get("accept_new_options", False)
            if not free and not _is_offered(chosen, args[0]):
                return  # a browser that was tampered with: the current value is shown again
            _held()[self.key] = (generation, _face(kind, chosen, name))
            if chosen is not None or may_be_none:
                self.write(tuple(chosen) if kind == "multiselect" else chosen)  # type: ignore[arg-type]

        widget(label, *args, key=live, on_change=changed, **options)
        return value  # type: ignore[no-any-return]


def bound(
    view: type[ViewRecord],
    field: str,
    *,
    item: str | None = None,
    default: Any = None,  # noqa: ANN401 - of the field's type
    then: Callable[[Any], object] | None = None,
) -> BoundValue[Any]:
    """Bind a widget to a field of a view.

    Parameters
    ----------
    item
        Key of the bound value, where the field is a mapping.
    default
        Value shown where the field, or the item, is empty.
    then
        Function that receives the new value; by default, the field is changed.
    """
    held = getattr(of(view), field)
    value = held.get(item) if item is not None else held

    def write(chosen: Any) -> None:  # noqa: ANN401 - of the field's type
        now: Mapping[str, Any] = getattr(of(view), field)
        update(view, **{field: chosen if item is None else {**now, item: chosen}})

    key = f"{view.__name__}.{field}" + ("" if item is None else f".{item}")
    return BoundValue(key, default if value is None else value, then or write)


def widget_value(key: str) -> Any:  # noqa: ANN401 - whatever the widget holds
    """Return the raw value of a widget without a record, such as an uploader or a chart."""
    return st.session_state.get(key)


def _initial(kind: str, value: Any, args: Sequence[Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return the argument that gives a widget its initial value."""
    if kind in _BY_RANK:
        return {"index": None if value is None and None not in args[0] else args[0].index(value)}
    if kind in _BY_DEFAULT:
        return {"default": list(value) if kind == "multiselect" else value}
    return {"value": value}


def _among(value: Any, known: Sequence[Any], *, several: bool, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a value that the widget can show: one of its options."""
    if several:
        return tuple(item for item in value or () if item in known)
    if value in known:
        return value
    return None if "placeholder" in options or not known else known[0]


def _is_offered(chosen: Any, known: Sequence[Any]) -> bool:  # noqa: ANN401 - of the options
    """Tell whether a choice, or each of several, is one of the options."""
    if isinstance(chosen, list | tuple) and chosen not in known:
        return all(item in known for item in chosen)
    return chosen is None or chosen in known


def _face(kind: str, value: Any, name: Callable[[Any], str]) -> object:  # noqa: ANN401
    """Return what the widget shows, with option names: the browser knows options by name."""
    if value is None or kind not in _OF_OPTIONS:
        return value
    if kind == "multiselect":
        return tuple((item, name(item)) for item in value)
    return value, name(value)


def _held() -> dict[str, tuple[int, object]]:
    held: dict[str, tuple[int, object]] = st.session_state.setdefault(_SHOWN, {})
    return held


def _generation(key: str, shown: object) -> int:
    """Return the generation of a key; raise it whenever the browser shows another value."""
    held = _held()
    before, face = held.get(key, (0, shown))
    generation = before if face == shown else before + 1
    held[key] = (generation, shown)
    return generation
