"""Cache in the browser of JSON values, read once from a file instead of at each run.

A move changes two zones, a sector or two and a lycée; all other shapes, names and tooltips stay.
Each is written once as JSON under its key, a hash; a scene then sends the keys of values in the
file, and only the others whole.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.common.files import write_atomically

#: Shapes travel as whole multiples of this part of a degree: about a metre.
SCALE = 100_000
#: The text of a value is kept because a move changes few of them: after eight moves the browser is
#: sent 21 kB, where whole scenes took 81 kB.
_REMEMBERED = 8192
#: Escapes of the characters that reverse the text direction, not after a lone backslash.
_TURNING = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?:202[a-e]|206[6-9])")


@dataclass(frozen=True, slots=True)
class Library:
    """Files of JSON values that the app serves: their names, and the keys of their values."""

    files: tuple[str, ...]
    keys: frozenset[str]

    def __or__(self, other: "Library") -> "Library":
        """Return a library with the files and keys of both."""
        return Library(self.files + other.files, self.keys | other.keys)


@dataclass(frozen=True, slots=True)
class JsonEntry:
    """JSON value: its text, safe in scripts and templates, and its key."""

    key: str
    text: str


def dumps(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON that cannot end a script, pass for a template or reverse the text direction."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    if "\\u20" in text:
        text = _TURNING.sub(r"\1", text)
    for risky, safe in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")):
        text = text.replace(risky, safe)
    # branca compiles the output of a template as a template again
    for opening, safe in (("{{", "{\\u007b"), ("{%", "{\\u0025"), ("{#", "{\\u0023")):
        text = text.replace(opening, safe)
    return text


def entry(value: Any) -> JsonEntry:  # noqa: ANN401 - any JSON value
    """Return a JSON value with its key, a hash of its text."""
    text = dumps(value)
    return JsonEntry(hashlib.sha256(text.encode()).hexdigest()[:16], text)


@lru_cache(maxsize=_REMEMBERED)
def shape(geometry: BaseGeometry) -> JsonEntry:
    """Return polygons as ``[polygon[ring[x, y, dx, dy, …]]]``, in parts of a degree; cached.

    A line is written as a polygon whose only ring is not closed. Points are differences from the
    previous point: a third of the length of GeoJSON.
    """
    parts = shapely.get_parts(geometry)
    return entry([[deltas(ring) for ring in _rings(part)] for part in parts])


def _rings(part: BaseGeometry) -> Iterable[BaseGeometry]:
    return [part] if part.geom_type == "LineString" else shapely.get_rings(part)


def deltas(ring: BaseGeometry) -> list[int]:
    """Return the points of a line in the format of `shape`."""
    points = np.rint(shapely.get_coordinates(ring) * SCALE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=0)
    flat: list[int] = steps.ravel().tolist()
    return flat


def brief(entries: Iterable[JsonEntry], library: Library | None) -> str:
    """Return a JSON list of entries: the keys of those in the library, the others whole."""
    held = frozenset[str]() if library is None else library.keys
    return f"[{','.join(f'"{e.key}"' if e.key in held else e.text for e in entries)}]"


def missing(entries: Iterable[JsonEntry], library: Library | None) -> str:
    """Return a JSON object of the entries missing from the library, by key."""
    held = frozenset[str]() if library is None else library.keys
    texts = {e.key: e.text for e in entries if e.key not in held}
    return f"{{{','.join(f'"{key}":{text}' for key, text in texts.items())}}}"


def publish(
    shapes: Iterable[JsonEntry], entries: Iterable[JsonEntry], folder: Path, script: str = ""
) -> Library:
    """Write shapes and other values as a script in a folder that the app serves, if missing.

    The values come after ``script``, in the same file.
    """
    known = [dict(sorted((e.key, e.text) for e in group)) for group in (shapes, entries)]
    texts = (",".join(f'"{key}":{text}' for key, text in group.items()) for group in known)
    content = f"geozones.learn({','.join(f'{{{text}}}' for text in texts)});\n"
    name = publish_file("map" if script else "territory", f"{script}{content}", folder)
    return Library((name,), frozenset().union(*known))


def publish_file(what: str, content: str, folder: Path, kind: str = "js") -> str:
    """Write a file with a hash of its content in its name, if missing; return its name."""
    name = f"{what}-{hashlib.sha256(content.encode()).hexdigest()[:16]}.{kind}"
    if not (folder / name).is_file():
        write_atomically(folder / name, content)
    return name
