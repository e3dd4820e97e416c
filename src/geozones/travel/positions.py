"""Fingerprint of the positions for which a travel-time table was computed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def positions_hash(positions: Mapping[str, tuple[float, float]]) -> str:
    """Return the fingerprint of positions, to check that a stored file still matches them.

    Parameters
    ----------
    positions
        id -> (latitude, longitude) in WGS84 degrees.

    Returns
    -------
    str
        SHA-256, in hexadecimal, of one line ``id lat lon`` per id in sorted order, coordinates
        at 5 decimals (about a metre).
    """
    lines = (f"{key} {lat:.5f} {lon:.5f}\n" for key, (lat, lon) in sorted(positions.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
