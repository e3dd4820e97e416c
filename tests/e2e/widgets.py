"""Read and set any widget of a page, as a user sees it, without knowing which page it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from playwright.sync_api import Error, Locator, Page, WebSocket, expect
from playwright.sync_api import TimeoutError as NotInTimeError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from .conftest import still

KINDS = (
    "stCheckbox",
    "stColorPicker",
    "stDateInput",
    "stMultiSelect",
    "stNumberInput",
    "stRadio",
    "stButtonGroup",
    "stSelectbox",
    "stSlider",
    "stTextArea",
    "stTextInput",
)
_VISIBLE = ", ".join(f"[data-testid={kind}]:visible" for kind in KINDS)
#: Options of the list that is open: a browser's own lists have no such attribute.
OPTIONS = "[role=option]"
#: What a widget shows, in words; two widgets of one label are told apart by their rank.
_READ = """
(widgets) => {
  const seen = {};
  return widgets.map((widget) => {
    const kind = widget.dataset.testid;
    const all = (what) => [...widget.querySelectorAll(what)];
    const label = (widget.querySelector("[data-testid=stWidgetLabel]") || {}).textContent || "";
    seen[label] = (seen[label] || 0) + 1;
    const field = widget.querySelector("input, textarea");
    let value = field ? field.value : "";
    if (kind === "stCheckbox") value = field.checked;
    if (kind === "stSlider") value = all("input").map((e) => e.getAttribute("aria-valuetext"));
    if (kind === "stMultiSelect")
      value = all("[data-testid=stMultiSelectTagsContainer] > *").map((e) => e.innerText);
    if (kind === "stDateInput") value = all("[role=spinbutton]").map((e) => e.innerText);
    if (kind === "stRadio" || kind === "stButtonGroup") {
      const on = (e) => e.checked || e.getAttribute("aria-checked") === "true";
      value = all("input[type=radio], [role=radio]").findIndex(on);
    }
    if (kind === "stColorPicker")
      value = getComputedStyle(all("[data-testid=stColorPickerBlock]")[0]).backgroundColor;
    return [kind, `${label.trim()} ${seen[label]}`, String(value)];
  });
}
"""
#: The rank of an option that is not chosen and is in sight, in its list and in the window.
_IN_SIGHT = """
(options) => {
  if (!options.length) return -1;  // the list was closed by a drawing of the page
  const list = options[0].closest("[role=listbox]").getBoundingClientRect();
  const fits = ({ top, bottom }) =>
    top >= Math.max(list.top, 0) && bottom <= Math.min(list.bottom, window.innerHeight);
  const free = (one) => one.getAttribute("aria-selected") !== "true";
  return options.findIndex((one) => free(one) && fits(one.getBoundingClientRect()));
}
"""
#: How long to wait for what a click does at once before it is held to have met a drawing.
_REDRAWN_MS = 8_000
#: Days that every month has.
_DAYS_OF_EVERY_MONTH = 28
_STREAM: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()


@dataclass(frozen=True)
class Widget:
    """A widget on screen: its kind, its label and rank, what it shows."""

    kind: str
    label: str
    value: str
    place: Locator


def follow(page: Page) -> None:
    """Follow what the server tells the page; to do once, before it is opened."""
    page.on("websocket", lambda socket: _STREAM.__setitem__(page, socket))


def _is_end(frame: str | bytes) -> bool:
    """Tell whether a message is the end of a run of the script that no other run cut short."""
    if isinstance(frame, str):
        return False
    message = ForwardMsg.FromString(frame)
    early = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
    return message.WhichOneof("type") == "script_finished" and message.script_finished != early


@contextmanager
def drawn_again(page: Page) -> Iterator[None]:
    """Do something, then wait until the page was drawn again, and is whole."""
    with _STREAM[page].expect_event("framereceived", _is_end):
        yield
    still(page)


def whole(within: Locator) -> None:
    """Wait until the browser has built all that is in view: it loads some widgets late."""
    expect(within.locator("[data-testid=stElementContainer]:empty:visible")).to_have_count(0)
    expect(within.get_by_test_id("stSkeleton")).to_have_count(0)


def widgets(within: Locator) -> list[Widget]:
    """The widgets in view, in the order of reading, once the browser has built them all."""
    whole(within)
    places = within.locator(_VISIBLE)
    read = places.evaluate_all(_READ)
    return [Widget(*found, places.nth(rank)) for rank, found in enumerate(read)]


def shown(within: Locator) -> dict[str, str]:
    """What each widget in view shows, by its label."""
    return {widget.label: widget.value for widget in widgets(within)}


def has_another(widget: Widget) -> bool:
    """Tell whether a widget has a value to be given that it does not show."""
    return widget.kind != "stRadio" or widget.place.locator("input[type=radio]").count() > 1


def set_another(page: Page, widget: Widget) -> None:
    """Give a widget another value, as a user does, and wait until the page is drawn again."""
    still(page)
    try:
        with drawn_again(page):
            _SET[widget.kind](page, widget)
    except Error as error:
        error.add_note(_scene_of(page, widget))
        raise


def _scene_of(page: Page, widget: Widget) -> str:
    """Say what a gesture that nothing answered met: the widget, the app, the list that is open."""
    app = page.get_by_test_id("stApp").first.evaluate("app => JSON.stringify(app.dataset)")
    now = widget.place.evaluate_all(_READ)
    listed = page.locator(OPTIONS).all_inner_texts()
    return (
        f"{widget.kind} « {widget.label} », which showed {widget.value!r}; now {now}\n"
        f"app {app}; options in view {listed}"
    )


def options(page: Page, within: Locator, label: str) -> list[str]:
    """What may be chosen in a widget, if it is there: its options or buttons, in words."""
    found = next((one for one in widgets(within) if one.label == label), None)
    if found is None:
        return []
    if found.kind == "stButtonGroup":
        return found.place.get_by_role("radio").all_inner_texts()
    _list(page, found.place.locator("input").first)
    texts = page.locator(OPTIONS).all_inner_texts()
    page.keyboard.press("Escape")
    return texts


def _list(page: Page, field: Locator) -> None:
    """Open the list of a field; once more where a drawing of the page closed it, as a user does."""
    still(page)
    field.scroll_into_view_if_needed()
    field.press("ArrowDown")
    try:
        page.locator(OPTIONS).first.wait_for(timeout=_REDRAWN_MS)
    except NotInTimeError:
        still(page)
        field.press("ArrowDown")
        page.locator(OPTIONS).first.wait_for()


def _picked(
    page: Page, field: Locator, option: Callable[[], Locator], again: Callable[[], None]
) -> None:
    """Choose an option of a field's list; ``again`` where a drawing moved or took the list away."""
    before = field.input_value()
    try:
        _list(page, field)
        option().click(timeout=_REDRAWN_MS)
        expect(field).not_to_have_value(before, timeout=_REDRAWN_MS)
    except (NotInTimeError, AssertionError):
        page.keyboard.press("Escape")
        _list(page, field)
        again()


