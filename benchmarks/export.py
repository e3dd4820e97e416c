"""Speed and memory of exports, each file in a process of its own.

Run ``python benchmarks/export.py``. Prints one table and exits 1 when a target is missed. See
README.md.
"""

import json
import subprocess
import sys
from statistics import median

#: Seconds of processor from a scene to the bytes, by picture or file; peak resident memory.
TARGETS = {
    "region png": 2.0,
    "region png 4k": 2.0,
    "region png a3": 2.0,
    "sector png": 2.0,
    "pair png": 2.0,
    "change pdf": 3.0,
    "plan pdf": 3.0,
    "change pptx": 4.0,
    "change xlsx": 2.0,
    "webinar zip": 12.0,
}
MEMORY_MB = 450
RUNS = 3
FIGURES = ("region png", "region png 4k", "region png a3", "sector png", "pair png")

CHILD = """
import json, resource, sys, time
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.figures.study import open_study
what, kind, *size = sys.argv[1].split()
study = open_study()
plan = study.plan
scene = build_scene(study, SceneOptions(sector="nantes" if what == "sector" else None))
start = time.process_time()
from geozones.export.pictures import png
from geozones.render.figure import Figure
from geozones.render.sheet import Sheet
sheet = Sheet.named(size[0] if size else "hd", title="Secteurs et zones de continuité")
if what == "pair":
    after = build_scene(study.with_plan(plan.move("0720012X", "MAY-1")), SceneOptions())
    scenes, captions = (scene, after), ("Avant", "Après")
    figure = Figure(scenes, study.atlas.ground, sheet, captions, (False, False))
else:
    figure = Figure((scene,), study.atlas.ground, sheet)
content = png(figure)
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak, "kb": len(content) / 1024}))
"""

DOCUMENTS = (
    "change pptx", "change pdf", "plan pdf", "change xlsx", "change html", "change gpkg",
    "webinar zip",
)  # fmt: skip

DOCUMENT = """
import json, resource, sys, time
from geozones.workspace.figures.study import open_study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView
from geozones.workspace.sharing.exported_plan import of_baseline, of_plan
what, kind = sys.argv[1].split()
study = open_study()
moved = study.with_plan(study.plan.move("0720012X", "MAY-1"))
subject = of_baseline(study.analysis) if what == "plan" else of_plan(moved, "benchmark")
start = time.process_time()
if kind == "zip":
    from geozones.workspace.sharing.bundle import zip_of_all
    _, content = zip_of_all(subject)
else:
    from geozones.export.registry import format_of
    content = format_of(kind).make(dossier(subject, ExportView()))
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak, "kb": len(content) / 1024}))
"""


def main() -> int:
    """Measure, print, and return the exit status."""
    print(f"{'':<18}{'median s':>10}{'target s':>10}{'peak MB':>10}{'target MB':>11}{'kB':>8}")
    missed = False
    for name in (*FIGURES, *DOCUMENTS):
        runs = [measure(name) for _ in range(RUNS)]
        seconds = median(run["seconds"] for run in runs)
        peak = max(run["peak_mb"] for run in runs)
        target = TARGETS.get(name)
        late = target is not None and seconds > target
        missed |= late or peak > MEMORY_MB
        told = "" if target is None else f"{target:.1f}"
        mark = "  MISSED" if late or peak > MEMORY_MB else ""
        print(
            f"{name:<18}{seconds:>10.2f}{told:>10}{peak:>10.0f}{MEMORY_MB:>11}"
            f"{runs[0]['kb']:>8.0f}{mark}"
        )
    return int(missed)


def measure(name: str) -> dict[str, float]:
    """Make one file in a new process: the libraries are read each time."""
    found = subprocess.run(
        [sys.executable, "-c", DOCUMENT if name in DOCUMENTS else CHILD, name],
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, float] = json.loads(found.stdout)
    return answer


if __name__ == "__main__":
    sys.exit(main())
