"""Measure the interface in a real browser, beside the naive pattern, in one run.

Starts the app and ``naive_app.py`` on free ports of 127.0.0.1, drives both with one Chromium,
sample after sample in turn, prints a table and exits 1 when a target is missed. See README.md.
"""

import argparse
import json
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from screencast import EMPTY, filmed
from shapely import maximum_inscribed_circle
from xstatic.pkg import leaflet

from geozones.metrics import MetricPlace, shown_in
from geozones.render.standalone_map import app_folder
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.moves.destinations import destinations

HOST = "127.0.0.1"
NAIVE = Path(__file__).with_name("naive_app.py")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SCREEN = {"width": 1440, "height": 900}
WARM_UP = 4
#: Share of the machine that others may use before the times mean less than they say.
QUIET = 0.15
MEGA = 1e6
#: Degrees of latitude from the border of a zone that a drag ends in: some 8 km.
ROOM = 0.07
#: Off the default view, so that a map that goes back to it is seen.
VIEW = {"zoom": 8.75, "lat": 47.35, "lng": -0.6}

#: The map right of the panel and under the chips, as shares of the window.
MAP_AREA = (0.26, 0.12, 0.92, 0.84)

#: What runs in the page.
PROBE = Path(__file__).with_name("ui_probe.js")


@dataclass(frozen=True)
class Spot:
    """Lycée or zone for the probe: ``at`` is a latitude and longitude inside it."""

    id: str
    name: str
    at: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Return what the probe takes."""
        return {"id": self.id, "name": self.name, "at": list(self.at)}


@dataclass(frozen=True)
class Move:
    """A move to make, allowed and seen in the region's figures."""

    lycee: Spot
    zone: Spot
    colour: str

    def as_json(self) -> dict[str, Any]:
        """Return what the probe takes."""
        return {
            "lycee": self.lycee.as_json(),
            "zone": self.zone.as_json(),
            "colour": self.colour,
        }


@dataclass
class Samples:
    """Measures of one of the two pages, in milliseconds."""

    clicks: list[float] = field(default_factory=list)
    facts: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    map_only: list[float] = field(default_factory=list)
    drags: list[float] = field(default_factory=list)
    tints: list[float] = field(default_factory=list)
    first_changes: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    paints: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    whiteness: list[float] = field(default_factory=list)
    runs: int = 0
    remounts: int = 0
    view_lost: int = 0
    late: int = 0


@dataclass(frozen=True)
class Row:
    """A line of the table; ``good`` is ``None`` when there is no target."""

    name: str
    ours: str
    target: str = ""
    naive: str = ""
    ratio: str = ""
    good: bool | None = None


# -- servers -------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block; ends it with the processes it started."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(process, port)
        yield process
    finally:
        stop(process)


def wait_for(process: subprocess.Popen[bytes], port: int, limit: float = 60) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    msg = f"no server on port {port}: {' '.join(map(str, process.args))}"
    raise RuntimeError(msg)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process group that this script made."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


@contextmanager
def our_app() -> Iterator[tuple[str, int]]:
    """Serve the app; gives its address and the id of its process."""
    port = free_port()
    command = [sys.executable, "-m", "geozones.cli", "serve", "--port", str(port)]
    with running(command, port, app_folder()) as process:
        yield f"http://{HOST}:{port}", process.pid


@contextmanager
def naive_app() -> Iterator[str]:
    """Serve the naive page, from a folder that holds Leaflet beside it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = folder / "static" / "vendor" / "leaflet"
        own.mkdir(parents=True)
        for file in ("leaflet.js", "leaflet.css"):
            shutil.copy(Path(leaflet.BASE_DIR) / file, own)
        shutil.copy(NAIVE, folder)
        command = [
            sys.executable, "-m", "streamlit", "run", str(folder / NAIVE.name),
            "--server.address", HOST, "--server.port", str(port), "--server.headless", "true",
        ]  # fmt: skip
        # the folder of the app: both pages have the same configuration
        with running(command, port, app_folder()):
            yield f"http://{HOST}:{port}"


def resident(pid: int) -> float:
    """Return the resident megabytes of a process and of those it started."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    own = pages * os.sysconf("SC_PAGE_SIZE") / MEGA
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(resident(int(child)) for child in children)


