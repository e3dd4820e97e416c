"""An installed wheel has every file of the app that a checkout has."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from geozones.render.standalone_map import MAP_SCRIPTS, MAP_STYLE

ROOT = Path(__file__).parents[1]
#: The configuration that `serve --workers` reads.
NGINX = "deploy/nginx/geozones.conf"
#: Libraries that only an extra installs.
EXTRAS = ("authlib", "distributed", "osmium", "psycopg", "valhalla")
IMPORT_ALL = f"""
import importlib, pkgutil, sys
sys.modules |= dict.fromkeys({EXTRAS})
import geozones
for module in pkgutil.walk_packages(geozones.__path__, "geozones."):
    if not module.name.endswith("__main__") and ".migrations." not in module.name:
        importlib.import_module(module.name)
print(*sys.modules)
"""


def test_the_wheel_has_what_the_app_reads_beside_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    tracked = subprocess.run(
        ["git", "ls-files", "static", "pages", "app.py", ".streamlit", NGINX],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert {f"static/{name}" for name in (*MAP_SCRIPTS, MAP_STYLE)} <= set(tracked)
    left_out = [
        name for name in tracked if name not in included and Path(name).parts[0] not in included
    ]
    assert left_out == []
    assert all(place == f"geozones/_share/{name}" for name, place in included.items())


@pytest.mark.slow
def test_every_module_of_the_wheel_is_imported_without_any_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    sources = ROOT / "src"
    files = [file.relative_to(sources).with_suffix("") for file in sources.rglob("*.py")]
    modules = {".".join(file.parts).removesuffix(".__init__") for file in files}
    left_out = {name for name in modules if name.endswith("__main__") or ".migrations." in name}
    assert modules - left_out <= set(done.stdout.split())
