"""Frames of a page, filmed by its browser (DevTools, ``Page.startScreencast``).

A frame is *white* where more than 99 % of an area is: nothing at all was there. A page of
text and tables is white at 80 to 95 %.
"""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from playwright.sync_api import Page

#: Share of an area that is white where nothing is drawn in it.
EMPTY = 0.99
#: Of 255, each of the three colours of what is seen as white.
WHITE = 250


@dataclass
class Film:
    """The frames of a page, in order: PNG, at the size of its window."""

    frames: list[bytes] = field(default_factory=list)

    def whiteness(self, area: tuple[float, float, float, float]) -> list[float]:
        """Return the share of white pixels of each frame in an area.

        The area is left, top, right and bottom, as shares of the window from 0 to 1.
        """
        return [_white(frame, area) for frame in self.frames]


@contextmanager
def filmed(page: Page) -> Iterator[Film]:
    """Film a page until the end of the block."""
    film = Film()
    inspector = page.context.new_cdp_session(page)

    def keep(event: dict) -> None:  # type: ignore[type-arg]
        film.frames.append(base64.b64decode(event["data"]))
        inspector.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    inspector.on("Page.screencastFrame", keep)
    inspector.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
    yield film
    inspector.remove_listener("Page.screencastFrame", keep)
    inspector.send("Page.stopScreencast")
    inspector.detach()


def _white(frame: bytes, area: tuple[float, float, float, float]) -> float:
    pixels = np.asarray(Image.open(io.BytesIO(frame)).convert("RGB"))
    high, wide = pixels.shape[:2]
    left, top, right, bottom = area
    part = pixels[int(top * high) : int(bottom * high), int(left * wide) : int(right * wide)]
    return float((part.min(axis=2) >= WHITE).mean())
