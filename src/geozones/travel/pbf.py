"""What an .osm.pbf file says of itself, and whether it is whole, read without any OSM library.

The format (https://wiki.openstreetmap.org/wiki/PBF_Format) is a chain of blobs, each preceded by
the length of its header, and the header by its own length: a file cut while downloading is told
by following the chain, without decompressing anything but the first blob.
"""

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from geozones.domain.errors import InputError

_MAX_HEADER = 64 * 1024
_HEADER = b"OSMHeader"
# numbers of the protobuf fields that are read
_BLOB_TYPE, _BLOB_SIZE = 1, 3
_RAW, _ZLIB = 1, 3
_REPLICATION_TIMESTAMP = 32


@dataclass(frozen=True, slots=True)
class Extract:
    """An .osm.pbf file: name, size, SHA-256 in hexadecimal, and the date it gives its data."""

    name: str
    size_bytes: int
    sha256: str
    date: dt.date | None


class _NotPbfError(ValueError):
    """The first bytes are not those of an .osm.pbf."""


def read_extract(path: Path) -> Extract:
    """Check that a file is a whole .osm.pbf, and return what identifies it.

    Raises
    ------
    InputError
        If the file is missing, unreadable, empty, of another format, cut or damaged.
    """
    try:
        with path.open("rb") as file:
            return _read(file, path.name)
    except FileNotFoundError:
        why = "n'existe pas : donnez le chemin d'un extrait OpenStreetMap (.osm.pbf)"
    except (IsADirectoryError, _NotPbfError):
        why = "n'est pas un extrait OpenStreetMap au format .osm.pbf : donnez-en un"
    except EOFError as error:
        why = f"est {error} : téléchargez-le à nouveau"
    except (ValueError, zlib.error):
        why = "est abîmé : téléchargez-le à nouveau"
    except OSError as error:
        why = f"ne peut pas être lu ({error.strerror or error}) : vérifiez ses droits"
    raise fault(path, why)


def fault(path: Path, why: str) -> InputError:
    """Return the error that says what is wrong with a file."""
    return InputError(f"Le fichier « {path.name} » {why}.")


def _read(file: BufferedReader, name: str) -> Extract:
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        message = "vide"
        raise EOFError(message)
    first = None
    for kind, start, length in _blobs(file, size):
        if first is None:
            if kind != _HEADER:
                raise _NotPbfError
            first = (start, length)
    if first is None:
        raise _NotPbfError
    file.seek(first[0])
    date = _data_date(file.read(first[1]))
    file.seek(0)
    return Extract(name, size, hashlib.file_digest(file, "sha256").hexdigest(), date)


def _blobs(file: BufferedReader, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, position, length) of each blob.

    Raises ``EOFError`` where the chain goes past the end, ``ValueError`` where it is broken.
    """
    position = 0
    while position < size:
        file.seek(position)
        header_length = int.from_bytes(file.read(4))
        if header_length > _MAX_HEADER:
            raise ValueError if position else _NotPbfError
        header = file.read(header_length)
        start = position + 4 + header_length
        if start > size:
            _stop_short()
        try:
            fields = dict(_fields(header))
        except ValueError as error:
            raise (error if position else _NotPbfError) from error
        kind, length = fields.get(_BLOB_TYPE), fields.get(_BLOB_SIZE)
        if not isinstance(kind, bytes) or not isinstance(length, int):
            raise ValueError if position else _NotPbfError
        if start + length > size:
            _stop_short()
        yield kind, start, length
        position = start + length


def _stop_short() -> None:
    message = "incomplet (il s'arrête avant la fin)"
    raise EOFError(message)


def _data_date(blob: bytes) -> dt.date | None:
    """Return the date in the first blob; ``None`` where it gives none."""
    fields = dict(_fields(blob))
    raw, packed = fields.get(_RAW), fields.get(_ZLIB)
    block = raw if isinstance(raw, bytes) else None
    if block is None and isinstance(packed, bytes):
        block = zlib.decompress(packed)
    stamp = dict(_fields(block or b"")).get(_REPLICATION_TIMESTAMP)
    if not isinstance(stamp, int):
        return None
    try:
        return dt.datetime.fromtimestamp(stamp, dt.UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield (number, value) of a protobuf message's fields; ``ValueError`` where it is broken."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, position = _varint(message, position)
            yield number, value
            continue
        if wire == 2:
            length, position = _varint(message, position)
        else:
            length = {1: 8, 5: 4}.get(wire, len(message) + 1)
        if position + length > len(message):
            broken = "a field goes past the end of its message"
            raise ValueError(broken)
        yield number, message[position : position + length]
        position += length


def _varint(message: bytes, position: int) -> tuple[int, int]:
    """Return the number at a position, and the position after it."""
    value = 0
    for shift, byte in enumerate(message[position : position + 10]):
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, position + shift + 1
    broken = "a number goes past the end of its message"
    raise ValueError(broken)
