"""An .osm.pbf whose header would fill the memory is refused as damaged."""

import tracemalloc
import zlib
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.travel.pbf import read_bounds, read_extract

_MOST = 32 * 1024 * 1024


def _number(value: int) -> bytes:
    written = b""
    while value > 0x7F:
        written += bytes([value & 0x7F | 0x80])
        value >>= 7
    return written + bytes([value])


def _field(number: int, content: bytes) -> bytes:
    return _number(number << 3 | 2) + _number(len(content)) + content


def _pbf(path: Path, packed: bytes) -> Path:
    """Write an extract that is its header alone, whose block is ``packed``."""
    blob = _field(3, packed)
    told = _field(1, b"OSMHeader") + _number(3 << 3) + _number(len(blob))
    path.write_bytes(len(told).to_bytes(4) + told + blob)
    return path


def _zeros(size: int) -> bytes:
    """Return one field of so many zeros, compressed as well as can be."""
    packer = zlib.compressobj(9)
    step = 1_000_000
    packed = packer.compress(_number(16 << 3 | 2) + _number(size))
    packed += b"".join(packer.compress(bytes(step)) for _ in range(size // step))
    return packed + packer.flush()


@pytest.mark.parametrize("read", [read_bounds, read_extract])
def test_a_header_is_never_unpacked_past_what_the_format_allows(
    tmp_path: Path, read: object
) -> None:
    bomb = _pbf(tmp_path / "bombe.osm.pbf", _zeros(200_000_000))
    assert bomb.stat().st_size < 1_000_000
    tracemalloc.start()
    with pytest.raises(InputError, match=r"« bombe.osm.pbf » est abîmé : téléchargez-le à nouveau"):
        read(bomb)  # type: ignore[operator]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * _MOST


def test_a_header_of_a_megabyte_is_read(tmp_path: Path) -> None:
    assert read_bounds(_pbf(tmp_path / "grand.osm.pbf", _zeros(1_000_000))) is None


def test_a_header_that_is_cut_is_damaged(tmp_path: Path) -> None:
    cut = _pbf(tmp_path / "court.osm.pbf", _zeros(1_000_000)[:-9])
    with pytest.raises(InputError, match="est abîmé"):
        read_bounds(cut)
