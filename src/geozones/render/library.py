"""What the browser reads once, from a file, instead of at each run.

A move changes two zones, a sector or two and a lycée: every other shape, name and tooltip is what
it was. Each is written once as JSON and named by its key; a scene sends the keys of those that the
file holds, and the others whole.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.domain.files import write_atomically

#: Shapes travel as whole numbers of this part of a degree: about a metre.
SCALE = 100_000
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Library:
    """JSON values in scripts of the app: their file names, and the keys of the values they hold."""

    files: tuple[str, ...]
    keys: frozenset[str]

    def __or__(self, other: "Library") -> "Library":
        """Return what both hold."""
        return Library(self.files + other.files, self.keys | other.keys)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as JSON text that no script nor template can be broken with, and its short name."""

    key: str
    text: str


def dumps(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON that cannot end a script nor be taken for a template."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for risky, safe in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")):
        text = text.replace(risky, safe)
    # branca compiles what a template wrote as a template once more
    for opening, safe in (("{{", "{\\u007b"), ("{%", "{\\u0025"), ("{#", "{\\u0023")):
        text = text.replace(opening, safe)
    return text


def entry(value: Any) -> Entry:  # noqa: ANN401 - any JSON value
    """Return a JSON value with its key, which two values share only when they are the same."""
    text = dumps(value)
    return Entry(hashlib.sha256(text.encode()).hexdigest()[:16], text)


@lru_cache(maxsize=_REMEMBERED)
def shape(geometry: BaseGeometry) -> Entry:
    """Return polygons as ``[polygon[ring[x, y, dx, dy, …]]]``, in parts of a degree; remembered.

    Each point is told by its distance to the one before: a third of the length of GeoJSON.
    """
    parts = shapely.get_parts(geometry)
    return entry([[_deltas(ring) for ring in shapely.get_rings(part)] for part in parts])


def _deltas(ring: BaseGeometry) -> list[int]:
    points = np.rint(shapely.get_coordinates(ring) * SCALE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=0)
    flat: list[int] = steps.ravel().tolist()
    return flat


def brief(entries: Iterable[Entry], library: Library | None) -> str:
    """Return a JSON list of entries: the key of those that the library holds, the others whole."""
    held = frozenset[str]() if library is None else library.keys
    return f"[{','.join(f'"{e.key}"' if e.key in held else e.text for e in entries)}]"


def missing(entries: Iterable[Entry], library: Library | None) -> str:
    """Return a JSON object of the entries that the library does not hold, by key."""
    held = frozenset[str]() if library is None else library.keys
    texts = {e.key: e.text for e in entries if e.key not in held}
    return f"{{{','.join(f'"{key}":{text}' for key, text in texts.items())}}}"


def publish(shapes: Iterable[Entry], entries: Iterable[Entry], folder: Path) -> Library:
    """Write shapes and other values as a script in a folder the app serves, unless it is there.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    known = [dict(sorted((e.key, e.text) for e in group)) for group in (shapes, entries)]
    texts = (",".join(f'"{key}":{text}' for key, text in group.items()) for group in known)
    content = f"geozones.learn({','.join(f'{{{text}}}' for text in texts)});\n"
    name = f"territory-{hashlib.sha256(content.encode()).hexdigest()[:16]}.js"
    if not (folder / name).is_file():
        write_atomically(folder / name, content)
    return Library((name,), frozenset().union(*known))
