"""Error of estimated minutes where the formula was not fitted: bays, mountains, plains of France.

Run ``make data-france``, then ``python benchmarks/estimate.py``. It reads ``estimate_drives.csv``:
usual minutes between town halls, written from memory before they were computed. Every other drive
gives the width of the interval; the others only report it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from geozones.domain.identifiers import AreaKind
from geozones.domain.times import spread_bounds
from geozones.territory.france import open_france
from geozones.travel.engine import ALONE_ERROR, crow_km_table, formula_minutes
from geozones.travel.ground import LandPaths

DRIVES = Path(__file__).with_name("estimate_drives.csv")


def main() -> None:
    """Print the errors of both halves, as the crow flies and over land."""
    drives = pd.read_csv(DRIVES, dtype={"de": str, "a": str})
    france = open_france()
    regions = [area for area in france.areas if area.kind is AreaKind.REGION]
    communes = pd.concat([france.communes(area) for area in regions])
    towns = communes[communes["code"].isin({*drives["de"], *drives["a"]})]
    points = dict(zip(towns["code"], zip(towns["lat"], towns["lon"], strict=True), strict=True))
    places = list(points.values())
    outlines = france.outlines_around(places)
    land = LandPaths.of(outlines["code"].tolist(), outlines.geometry.to_numpy())
    rank = {code: row for row, code in enumerate(points)}
    at = drives["de"].map(rank).to_numpy(), drives["a"].map(rank).to_numpy()
    print(f"{'':<28}{'drives':>7}{'error':>8}{'bias':>8}{'worst':>8}{'held':>7}   (%)")
    for name, km in (("crow", crow_km_table(places, places)), ("land", land.km(places, places))):
        minutes = formula_minutes(km[at])
        low, high = spread_bounds(minutes, np.array(ALONE_ERROR))
        known = drives["minutes"].to_numpy()
        table = drives.assign(error=(minutes / known - 1) * 100)
        table["held"] = (low <= known) & (known <= high)
        for half, some in table.groupby("usage"):
            error = some["error"]
            figures = f"{error.abs().mean():>8.1f}{error.mean():>+8.1f}{error.abs().max():>8.0f}"
            print(f"{name}, {half:<22}{len(some):>7}{figures}{some['held'].mean() * 100:>7.0f}")


if __name__ == "__main__":
    main()
