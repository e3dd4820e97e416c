"""Data folders of 60, 900 and 2,600 sites (18 régions), made by the product; then its files.

The list is synthetic (fixed seed): lycées in towns around the middle of each département, as many
as its share of the population, towns of very unequal sizes. The folders of 60 and 900 hold the
first départements of `REGIONS`, those of 2,600 all 101, so that lycées are as close in each. There
is no other data: cells are drawn around the points, drives are the tool's estimate.

Run ``python benchmarks/folders.py [--sites 60 900 2600] [--out DIR] [--only new|files]``: each
folder is made by `geozones new` (a sector a département, zones of 3 to 5), then read by commands,
each in a process of its own. Prints seconds of processor and peak resident memory; exits 1 when a
target of the largest folder is missed. Only commands are called: ``PYTHONPATH`` chooses the commit.
"""

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from geozones.domain.identifiers import uai_key

SEED = 2026
TITLES = (
    "Code UAI", "Nom", "Commune", "Code postal", "Département", "Latitude", "Longitude", "Élèves",
)  # fmt: skip
LARGEST = 2600
#: Régions, then « code latitude longitude thousands-of-inhabitants » of each département.
REGIONS = {
    "Bretagne": "22 48.4 -2.8 606, 29 48.3 -4.1 921, 35 48.2 -1.7 1099, 56 47.9 -2.8 769",
    "Pays de la Loire": (
        "44 47.3 -1.6 1458, 49 47.4 -0.6 822, 53 48.1 -0.7 306, 72 48.0 0.2 567, 85 46.7 -1.3 695"
    ),
    "Normandie": (
        "14 49.1 -0.4 701, 27 49.1 1.0 601, 50 49.0 -1.3 495, 61 48.6 0.1 276, 76 49.6 1.0 1255"
    ),
    "Île-de-France": (
        "75 48.86 2.35 2133, 77 48.6 2.9 1438, 78 48.8 1.9 1456, 91 48.5 2.3 1313, "
        "92 48.85 2.22 1635, 93 48.92 2.48 1669, 94 48.78 2.47 1415, 95 49.05 2.2 1257"
    ),
    "Centre-Val de Loire": (
        "18 47.1 2.5 299, 28 48.4 1.4 431, 36 46.8 1.6 217, 37 47.3 0.7 612, 41 47.6 1.3 328, "
        "45 47.9 2.2 684"
    ),
    "Hauts-de-France": (
        "02 49.5 3.6 525, 59 50.5 3.1 2611, 60 49.4 2.4 830, 62 50.5 2.3 1462, 80 49.9 2.3 567"
    ),
    "Nouvelle-Aquitaine": (
        "16 45.7 0.2 351, 17 45.8 -0.7 659, 19 45.3 1.9 239, 23 46.1 2.0 115, 24 45.1 0.7 414, "
        "33 44.8 -0.6 1655, 40 44.0 -0.8 421, 47 44.4 0.5 330, 64 43.3 -0.8 694, 79 46.5 -0.3 375, "
        "86 46.6 0.4 439, 87 45.9 1.2 373"
    ),
    "Occitanie": (
        "09 42.9 1.5 155, 11 43.1 2.4 377, 12 44.3 2.6 279, 30 44.0 4.2 757, 31 43.5 1.3 1435, "
        "32 43.7 0.5 192, 34 43.6 3.5 1201, 46 44.6 1.6 175, 48 44.5 3.5 77, 65 43.1 0.1 230, "
        "66 42.6 2.6 487, 81 43.8 2.2 393, 82 44.0 1.3 264"
    ),
    "Auvergne-Rhône-Alpes": (
        "01 46.1 5.3 672, 03 46.4 3.2 335, 07 44.8 4.4 334, 15 45.0 2.7 144, 26 44.8 5.1 520, "
        "38 45.3 5.6 1287, 42 45.7 4.2 770, 43 45.1 3.8 227, 63 45.7 3.1 663, 69 45.8 4.7 1899, "
        "73 45.5 6.4 442, 74 46.0 6.4 843"
    ),
    "Provence-Alpes-Côte d'Azur": (
        "04 44.1 6.2 167, 05 44.7 6.3 141, 06 43.8 7.2 1109, 13 43.5 5.2 2057, 83 43.4 6.2 1096, "
        "84 44.0 5.2 563"
    ),
    "Bourgogne-Franche-Comté": (
        "21 47.4 4.8 536, 25 47.2 6.4 548, 39 46.8 5.7 259, 58 47.1 3.5 202, 70 47.6 6.1 233, "
        "71 46.7 4.5 550, 89 47.8 3.6 334, 90 47.6 6.9 140"
    ),
    "Grand Est": (
        "08 49.6 4.6 269, 10 48.3 4.1 311, 51 48.9 4.2 563, 52 48.1 5.2 170, 54 48.8 6.2 732, "
        "55 49.0 5.4 182, 57 49.0 6.7 1049, 67 48.6 7.6 1152, 68 47.9 7.3 768, 88 48.2 6.4 361"
    ),
    "Corse": "2A 41.9 9.0 163, 2B 42.4 9.2 186",
    "Guadeloupe": "971 16.2 -61.6 384",
    "Martinique": "972 14.65 -61.0 361",
    "Guyane": "973 4.9 -52.6 287",
    "La Réunion": "974 -21.1 55.5 871",
    "Mayotte": "976 -12.8 45.15 300",
}
#: Radius in km within which towns lie, of départements much smaller than the others.
_RADIUS_KM, _SMALL_KM = 38.0, {
    "75": 5.0, "92": 7.0, "93": 8.0, "94": 8.0, "95": 20.0, "78": 24.0, "91": 20.0, "90": 12.0,
    "971": 14.0, "972": 12.0, "974": 20.0, "976": 7.0, "2A": 22.0, "2B": 22.0,
}  # fmt: skip
#: Lycées by town on average; how far from its centre (km, times the root of how many it has).
_BY_TOWN = 2.2
_AROUND_KM = 1.2
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Target:
    """Most seconds of processor, and most GB, that a step of the largest folder may take."""

    seconds: float
    gb: float


