"""Typst: pages with their pictures and fonts to the bytes of a file."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from geozones.domain import ExportError
from geozones.render.typeface import typeface

_SOURCE, _KEPT = "source.typ", 11


def typeset_file(
    source: bytes,
    kind: Literal["pdf", "png"],
    inputs: Mapping[str, str],
    files: Mapping[str, bytes] | None = None,
    **options: Any,  # noqa: ANN401 - as typst takes them
) -> bytes:
    """Return the file of a typst document, in the typeface and in no other font of the machine.

    ``inputs`` are its data, ``files`` the pictures that it names: the same give the same bytes.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="geozones-") as folder:
            root = Path(folder)
            # only these: their folders hold other files of the same names
            for path in {path for paths in typeface().files.values() for path in paths}:
                (root / path.name).write_bytes(path.read_bytes())
            for name, content in {**(files or {}), _SOURCE: source}.items():
                (root / name).write_bytes(content)
            made = typst.compile(
                root / _SOURCE,
                format=kind,
                font_paths=[root],
                ignore_system_fonts=True,
                sys_inputs=dict(inputs),
                **options,
            )
    except (OSError, RuntimeError) as error:  # typst's errors are RuntimeErrors
        raise ExportError(f"Le fichier n'a pas pu être préparé : {error}.") from error
    assert isinstance(made, bytes)  # noqa: S101 - one file is asked for
    # typst keeps what it made for its next ten documents: a picture of A3 is 70 MB
    for _ in range(_KEPT):
        typst.compile(b"", format="svg", ignore_system_fonts=True)
    return made
