"""Session store, one frozen record per view; widgets bound to a record; queue of gestures.

Streamlit keeps the value of a widget in two places that drift apart. The server drops it when the
widget is not drawn; the browser, which only builds what is visible, misses a value that was set
while a popover was closed, and goes on sending the old one. Bound widgets rely on neither. A bound
widget is drawn with the current value as its initial value, under a key that changes whenever that
value differs from the browser's: a new key is a new widget, with nothing to remember.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, ClassVar, Protocol

import streamlit as st

from geozones.ui.server.run_patches import interruptible, uninterrupted

_PREFIX = "geozones."


class ViewRecord(Protocol):
    """Protocol of view records: any dataclass; the records of this package are frozen."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def of[V: ViewRecord](view: type[V]) -> V:
    """Return the session's record of a view; at first, the defaults of its class."""
    key = _PREFIX + view.__name__
    if key not in st.session_state:
        st.session_state[key] = view()
    record: V = st.session_state[key]
    return record


def update[V: ViewRecord](view: type[V], **changes: Any) -> V:  # noqa: ANN401 - its fields
    """Change fields of a view, and return the new record."""
    changed = replace(of(view), **changes)
    st.session_state[_PREFIX + view.__name__] = changed
    return changed


def changing(view: type[ViewRecord], **changes: Any) -> Callable[[], None]:  # noqa: ANN401 - as `update`
    """Return a callback that changes fields of a view."""

    def change() -> None:
        update(view, **changes)

    return change


def yield_to_streamlit() -> None:
    """Let Streamlit end the run here, if another page was requested or the tab was closed.

    It can end a run in a callback too: call it there only if nothing is left half done.
    """
    with interruptible():
        _ = _PREFIX in st.session_state


def drop_item(view: type[ViewRecord], *names: str, item: str) -> None:
    """Remove an item from some fields of a view that are mappings."""
    record = of(view)
    kept = {
        name: {key: value for key, value in getattr(record, name).items() if key != item}
        for name in names
    }
    update(view, **kept)


def forget_all(*but: type[ViewRecord]) -> None:
    """Reset every view to the defaults of its class, ``but`` some."""
    kept = {_PREFIX + view.__name__ for view in but}
    for key, value in list(st.session_state.items()):
        if str(key).startswith(_PREFIX) and is_dataclass(value) and key not in kept:
            del st.session_state[key]


def forget(view: type[ViewRecord]) -> None:
    """Reset a view to the defaults of its class."""
    st.session_state.pop(_PREFIX + view.__name__, None)


_WAITING = "geozones.waiting"
_GESTURES = "geozones.gestures"


def after_callbacks(act: Callable[[], object]) -> None:
    """Postpone an action until the callbacks of all widgets have run; see `run_postponed`."""
    st.session_state.setdefault(_WAITING, []).append(act)


def run_postponed() -> None:
    """Run the postponed actions, in order and whole, before anything is drawn.

    One that raises is not run again; the next ones are, at the next run.
    """
    with uninterrupted():
        waiting: list[Callable[[], object]] = st.session_state.get(_WAITING, [])
        while waiting:
            waiting.pop(0)()


def new_gestures(key: str, part: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the user's gestures on a map since the last call, in order.

    ``part`` names the value of the component that holds the gestures, where it has several.

    With each gesture the map sends again the gestures not yet answered: none that came while
    another was being answered is lost, and none is handled twice.

    A new session may follow one that already handled some of them: each gesture of its first call
    has ``sent_before``, the number of earlier gestures with the same content.
    """
    value = st.session_state.get(key)
    if part is not None:
        value = value.get(part) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(value.get("gestures"), list):
        return
    seen: dict[str, tuple[Any, int]] = st.session_state.setdefault(_GESTURES, {})
    visit, last = seen.get(key, (None, 0))
    if visit != value.get("visit"):
        visit, last = value.get("visit"), 0
    fresh = [gesture for gesture in value["gestures"] if _rank(gesture) > last]
    if key not in seen:
        without_ranks = [_without_rank(gesture) for gesture in fresh]
        fresh = [
            {**gesture, "sent_before": without_ranks[:place].count(without_ranks[place])}
            for place, gesture in enumerate(fresh)
        ]
    for gesture in fresh:
        seen[key] = (visit, _rank(gesture))  # where handling it raises, the next ones come again
        yield gesture


def last_gesture(key: str) -> int:
    """Return the number of the last gesture handled on a map; 0 before any."""
    seen: dict[str, tuple[Any, int]] = st.session_state.get(_GESTURES, {})
    return seen.get(key, (None, 0))[1]


def _without_rank(gesture: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in gesture.items() if name != "rank"}


def _rank(gesture: Any) -> int:  # noqa: ANN401 - untrusted
    """Return the number of a gesture; 0 if the value is not a gesture."""
    if not isinstance(gesture, dict) or not isinstance(gesture.get("event"), str):
        return 0
    rank = gesture.get("rank")
    return rank if type(rank) is int else 0


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

    Where the field is a mapping, ``item`` is the key of the bound value. ``default`` is shown where
    the field, or the item, is empty. ``then`` receives the new value, instead of the field.
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