#: Commands after « new », by their name here; FOLDER and FILE stand for the folder and a new file.
COMMANDS = {
    "metrics": "metrics --json",
    "vigilance": "vigilance --json",
    "cost": "cost --json",
    "png": "export --format png --out FILE",
    "xlsx": "export --format xlsx --out FILE",
    "pdf": "export --format pdf --out FILE",
}
TARGETS = {"new": Target(120, 2.0), "png": Target(20, 1.5), "xlsx": Target(20, 1.5)}


def main() -> int:
    """Make the folders, read them, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, nargs="+", default=[60, 900, LARGEST])
    parser.add_argument("--out", type=Path, help="keep the folders there, one a size")
    parser.add_argument("--only", choices=("new", "files"), help="files: of folders already there")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="geozones-folders-") as scratch:
        out = (options.out or Path(scratch)).absolute()
        out.mkdir(parents=True, exist_ok=True)
        steps = [] if options.only == "files" else ["new"]
        steps += [] if options.only == "new" else list(COMMANDS)
        print(f"{'step':<10}" + "".join(f"{sites:>9} sites: s, GB" for sites in options.sites))
        missed = False
        for step in steps:
            figures = [measured(step, out, sites) for sites in options.sites]
            told = "".join(f"{seconds:>16.1f}{gb:>7.2f}" for seconds, gb in figures)
            late = is_missed(step, options.sites, figures)
            print(f"{step:<10}{told}{'  MISSED' if late else ''}", flush=True)
            missed |= late
    return int(missed)


def is_missed(step: str, sizes: list[int], figures: list[tuple[float, float]]) -> bool:
    """Tell whether a step missed its target in the largest folder."""
    target = TARGETS.get(step)
    if target is None or LARGEST not in sizes:
        return False
    seconds, gb = figures[sizes.index(LARGEST)]
    return seconds > target.seconds or gb > target.gb


def measured(step: str, out: Path, sites: int) -> tuple[float, float]:
    """Run a command for the folder of a size; return its seconds of processor and peak GB."""
    folder = out / str(sites)
    if step == "new":
        listed = out / f"{sites}.csv"
        write_list(listed, sites)
        words = f"new France_{sites} {listed} --sizes 3-5 --folder {folder} --replace --json"
    else:
        words = COMMANDS[step].replace("FILE", str(out / f"{sites}.{step}"))
    environment = {
        **os.environ, "GEOZONES_HOME": str(out / f"home-{sites}"), "GEOZONES_DATA_DIR": str(folder)
    }  # fmt: skip
    answers = out / f"{sites}-{step}.txt"
    with answers.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "geozones.cli", *words.split()], stdout=written, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{words}: {answers.read_text()[-500:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2


def write_list(path: Path, sites: int) -> None:
    """Write the list of the sites of a folder, as an office would have it."""
    random = np.random.default_rng(SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(TITLES)
        for (code, lat, lon, _), count in zip(departements(), counts(sites), strict=True):
            writer.writerows(rows_of(random, (code, lat, lon), count))


def departements() -> list[tuple[str, float, float, float]]:
    """Return the code, latitude, longitude and inhabitants of each département, by région."""
    rows = [each.split() for region in REGIONS.values() for each in region.split(",")]
    return [(code, float(lat), float(lon), float(people)) for code, lat, lon, people in rows]


def counts(sites: int) -> list[int]:
    """Return how many sites each département has: its share of 2,600, until they are enough."""
    people = np.array([row[3] for row in departements()])
    exact = people / people.sum() * LARGEST
    used = int(np.searchsorted(np.cumsum(exact), sites - 1e-6)) + 1
    exact = exact[:used] / exact[:used].sum() * sites
    found = exact.astype(int)
    found[np.argsort(found - exact, kind="stable")[: sites - found.sum()]] += 1
    return [*map(int, found), *[0] * (len(people) - used)]


def rows_of(
    random: np.random.Generator, where: tuple[str, float, float], count: int
) -> Iterator[list[object]]:
    """Yield the sites of a département, in towns around its middle."""
    code, lat, lon = where
    towns = max(round(count / _BY_TOWN), 1)
    radius = _SMALL_KM.get(code, _RADIUS_KM) * np.sqrt(random.uniform(0, 1, towns))
    angle = random.uniform(0, 2 * np.pi, towns)
    centres = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    weight = 1 / np.arange(1, towns + 1)
    town = np.sort(random.choice(towns, count, p=weight / weight.sum()))
    around = _AROUND_KM * np.sqrt(np.bincount(town, minlength=towns)[town])[:, None]
    places = centres[town] + random.normal(0, 1, (count, 2)) * around
    academy = {"2A": "620", "2B": "720"}.get(code, code.zfill(3))
    for rank, (north, east) in enumerate(places / _KM_PER_DEGREE):
        number = f"{academy}{rank + 1:04}"
        commune = f"Bourg-{code}-{town[rank] + 1:02}"
        postcode = {"2A": "20000", "2B": "20200"}.get(code, code.ljust(5, "0"))
        row = (lat + north, lon + east / np.cos(np.radians(lat)))
        yield [
            number + uai_key(number), f"Lycée {rank + 1} de {commune}", commune, postcode, code,
            *(f"{value:.5f}" for value in row), int(random.lognormal(6.5, 0.5)),
        ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
