"""How far the shipped model's minutes are from an independent router's, by half and by kind.

Run ``python benchmarks/travel_accuracy.py --source DIR`` with the folder that ``make data`` takes
and, in it, a reference_times.csv of town-to-town minutes (from_code, to_code, minutes). Of the
towns in the order of their INSEE codes, every other one is kept for calibration; docs/data.md says
how. Exits 1 when a target is missed on the held-out half.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from build_travel_times import commune_positions, lycee_positions
from road_corrections import corrected, ground

from geozones.travel.access import AccessRules
from geozones.travel.error_model import interval
from geozones.travel.network import RoadKind
from geozones.travel.road_drives import RoadDrives, drives_over, surroundings_of
from geozones.travel.road_tables import graph_from_tables

ROOT = Path(__file__).resolve().parents[1]
KNOWN = ROOT / "data" / "temps_de_reference.csv"
#: on held-out pairs: mean absolute error between towns, inside towns, bias, worst, in percent
TOWNS, SHORT, BIAS, WORST = 6.5, 11.0, 3.0, 35.0
COVERED = (0.75, 0.88)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder of the source files")
    source = parser.parse_args().source
    roads = source / "roads"
    nodes = pd.read_csv(roads / "nodes.csv")
    edges = pd.read_csv(roads / "edges.csv", keep_default_na=False)
    graph = graph_from_tables(*corrected(nodes, edges))
    around = surroundings_of(graph, ground(), AccessRules())
    lycees = lycee_positions()
    places = commune_positions() | lycees

    def driven(pairs: pd.DataFrame) -> pd.DataFrame:
        keys = sorted({*pairs["from"], *pairs["to"]})
        some = {key: places[key] for key in keys}
        return with_errors(pairs, drives_over(around, some, some, stops=lycees))

    towns = driven(between_towns(source / "reference_times.csv"))
    short = driven(inside_towns())
    print(f"{'':<34}{'pairs':>6}{'error':>8}{'bias':>8}{'worst':>8}{'held':>7}   (%)")
    line("towns, calibration half", towns[~towns["held_out"]])
    held = towns[towns["held_out"]]
    for kind, some in held.groupby("kind"):
        line(f"towns, held out, mostly {kind}", some)
    line("inside towns, calibration half", short[~short["held_out"]])
    missed = verdict("towns, held out", held, TOWNS)
    missed |= verdict("inside towns, held out", short[short["held_out"]], SHORT)
    return int(missed)


def between_towns(path: Path) -> pd.DataFrame:
    """Return the router's pairs; held out: an end at least is not a calibration town."""
    table = pd.read_csv(path, dtype={"from_code": str, "to_code": str})
    kept = set(sorted(set(table["from_code"]))[::2])
    both = table["from_code"].isin(kept) & table["to_code"].isin(kept)
    return pd.DataFrame(
        {
            "from": "commune:" + table["from_code"],
            "to": "commune:" + table["to_code"],
            "known": table["minutes"],
            "held_out": ~both,
        }
    )


def inside_towns() -> pd.DataFrame:
    """Return the usual times between lycées, shipped with the project."""
    table = pd.read_csv(KNOWN)
    table = table[~table["a"].str.startswith("commune:")]
    names = {"de": "from", "a": "to", "minutes": "known"}
    held_out = table["usage"] == "contrôle"
    return table.rename(columns=names).assign(held_out=held_out)[[*names.values(), "held_out"]]


def with_errors(pairs: pd.DataFrame, drives: RoadDrives) -> pd.DataFrame:
    """Add the error in percent, whether the interval holds the time, and the main kind of way."""
    rank = {key: row for row, key in enumerate(drives.origins)}
    at = pairs["from"].map(rank).to_numpy(), pairs["to"].map(rank).to_numpy()
    low, high = interval(drives.minutes, drives.by_kind)
    known = pairs["known"].to_numpy()
    kinds = [RoadKind(kind).name.lower().replace("_", " ") for kind in range(len(RoadKind))]
    return pairs.assign(
        error=(drives.minutes[at] / known - 1) * 100,
        holds=(low[at] <= known) & (known <= high[at]),
        kind=np.array(kinds)[drives.by_kind[at].argmax(axis=-1)],
    )


def line(name: str, pairs: pd.DataFrame) -> None:
    """Print the errors of some pairs."""
    error = pairs["error"]
    figures = f"{error.abs().mean():>8.1f}{error.mean():>+8.1f}{error.abs().max():>8.0f}"
    print(f"{name:<34}{len(pairs):>6}{figures}{pairs['holds'].mean() * 100:>7.0f}")


def verdict(name: str, pairs: pd.DataFrame, target: float) -> bool:
    """Print the errors of held-out pairs; tell whether a target is missed, and say which."""
    line(name, pairs)
    error, covered = pairs["error"], pairs["holds"].mean()
    missed = {
        f"error over {target} %": error.abs().mean() > target,
        f"bias over {BIAS} %": abs(error.mean()) > BIAS,
        f"worst over {WORST} %": error.abs().max() > WORST,
        "intervals too narrow or too wide": not COVERED[0] <= covered <= COVERED[1],
    }
    for what, is_missed in missed.items():
        if is_missed:
            print(f"    missed: {what}")
    return any(missed.values())


if __name__ == "__main__":
    sys.exit(main())
