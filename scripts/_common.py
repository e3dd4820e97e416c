"""Helpers of the build scripts: folders, arguments, checks, writing of files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NoReturn, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
TABLES = ROOT / "scripts" / "tables"
DEPARTEMENTS = {
    "44": "Loire-Atlantique",
    "49": "Maine-et-Loire",
    "53": "Mayenne",
    "72": "Sarthe",
    "85": "Vendée",
}
#: the day the files were computed, bumped by hand: a rebuild changes no byte
BUILD_DATE = "2026-11-25"


def fail(message: str) -> NoReturn:
    """Stop the build with a message of one line."""
    sys.exit(f"build failed: {message}")


def check(condition: bool, message: str) -> None:  # noqa: FBT001
    """Stop the build unless the condition holds."""
    if not condition:
        fail(message)


def arguments(description: str | None) -> argparse.Namespace:
    """Read ``--source DIR`` and ``--date``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--source", type=Path, required=True, help="folder of the source files")
    parser.add_argument("--date", default=BUILD_DATE, help="ISO date noted in the files")
    return parser.parse_args()


def rounded(geometry: BaseGeometry, decimals: int = 5) -> dict[str, Any]:
    """Return a geometry as GeoJSON, coordinates (degrees) rounded."""
    moved = shapely.transform(geometry, lambda xy: np.round(xy, decimals))
    return cast("dict[str, Any]", json.loads(shapely.to_geojson(moved)))


def write_json(path: Path, value: object, *, indent: int | None = None) -> None:
    """Write JSON in UTF-8, the same bytes each time, with a final newline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    path.write_text(text + "\n", encoding="utf-8")


def report(path: Path, what: str) -> None:
    """Print the path, a description and the size of a written file."""
    size = path.stat().st_size / 1000
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"{shown}: {what}, {size:.0f} kB")
