"""Headers of .osm.pbf, a check that a file is whole without any OSM library, and merge of extracts.

The format (https://wiki.openstreetmap.org/wiki/PBF_Format) is a chain of blobs, each preceded by
the length of its header, and the header by its own length: following the chain shows that a file
was cut while downloading, without decompressing anything but the first blob.

Valhalla reads several files, but a road that two of them hold becomes two roads there, and the
minutes around it change (by up to 1.8 min in the centre of Helsinki cut in two): extracts that
overlap become one sorted file, each object once.
"""

import datetime as dt
import hashlib
import heapq
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from types import ModuleType
from typing import Any

from geozones.common import files
from geozones.common.errors import InputError
from geozones.domain.errors import INSTALL_ROADS, EngineMissingError

#: Bytes that the format allows the header of a blob, and a blob before and after decompression. A
#: blob is unpacked no further, so that a small file cannot fill the memory.
_MAX_HEADER, _MAX_BLOB = 64 * 1024, 32 * 1024 * 1024
_HEADER = b"OSMHeader"
# numbers of the protobuf fields that are read
_BLOB_TYPE, _BLOB_SIZE = 1, 3
_RAW, _ZLIB = 1, 3
_BOUNDS, _REPLICATION_TIMESTAMP = 1, 32
_WEST, _EAST, _NORTH, _SOUTH = 1, 2, 3, 4
_NANODEGREE = 1e-9

type Bounds = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Identity of an .osm.pbf file: name, size, SHA-256 in hexadecimal, date of its data."""

    name: str
    size_bytes: int
    sha256: str
    date: dt.date | None


class _NotPbfError(ValueError):
    """The file does not begin as an .osm.pbf does."""


def read_extract(path: Path) -> Extract:
    """Check that a file is a whole .osm.pbf, and return its identity."""
    return _open(path, _read)


def read_extracts(paths: Sequence[Path]) -> Extract:
    """Return one identity for extracts used together; dated by the oldest, if all have dates."""
    extracts: dict[str, Extract] = {}
    for path in paths:
        extract = read_extract(path)
        same = extracts.get(extract.sha256)
        if same is not None:
            msg = f"Les fichiers « {same.name} » et « {extract.name} » sont un même extrait."
            if same.name == extract.name:
                msg = f"L'extrait « {extract.name} » est donné deux fois."
            raise InputError(f"{msg} Donnez chaque extrait une seule fois.")
        extracts[extract.sha256] = extract
    if len(extracts) == 1:
        return extract
    found = extracts.values()
    dates = [extract.date for extract in found if extract.date]
    return Extract(
        ", ".join(extract.name for extract in found),
        sum(extract.size_bytes for extract in found),
        hashlib.sha256("".join(sorted(extracts)).encode()).hexdigest(),
        min(dates) if len(dates) == len(extracts) else None,
    )


def read_bounds(path: Path) -> Bounds | None:
    """Return the bounds in the header of an .osm.pbf; ``None`` without bounds.

    The rest of the file is not read.
    """
    return _open(path, lambda file, _: _header_bounds(_header(file)))


def _open[T](path: Path, read: Callable[[BufferedReader, str], T]) -> T:
    """Read a file with ``read``; raise its faults as ``InputError``."""
    try:
        with files.ordinary(path).open("rb") as file:
            return read(file, path.name)
    except FileNotFoundError:
        why = "n'existe pas : donnez le chemin d'un extrait OpenStreetMap (.osm.pbf)"
    except (IsADirectoryError, _NotPbfError):
        why = "n'est pas un extrait OpenStreetMap au format .osm.pbf : donnez-en un"
    except EOFError as error:
        why = f"est {error} : téléchargez-le à nouveau"
    except (ValueError, zlib.error):
        why = "est abîmé : téléchargez-le à nouveau"
    except OSError as error:
        why = f"ne peut pas être lu : {files.why(error)}"
    raise fault(path, why)


def fault(path: Path, why: str) -> InputError:
    """Return the error that says what is wrong with a file."""
    return InputError(f"Le fichier « {path.name} » {why}.")


def _read(file: BufferedReader, name: str) -> Extract:
    header = _header(file)
    for _ in _blobs(file):
        pass
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Extract(name, file.tell(), sha256, _data_date(header))


def _header(file: BufferedReader) -> dict[int, int | bytes]:
    """Return the fields of the header block, the first of the file."""
    kind, start, length = next(_blobs(file), (b"", 0, 0))
    if kind != _HEADER:
        raise _NotPbfError
    file.seek(start)
    blob = dict(_fields(file.read(length)))
    raw, packed = blob.get(_RAW), blob.get(_ZLIB)
    block = raw if isinstance(raw, bytes) else None
    if block is None and isinstance(packed, bytes):
        block = _unpacked(packed)
    return dict(_fields(block or b""))


def _unpacked(packed: bytes) -> bytes:
    """Return the content of a blob; raise ``ValueError`` past the format's limit, unread."""
    reader = zlib.decompressobj()
    block = reader.decompress(packed, _MAX_BLOB)
    if reader.unconsumed_tail:
        raise ValueError("a blob is larger than the format allows")
    if not reader.eof:
        raise ValueError("the data of a blob are cut")
    return block