def busy(seconds: float = 3) -> float:
    """Return the share of the machine that others use, from 0 to 1, before anything starts."""

    def read() -> tuple[int, int]:
        ticks = [int(tick) for tick in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        return sum(ticks), ticks[3] + ticks[4]

    total, idle = read()
    time.sleep(seconds)
    total_after, idle_after = read()
    return 1 - (idle_after - idle) / max(total_after - total, 1)


# -- what to do in the pages ---------------------------------------------------------------------


def alone(study: Study) -> list[str]:
    """Return the lycées that share their position with no other."""
    places = [(place.lat, place.lon) for place in study.territory.lycees.values()]
    return [p.id for p in study.territory.lycees.values() if places.count((p.lat, p.lon)) == 1]


def lycee_spot(study: Study, lycee: str) -> Spot:
    """Return where a lycée is."""
    place = study.territory.lycees[lycee]
    return Spot(lycee, place.name, (place.lat, place.lon))


def zone_spot(study: Study, plan: Any, zone: str) -> Spot:  # noqa: ANN401
    """Return the point of a zone that is the furthest from its border."""
    inside = maximum_inscribed_circle(study.territory.shape(plan.members(zone))).coords[0]
    return Spot(zone, plan.zone(zone).name, (inside[1], inside[0]))


def is_wide(study: Study, plan: Any, zone: str) -> bool:  # noqa: ANN401
    """Tell whether a zone is wide enough to drop a lycée in it by hand: 8 km are some 16 px."""
    return maximum_inscribed_circle(study.territory.shape(plan.members(zone))).length > ROOM


def clicks(study: Study, count: int) -> list[tuple[str, Spot]]:
    """Return what to click: zones, then lycées, each elsewhere than the one before.

    Where a lycée is chosen, a click on a zone aims at it.
    """
    plan = study.plan
    zones = [zone.id for zone in plan.zones]
    lycees = alone(study)
    found: list[tuple[str, Spot]] = []
    for rank in range(count):
        if rank >= count // 2:
            lycee = lycees[(rank * 37) % len(lycees)]
            found.append(("clickLycee", lycee_spot(study, lycee)))
        else:
            zone = zones[(rank * 7) % len(zones)]
            found.append(("clickZone", zone_spot(study, plan, zone)))
    return found


def moves(study: Study, count: int) -> list[Move]:
    """Return moves one after the other: the best allowed that the region's figures show."""
    plan, found = study.plan, []
    lycees = alone(study)
    rank = 0
    while len(found) < count and rank < 40 * count:
        lycee = lycees[(rank * 37) % len(lycees)]
        rank += 1
        for entry in destinations(study.with_plan(plan), lycee)[:4]:
            after = plan.move(lycee, entry.zone)
            if entry.verdict.allowed and shown(study, plan) != shown(study, after):
                named = study.with_plan(plan).plan  # moves change the names of zones
                target = zone_spot(study, named, entry.zone)
                colour = study.atlas.palette.zone[entry.zone]
                found.append(Move(lycee_spot(study, lycee), target, colour))
                plan = after
                break
    if len(found) < count:
        msg = f"only {len(found)} moves found out of {count}"
        raise RuntimeError(msg)
    return found


def shown(study: Study, plan: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the region's figures as they are written."""
    values = study.with_plan(plan).area(None)
    return tuple(record.write(values[record.key]) for record in shown_in(MetricPlace.STRIP))


# -- pages ---------------------------------------------------------------------------------------


def opened(browser: Browser, address: str) -> Page:
    """Open a page in a context of its own (nothing in cache) and wait until it is at rest."""
    context = browser.new_context(viewport=SCREEN, locale="fr-FR")
    context.add_init_script(path=PROBE)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.probe && probe.signs() > 0", timeout=60_000)
    quiet(page)
    return page


def with_figures(page: Page) -> Page:
    """Open the drawer of the app, whose figures a move changes."""
    page.get_by_role("button", name="Tableaux", exact=True).click()
    page.locator(".gz-figures").wait_for()
    quiet(page)
    return page


def quiet(page: Page) -> None:
    """Wait until nothing runs any more."""
    page.evaluate("probe.quiet()")


def ask(page: Page, call: str, argument: object = None) -> Any:  # noqa: ANN401
    """Call a function of the probe."""
    return page.evaluate(f"(argument) => probe.{call}(argument)", argument)


@contextmanager
def watched(page: Page, samples: Samples) -> Iterator[None]:
    """Count whether the map's document was replaced meanwhile."""
    mark = time.monotonic_ns() % 10**9
    ask(page, "mark", mark)
    yield
    quiet(page)
    samples.runs += 1
    samples.remounts += not ask(page, "marked", mark)


def one_click(page: Page, kind: str, spot: Spot, samples: Samples) -> None:
    """Click; keep the time until the name is the panel's title."""
    with watched(page, samples):
        found = ask(page, kind, spot.as_json())
    samples.late += "late" in found
    samples.clicks.append(found.get("panel", math.inf))
    samples.facts.append(found.get("facts", math.inf))


def one_move(page: Page, move: Move, samples: Samples) -> None:
    """Choose the lycée, aim at the zone, press the button; keep the time from the press."""
    found = ask(page, "clickLycee", move.lycee.as_json())
    quiet(page)
    found |= ask(page, "aim", move.zone.as_json())
    if "late" in found:
        msg = f"{page.url}: no button to move {move.lycee.name} to {move.zone.name} came"
        raise RuntimeError(msg)
    quiet(page)
    before = ask(page, "where")
    with watched(page, samples):
        found |= ask(page, "press", move.as_json())
    samples.view_lost += not close(before, ask(page, "where"))
    keep_move(found, samples, samples.moves)


def keep_move(found: dict[str, float], samples: Samples, times: list[float]) -> None:
    """Keep the time until both the map and the figures show a move."""
    samples.late += "late" in found
    map_time = found.get("map", math.inf)
    samples.map_only.append(map_time)
    times.append(max(map_time, found.get("figures", math.inf)))


def close(first: Sequence[float], second: Sequence[float]) -> bool:
    """Tell whether two views (zoom, latitude, longitude) are the same."""
    return all(abs(a - b) < 1e-6 for a, b in zip(first, second, strict=True))


def drag(page: Page, move: Move, samples: Samples) -> bool:
    """Drag a lycée into a zone with the real mouse; say whether both ends were in sight."""
    start = page.evaluate("(lycee) => probe.onScreen(probe.sign(lycee))", move.lycee.as_json())
    end = ask(page, "place", list(move.zone.at))
    if not (start["reached"] and end["reached"]):
        return False
    before = ask(page, "where")
    with watched(page, samples):
        page.mouse.move(start["x"], start["y"])
        ask(page, "armPress")
        page.mouse.down()
        samples.tints.append(page.evaluate("window.pressed").get("tint", math.inf))
        page.mouse.move(end["x"], end["y"], steps=8)
        ask(page, "armDrop", move.as_json())
        page.mouse.up()
        found = page.evaluate("window.dropped")
    samples.first_changes.append(found.get("first", math.inf))
    samples.told.append(found.get("told", math.inf))
    samples.view_lost += not close(before, ask(page, "where"))
    keep_move(found, samples, samples.drags)
    page.mouse.move(5, 5)
    return True


# -- measures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    """Browser, addresses of both pages and number of samples of every measure."""

    browser: Browser
    study: Study
    ours: str
    naive: str
    count: int


def measure_clicks(bench: Bench, pair: tuple[Samples, Samples]) -> None:
    """Click on the Carte and on the naive page, in turn."""
    pages = [opened(bench.browser, bench.ours), opened(bench.browser, bench.naive)]
    for rank, (kind, spot) in enumerate(clicks(bench.study, bench.count + 2 * WARM_UP)):
        for page, samples in zip(pages, pair, strict=True):
            one_click(page, kind, spot, samples if rank >= 2 * WARM_UP else Samples())
    for page in pages:
        page.context.close()


def measure_moves(bench: Bench, pair: tuple[Samples, Samples]) -> None:
    """Make the same moves in the mode « modifier » and on the naive page, in turn."""
    addresses = (f"{bench.ours}/?mode=modifier", f"{bench.naive}/?mode=atelier")
    pages = [opened(bench.browser, address) for address in addresses]
    with_figures(pages[0])
    for rank, move in enumerate(moves(bench.study, bench.count + WARM_UP)):
        for page, samples in zip(pages, pair, strict=True):
            if rank == WARM_UP:
                ask(page, "look", VIEW)
                quiet(page)
            one_move(page, move, samples if rank >= WARM_UP else Samples())
    for page in pages:
        page.context.close()


def measure_drags(bench: Bench, samples: Samples, count: int = 10) -> None:
    """Drag lycées of the mode « modifier » with the mouse."""
    page = with_figures(opened(bench.browser, f"{bench.ours}/?mode=modifier"))
    plan, done = bench.study.plan, 0
    for lycee in alone(bench.study):
        if done == count + 1:
            break
        for entry in destinations(bench.study.with_plan(plan), lycee)[:2]:
            after = plan.move(lycee, entry.zone)
            if not plan.members(entry.zone) or not is_wide(bench.study, plan, entry.zone):
                continue  # not drawn, or a few pixels wide
            if not entry.verdict.allowed or same_figures(bench.study, plan, after):
                continue
            spot = zone_spot(bench.study, plan, entry.zone)
            move = Move(lycee_spot(bench.study, lycee), spot, "")
            # the first one warms up
            if drag(page, move, samples if done else Samples()):
                plan, done = after, done + 1
                break
    page.context.close()


def same_figures(study: Study, before: Any, after: Any) -> bool:  # noqa: ANN401
    """Tell whether the region's figures would hide a move."""
    return shown(study, before) == shown(study, after)


def measure_turns(bench: Bench, samples: Samples, count: int = 10) -> None:
    """Go from the map to another page and back; keep the time of each way."""
    page = opened(bench.browser, bench.ours)
    for rank in range(count + 1):
        for link, name in (("Équipes", "equipes"), ("Carte", "carte")):
            kept = samples if rank else Samples()  # the first ones warm up
            with watched(page, kept):
                found = ask(page, "turn", {"link": link, "name": name})
            kept.turns.append(found.get("page", math.inf))
    page.context.close()


def measure_white(bench: Bench, samples: Samples, count: int = 4) -> None:
    """Film changes of page and of mode; keep how white the map's area was in each frame."""
    page = opened(bench.browser, bench.ours)
    go_around(page)  # warms up
    with filmed(page) as film:
        for _ in range(count):
            go_around(page)
    samples.whiteness += film.whiteness(MAP_AREA)
    page.context.close()


def go_around(page: Page) -> None:
    """Go to another page and back, then to the proposals and back."""
    for link, name in (("Équipes", "equipes"), ("Carte", "carte")):
        ask(page, "turn", {"link": link, "name": name})
        quiet(page)
    for name in ("Demander une proposition", "Revenir à la carte"):
        page.get_by_role("button", name=name, exact=True).click()
        quiet(page)


def measure_paint(bench: Bench, pair: tuple[Samples, Samples], count: int = 5) -> None:
    """Open both pages in new contexts; keep the time until the map has its lycées."""
    for _ in range(count):
        for address, samples in zip((bench.ours, bench.naive), pair, strict=True):
            page = opened(bench.browser, address)
            first = page.evaluate("probe.first")
            samples.paints.append(first["paint"])
            samples.pictures.append(first["picture"])
            samples.shifts.append(page.evaluate("probe.shifted()"))
            samples.weights.append(page.evaluate("probe.received()") / MEGA)
            page.context.close()


def measure_heap(bench: Bench, reruns: int = 120) -> list[float]:
    """Return the page's JavaScript heap in MB, collected, along reruns of the Carte."""
    page = opened(bench.browser, bench.ours)
    inspector = page.context.new_cdp_session(page)
    inspector.send("HeapProfiler.enable")
    steps = clicks(bench.study, 40)
    sizes: list[float] = []
    for rank in range(reruns + 1):
        if rank % 40 == 0:
            quiet(page)
            inspector.send("HeapProfiler.collectGarbage")
            sizes.append(inspector.send("Runtime.getHeapUsage")["usedSize"] / MEGA)
        kind, spot = steps[rank % len(steps)]
        ask(page, kind, spot.as_json())
        page.evaluate("probe.quiet(60)")
    page.context.close()
    return sizes


def measure_sessions(browser: Browser, study: Study, extra: int = 5) -> float:
    """Return the megabytes that each more open session adds to a new server."""
    step = moves(study, 1)[0]
    with our_app() as (address, pid):
        pages = [busy_session(browser, address, step)]
        time.sleep(1)
        before = resident(pid)
        pages += [busy_session(browser, address, step) for _ in range(extra)]
        time.sleep(1)
        after = resident(pid)
        for page in pages:
            page.context.close()
    return (after - before) / extra


def busy_session(browser: Browser, address: str, move: Move) -> Page:
    """Open a session and make a move in it."""
    page = with_figures(opened(browser, f"{address}/?mode=modifier"))
    one_move(page, move, Samples())
    return page


# -- the table -----------------------------------------------------------------------------------


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values) if values else math.inf


def p95(values: Sequence[float]) -> float:
    """Return the nearest-rank 95th percentile."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else math.inf


def timing(
    name: str, ours: float, target: float, naive: float | None = None, least: float | None = None
) -> Row:
    """Return the row of a time in milliseconds; ``least`` is the ratio to reach."""
    ratio = naive / ours if naive is not None else None
    good = ours <= target and (least is None or (ratio is not None and ratio >= least))
    wanted = f"≤ {target:.0f} ms" + ("" if least is None else f", ≥ {least:.0f}×")
    return Row(
        name,
        f"{ours:.0f} ms",
        wanted,
        "" if naive is None else f"{naive:.0f} ms",
        "" if ratio is None else f"{ratio:.1f}×",
        good,
    )


def rows(ours: Samples, naive: Samples, heap: list[float], session: float) -> list[Row]:
    """Return the table."""
    grown = heap[-1] - heap[0]
    course = " → ".join(f"{size:.0f}" for size in heap)
    count = len(ours.moves)
    white = sum(share > EMPTY for share in ours.whiteness)
    return [
        timing("click → name, median", median(ours.clicks), 80, median(naive.clicks)),
        Row("click → name, p95", f"{p95(ours.clicks):.0f} ms", "", f"{p95(naive.clicks):.0f} ms"),
        timing("click → facts, median", median(ours.facts), 150, median(naive.facts)),
        timing("move → map and figures, median", median(ours.moves), 120, median(naive.moves), 3),
        timing("move → map and figures, p95", p95(ours.moves), 180, p95(naive.moves)),
        timing("press → every zone tinted, slowest", max(ours.tints, default=math.inf), 150),
        timing("drop → first visible change, median", median(ours.first_changes), 50),
        Row("drop → first visible change, p95", f"{p95(ours.first_changes):.0f} ms"),
        timing("drop → both told, median", median(ours.told), 60),
        timing("drop → both told, slowest", max(ours.told, default=math.inf), 120),
        timing("drop → both saved, median", median(ours.drags), 200),
        timing("drop → both saved, slowest", max(ours.drags, default=math.inf), 350),
        Row(
            "remounts of the map",
            f"{ours.remounts} in {ours.runs}",
            "0",
            f"{naive.remounts} in {naive.runs}",
            good=ours.remounts == 0,
        ),
        Row(
            "moves that lost zoom or pan",
            f"{ours.view_lost} in {count + len(ours.drags)}",
            "0",
            f"{naive.view_lost} in {len(naive.moves)}",
            good=ours.view_lost == 0,
        ),
        timing("change of page, map kept, median", median(ours.turns), 200),
        Row(
            "white frames, changes of page and mode",
            f"{white} in {len(ours.whiteness)}, the whitest {max(ours.whiteness, default=1):.0%}",
            "0",
            good=white == 0 and bool(ours.whiteness),
        ),
        timing("picture of the plan, warm server, median", median(ours.pictures), 500),
        timing("first paint, warm server, median", median(ours.paints), 1200, median(naive.paints)),
        Row(
            "layout shift", f"{max(ours.shifts, default=math.inf):.2f}", "≤ 0.1",
            f"{max(naive.shifts, default=math.inf):.2f}", "", max(ours.shifts, default=1) <= 0.1,
        ),
        Row(
            "files of a first page", f"{median(ours.weights):.2f} MB", "≤ 1.2 MB",
            f"{median(naive.weights):.2f} MB", "", median(ours.weights) <= 1.2,
        ),
        Row("heap after 0, 40, 80, 120 reruns", f"{course} MB", "grows ≤ 5 MB", good=grown <= 5),
        Row("server memory of a session", f"{session:.1f} MB", "≤ 30 MB", good=session <= 30),
        Row("gestures without effect in 10 s", str(ours.late), "0", str(naive.late), "",
            ours.late == 0),
    ]  # fmt: skip


def print_table(table: Sequence[Row]) -> None:
    """Print the rows in columns."""
    words = {None: "", True: "PASS", False: "FAIL"}
    lines = [("figure", "ours", "target", "naive", "ratio", "")]
    lines += [(r.name, r.ours, r.target, r.naive, r.ratio, words[r.good]) for r in table]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def measure(count: int) -> tuple[Samples, Samples, list[float], float]:
    """Measure everything; the servers and the browser end with it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        msg = f"no browser: one of {', '.join(BROWSERS)} is needed"
        raise RuntimeError(msg)
    study = open_study()
    pair = (Samples(), Samples())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        with our_app() as (ours, _), naive_app() as naive:
            bench = Bench(browser, study, ours, naive, count)
            for step in (measure_clicks, measure_moves, measure_paint):
                print(f"# {step.__doc__}", file=sys.stderr, flush=True)
                step(bench, pair)
            measure_drags(bench, pair[0])
            measure_turns(bench, pair[0])
            measure_white(bench, pair[0])
            heap = measure_heap(bench)
        session = measure_sessions(browser, study)
        browser.close()
    return (*pair, heap, session)


def main() -> int:
    """Measure, print, and say whether every target is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=30, help="samples of each time (30)")
    parser.add_argument("--json", type=Path, help="also write every sample there")
    options = parser.parse_args()
    others, load = busy(), os.getloadavg()[0]
    ours, naive, heap, session = measure(options.samples)
    table = rows(ours, naive, heap, session)
    print_table(table)
    print(
        f"{options.samples} samples of each, {os.cpu_count()} cores, {others:.0%} of them busy "
        f"beforehand, load {load:.1f} before and {os.getloadavg()[0]:.1f} after"
    )
    if others > QUIET:
        print("The machine was not quiet: compare the ratios, not the times.")
    if options.json:
        options.json.write_text(json.dumps({"ours": vars(ours), "naive": vars(naive)}, indent=1))
    return int(any(row.good is False for row in table))


if __name__ == "__main__":
    sys.exit(main())
