"""Speed and memory of the map background of an OpenStreetMap extract.

Run ``python benchmarks/basemap.py [--extract FILE.osm.pbf | --copies N]``: an extract of one's own,
or the tests' one laid out N times side by side, as large as wanted. Prints what it took and exits 1
when a target is missed. See README.md.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from copies import REAL, lay_out, read_extract

from geozones.territory.basemap import read_layers, read_source, write_basemap
from geozones.territory.basemap.osm_features import LEVELS

PEAK_MB = 800.0
WINDOW_MS = 100.0
#: A window of the app's map, in pixels.
WIDTH, HEIGHT = 1440, 900


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extract", type=Path, help="an extract of one's own")
    parser.add_argument("--copies", type=int, default=100, help="of the tests' extract")
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        extract = options.extract
        if extract is None:
            extract = Path(folder) / "copies.osm.pbf"
            nodes = lay_out(read_extract(REAL), options.copies, extract)
            print(f"{options.copies} copies, {nodes:,} nodes")
        command = [sys.executable, __file__, "--one", str(extract), f"{folder}/fond.parquet"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"{extract.name}: {found['extract_mb']:.1f} MB, background {found['file_mb']:.1f} MB")
    print(f"{'written in':<24}{found['seconds']:>8.1f} s")
    missed = report("peak memory", found["peak_mb"], PEAK_MB, "MB")
    for zoom, ms in found["window_ms"].items():
        missed |= report(f"a window at zoom {zoom}", ms, WINDOW_MS, "ms")
    return int(missed)


def report(name: str, value: float, target: float, unit: str) -> bool:
    """Print a figure with its target; tell whether it is missed."""
    good = value <= target
    print(f"{name:<24}{value:>8.0f} {unit}  target {target:g} {unit}  {'PASS' if good else 'FAIL'}")
    return not good


def one(extract: Path, path: Path) -> dict[str, object]:
    """Write the background and read a window of each level, in a process of its own."""
    start = perf_counter()
    write_basemap(extract, None, path)
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000  # kilobytes on Linux
    west, south, east, north = read_source(path).bounds
    windows = {}
    for level in LEVELS:
        half = (WIDTH / 2 * level.pixel, HEIGHT / 2 * level.pixel * 0.68)
        lon, lat = (west + east) / 2, (south + north) / 2
        start = process_time()
        read_layers(path, (lon - half[0], lat - half[1], lon + half[0], lat + half[1]), level.zoom)
        windows[level.zoom] = (process_time() - start) * 1000
    sizes = {"extract_mb": extract.stat().st_size / 1e6, "file_mb": path.stat().st_size / 1e6}
    return {**sizes, "seconds": seconds, "peak_mb": peak, "window_ms": windows}


if __name__ == "__main__":
    sys.exit(main())