def _blobs(file: BufferedReader) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, position, length) of each blob.

    Raise ``EOFError`` if the chain goes past the end, ``ValueError`` if it is broken.
    """
    size = file.seek(0, 2)
    if not size:
        raise EOFError("vide")
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
        if length > _MAX_BLOB:
            raise ValueError if position else _NotPbfError
        yield kind, start, length
        position = start + length


def _stop_short() -> None:
    raise EOFError("incomplet (il s'arrête avant la fin)")


def _data_date(header: Mapping[int, int | bytes]) -> dt.date | None:
    stamp = header.get(_REPLICATION_TIMESTAMP)
    if not isinstance(stamp, int):
        return None
    try:
        return dt.datetime.fromtimestamp(stamp, dt.UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def _header_bounds(header: Mapping[int, int | bytes]) -> Bounds | None:
    box = header.get(_BOUNDS)
    sides = dict(_fields(box)) if isinstance(box, bytes) else {}
    found = [sides.get(side) for side in (_WEST, _SOUTH, _EAST, _NORTH)]
    # the signed number that protobuf encodes as 0, −1, 1, −2… in this order
    degrees = [((side >> 1) ^ -(side & 1)) * _NANODEGREE for side in found if isinstance(side, int)]
    if len(degrees) < len(found):
        return None
    west, south, east, north = degrees
    return west, south, east, north


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield (number, value) of a protobuf message's fields; ``ValueError`` if it is broken."""
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
            raise ValueError("a field goes past the end of its message")
        yield number, message[position : position + length]
        position += length


def _varint(message: bytes, position: int) -> tuple[int, int]:
    """Return the number at a position, and the position after it."""
    value = 0
    for shift, byte in enumerate(message[position : position + 10]):
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, position + shift + 1
    raise ValueError("a number goes past the end of its message")


def extract_fault(pbf: Path, why: str) -> InputError:
    """Return the error for an extract that osmium refuses, from its message."""
    if "out of order" in why:
        return InputError(
            f"Le fichier « {pbf.name} » n'est pas trié par numéro : triez-le avec « osmium sort »."
        )
    return InputError(f"Le fichier « {pbf.name} » est abîmé : téléchargez-le à nouveau.")


def load_package() -> ModuleType:
    """Import ``osmium``, which ``make roads`` installs."""
    try:
        return import_module("osmium")
    except ImportError:
        raise EngineMissingError(
            f"La lecture d'OpenStreetMap n'est pas installée : {INSTALL_ROADS}."
        ) from None


_TICK = 50_000
#: Order of the types of objects in a sorted file.
_RANKS = {"n": 0, "w": 1, "r": 2}

type _Key = tuple[int, int, int]


def merge_extracts(
    extracts: Sequence[Path], merged: Path, tick: Callable[[], None]
) -> list[Bounds | None]:
    """Write the objects of sorted extracts to one sorted file; return the bounds of each.

    Files are read side by side: memory does not grow with them. An extract without points has no
    bounds. ``tick`` is called every 50,000 objects; an exception that it raises stops the merge.
    """
    osmium = load_package()
    reads = [_Extract(osmium.FileProcessor(str(path)), path) for path in extracts]
    last: tuple[int, int] | None = None
    try:
        with osmium.SimpleWriter(str(merged)) as writer:
            add = (writer.add_node, writer.add_way, writer.add_relation)
            ranked = heapq.merge(*reads, key=lambda each: each[0])
            for count, ((rank, number, _), item) in enumerate(ranked):
                if count % _TICK == 0:
                    tick()
                if (rank, number) != last:
                    last = rank, number
                    add[rank](item)
    except RuntimeError as error:  # of the writer: faults of extracts have their own error
        raise OSError(str(error)) from error
    return [read.bounds for read in reads]


class _Extract:
    """Objects of an extract with their rank in the merge, and the bounds of its points."""

    def __init__(self, processor: Any, path: Path) -> None:  # noqa: ANN401 - osmium's
        self._processor, self._path = processor, path
        self._box = [math.inf, math.inf, -math.inf, -math.inf]

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east and north, in degrees, once it was read."""
        west, south, east, north = self._box
        return (west, south, east, north) if west <= east else None

    def __iter__(self) -> Iterator[tuple[_Key, Any]]:
        """Yield the objects, the latest version of each first."""
        last: _Key = (-1, 0, 0)
        try:
            for item in self._processor:
                key = _RANKS[item.type_str()], item.id, -item.version
                if key < last:
                    raise extract_fault(self._path, "out of order")
                last = key
                if key[0] == 0 and item.location.valid():
                    lon = item.location.lon
                    lat = item.location.lat
                    west, south, east, north = self._box
                    self._box = [min(west, lon), min(south, lat), max(east, lon), max(north, lat)]
                yield key, item
        except RuntimeError as error:
            raise extract_fault(self._path, str(error)) from error
