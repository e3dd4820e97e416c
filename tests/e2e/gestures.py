"""Gestures made as a person makes them: once what the last one started is over.

A list that opens while a page is drawn, or moves, may close again; a click may meet an element
that another takes the place of. So each gesture of a `Locator` waits until the page is still.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import count

from playwright.sync_api import Locator, Page, expect

#: At three frames of a page in a row: nothing is still to be answered (`answers.js`), is being
#: drawn, or moves and will stop. What a gesture starts has started two frames later.
_STILL = """
(wait) => {
  const app = document.querySelector("[data-testid=stApp]");
  const ends = (moving) => moving.effect.getComputedTiming().endTime !== Infinity;
  const still = (!window.unanswered || window.unanswered() === 0)
    && (!app || app.dataset.testScriptState === "notRunning")
    && document.getAnimations().every((moving) => moving.playState !== "running" || !ends(moving));
  const before = window.stillness?.wait === wait ? window.stillness.frames : 0;
  window.stillness = { wait, frames: still ? before + 1 : 0 };
  return window.stillness.frames >= 3;
}
"""
_GESTURES = ("click", "dispatch_event", "fill", "hover", "press", "set_input_files")
_hurried = False
_waits = count()


def still(page: Page) -> None:
    """Wait until a page of the app shows all that was asked of it, and nothing moves any more."""
    expect(page.get_by_test_id("stApp")).to_be_attached()
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_function(_STILL, arg=next(_waits))


@contextmanager
def hurried() -> Iterator[None]:
    """Make gestures at once, whatever the page does: a click while it is drawn, or searches."""
    global _hurried  # noqa: PLW0603
    _hurried = True
    try:
        yield
    finally:
        _hurried = False


def hold_gestures() -> None:
    """Have each gesture of a `Locator` wait until its page is still."""
    for name in _GESTURES:
        setattr(Locator, name, _held(getattr(Locator, name)))


def _held(gesture):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    @wraps(gesture)
    def held(self: Locator, *args: object, **options: object) -> object:
        if not _hurried:
            _settle(self.page)
        return gesture(self, *args, **options)

    return held
