"""Reproducible zip files: their bytes depend only on their content, not on the time."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping

#: The oldest date that a zip can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
#: Already compressed: compressing again is only slower.
_PACKED = (".png", ".jpg", ".pptx", ".xlsx", ".pdf", ".zip")
_FILE_MODE = 0o644 << 16


def zip_of(files: Mapping[str, bytes], date: str = "") -> bytes:
    """Return a zip of files by name, in the order given, of a date (ISO) if there is one."""
    day = dt.date.fromisoformat(date) if date else None
    when = _EPOCH if day is None else (day.year, day.month, day.day, 0, 0, 0)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = _FILE_MODE
            packed = name.endswith(_PACKED)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def undated(content: bytes) -> bytes:
    """Return a zip with the same files, without their times."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zip_of({name: archive.read(name) for name in archive.namelist()})
