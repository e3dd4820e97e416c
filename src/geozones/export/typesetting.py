"""Typst: pages with their pictures and fonts to the bytes of a file."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import typst

from geozones.domain import ExportError
from geozones.render.typeface import typeface

_TEMPLATES = Path(__file__).parent
_DATA, _KEPT = "data.json", 11


def typeset_file(
    template: str,
    kind: Literal["pdf", "png"],
    data: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    **options: Any,  # noqa: ANN401 - as typst takes them
) -> bytes:
    """Return the file of a template, in the typeface and in no other font of the machine.

    ``data`` are its values, ``files`` the pictures that it names: the same give the same bytes.
    """
    with _prepared(template, data, files or {}) as given:
        made = typst.compile(**given, format=kind, **options)
        # typst keeps what it made for its next ten documents: a picture of A3 is 70 MB
        for _ in range(_KEPT):
            typst.compile(b"", format="svg", ignore_system_fonts=True)
    assert isinstance(made, bytes)  # noqa: S101 - one file is asked for
    return made


def typeset_values(
    template: str, data: Mapping[str, Any], label: str, files: Mapping[str, bytes]
) -> list[Any]:
    """Return the values that a template tells under a label, for instance the size of a place."""
    with _prepared(template, data, files) as given:
        found = typst.query(**given, selector=f"<{label}>", field="value")
    values: list[Any] = json.loads(found)
    return values


@contextmanager
def _prepared(
    template: str, data: Mapping[str, Any], files: Mapping[str, bytes]
) -> Iterator[dict[str, Any]]:
    """Yield the arguments of typst, over a folder of the templates, the data and the fonts."""
    try:
        with tempfile.TemporaryDirectory(prefix="geozones-") as folder:
            root = Path(folder)
            # only these: their folders hold other files of the same names
            for path in {path for paths in typeface().files.values() for path in paths}:
                (root / path.name).write_bytes(path.read_bytes())
            for path in _TEMPLATES.glob("*.typ"):
                (root / path.name).write_bytes(path.read_bytes())
            for name, content in {**files, _DATA: json.dumps(data).encode()}.items():
                (root / name).write_bytes(content)
            yield {"input": root / template, "font_paths": [root], "ignore_system_fonts": True}
    except (OSError, RuntimeError) as error:  # typst's errors are RuntimeErrors
        raise ExportError(f"Le fichier n'a pas pu être préparé : {error}.") from error