def choose(page: Page, within: Locator, label: str, text: str) -> None:
    """Choose one of the options of a widget, unless it is chosen already."""
    within.locator(_VISIBLE).filter(has_text=label.rsplit(" ", 1)[0]).first.wait_for()
    found = next(one for one in widgets(within) if one.label == label)
    if found.kind == "stButtonGroup":
        button = found.place.get_by_role("radio", name=text, exact=True)
        if button.get_attribute("aria-checked") != "true":
            with drawn_again(page):
                button.click()
        return
    field = found.place.locator("input").first
    if field.input_value() != text:
        with drawn_again(page):
            option = page.get_by_role("option", name=text, exact=True)
            _picked(page, field, lambda: option, option.click)


def _press(_: Page, widget: Widget) -> None:
    widget.place.locator("label").first.click()


def _slide(_: Page, widget: Widget) -> None:
    thumb = widget.place.locator("input").last
    at_end = thumb.get_attribute("max") == thumb.input_value()
    thumb.press("ArrowLeft" if at_end else "ArrowRight")


def _type(page: Page, widget: Widget) -> None:
    field = widget.place.locator("input, textarea").first
    field.fill(f"{widget.value} autre".strip()[-40:])
    page.keyboard.press("Tab")


def _count(page: Page, widget: Widget) -> None:
    field = widget.place.locator("input").first
    if not widget.value:
        field.fill("1")
        page.keyboard.press("Tab")
        return
    way = "Down" if field.get_attribute("max") == widget.value else "Up"
    widget.place.get_by_test_id(f"stNumberInputStep{way}").click()


def _choose(page: Page, widget: Widget) -> None:
    field = widget.place.locator("input").first
    # a field that has the focus already may have been moved out of the window by a drawing
    field.scroll_into_view_if_needed()
    field.focus()
    if widget.kind == "stMultiSelect":
        _list(page, field)
        field.press("ArrowDown")  # the first chooses all
        field.press("Enter")
        field.press("Escape")
    else:
        # one that is in sight: a long list makes its rows anew when it is scrolled, under the click
        options = page.locator(OPTIONS)

        def next_one() -> None:
            field.press("ArrowDown")
            field.press("Enter")

        _picked(page, field, lambda: options.nth(options.evaluate_all(_IN_SIGHT)), next_one)


def _turn(_: Page, widget: Widget) -> None:
    choices = widget.place.locator("[role=radio], label:has(input[type=radio])")
    choices.nth(1 if widget.value == "0" else 0).click()


def _date(_: Page, widget: Widget) -> None:
    # a day after the month's last is put back when the field is left: 31 November is the 30th
    day = widget.place.get_by_role("spinbutton").first
    late = int(day.get_attribute("aria-valuenow") or 1) >= _DAYS_OF_EVERY_MONTH
    day.press("ArrowDown" if late else "ArrowUp")
    # told once the whole field is left, the button of its calendar included
    widget.place.get_by_test_id("stDateInputCalendarButton").press("Tab")


def _colour(page: Page, widget: Widget) -> None:
    widget.place.locator("button, [role=button]").first.click()
    field = page.locator("input[maxlength], input[spellcheck=false]").last
    field.fill("#336699")
    field.press("Enter")
    page.keyboard.press("Escape")


_SET = {
    "stCheckbox": _press,
    "stSlider": _slide,
    "stTextInput": _type,
    "stTextArea": _type,
    "stNumberInput": _count,
    "stSelectbox": _choose,
    "stMultiSelect": _choose,
    "stRadio": _turn,
    "stButtonGroup": _turn,
    "stDateInput": _date,
    "stColorPicker": _colour,
}
