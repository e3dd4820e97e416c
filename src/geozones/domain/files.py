"""Writing files so that a kill at any moment leaves the old one or the new one, whole."""

import os
import tempfile
from pathlib import Path

from geozones.domain.errors import InputError


def write_atomically(path: Path, text: str) -> None:
    """Write UTF-8 text to a file, flushed to disk before it takes its name.

    Raises
    ------
    InputError
        If it cannot be written; the file is then as it was.
    """
    temporary: str | None = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        msg = f"Le fichier {path} n'a pas pu être écrit ({error.strerror}) : rien n'a changé."
        raise InputError(msg) from error
