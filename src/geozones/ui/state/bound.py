"""Widgets bound to a record: each shows the value in force, and writes another there.

Streamlit keeps the value of a widget in two places that drift apart. The server drops it when the
widget is not drawn; the browser, which only builds what is visible, misses a value that was set
while a popover was closed, and goes on telling the old one. Neither is relied upon here. A bound
widget is drawn with the value in force as its initial value, under a key that changes whenever
that value is not the one the browser has: a new key is a new widget, with nothing to remember.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from geozones.ui.state.store import Record, of, update

_SHOWN = "geozones.shown"
#: How a widget names its initial value, where it is not ``value``.
_BY_RANK = frozenset({"selectbox", "radio"})
_BY_DEFAULT = frozenset({"multiselect", "segmented_control"})
_OF_OPTIONS = _BY_RANK | _BY_DEFAULT | {"select_slider"}


@dataclass(frozen=True, slots=True)
class Bound[T]:
    """A value in force, and what to do when the user gives its widget another.

    ``key`` names the widget in the session. A choice that ``write`` does not keep (a change that is
    refused, a number left empty) is gone at the next run: the value in force is shown again.
    """

    key: str
    value: T
    write: Callable[[T], object]

    def draw(self, widget: Callable[..., Any], label: str, *args: Any, **options: Any) -> T:  # noqa: ANN401 - those of the widget
        """Draw a widget of Streamlit with the value in force, and return that value.

        ``widget`` is ``st.slider``, ``column.selectbox``… and ``options`` are its own. Of a list of
        options (the first of ``args``), the first is shown where the value is none of them, or
        none at all where there is a ``placeholder``.
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
            # a widget that another took the place of says nothing of this one
            if _held().get(self.key, (generation,))[0] != generation:
                return
            chosen = st.session_state.get(live)
            free = kind not in _OF_OPTIONS or options.get("accept_new_options", False)
            if not free and not _is_offered(chosen, args[0]):
                return  # a browser that was tampered with: the value in force is shown again
            _held()[self.key] = (generation, _face(kind, chosen, name))
            if chosen is not None or may_be_none:
                self.write(tuple(chosen) if kind == "multiselect" else chosen)  # type: ignore[arg-type]

        widget(label, *args, key=live, on_change=changed, **options)
        return value  # type: ignore[no-any-return]


def bound(
    view: type[Record],
    field: str,
    *,
    item: str | None = None,
    default: Any = None,  # noqa: ANN401 - of the field's type
    then: Callable[[Any], object] | None = None,
) -> Bound[Any]:
    """Bind a widget to a field of a view.

    Parameters
    ----------
    item
        Where the field is a mapping: which of its values.
    default
        What is in force where the field, or the item, holds nothing.
    then
        What to do with another value; at first, the field is changed.
    """
    held = getattr(of(view), field)
    value = held.get(item) if item is not None else held

    def write(chosen: Any) -> None:  # noqa: ANN401 - of the field's type
        now: Mapping[str, Any] = getattr(of(view), field)
        update(view, **{field: chosen if item is None else {**now, item: chosen}})

    key = f"{view.__name__}.{field}" + ("" if item is None else f".{item}")
    return Bound(key, default if value is None else value, then or write)


def widget_value(key: str) -> Any:  # noqa: ANN401 - whatever the widget holds
    """Return what a widget that no record holds has, as a file to read or a click on a chart."""
    return st.session_state.get(key)


def _initial(kind: str, value: Any, args: Sequence[Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return the argument that gives a widget its initial value."""
    if kind in _BY_RANK:
        return {"index": None if value is None and None not in args[0] else args[0].index(value)}
    if kind in _BY_DEFAULT:
        return {"default": list(value) if kind == "multiselect" else value}
    return {"value": value}


def _among(value: Any, known: Sequence[Any], *, several: bool, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a value as the widget can show it: of its options."""
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
    """Return what a widget shows: the browser knows options by their names."""
    if value is None or kind not in _OF_OPTIONS:
        return value
    if kind == "multiselect":
        return tuple((item, name(item)) for item in value)
    return value, name(value)


def _held() -> dict[str, tuple[int, object]]:
    held: dict[str, tuple[int, object]] = st.session_state.setdefault(_SHOWN, {})
    return held


def _generation(key: str, shown: object) -> int:
    """Return which widget of this key is drawn: another each time the browser shows otherwise."""
    held = _held()
    before, face = held.get(key, (0, shown))
    generation = before if face == shown else before + 1
    held[key] = (generation, shown)
    return generation
