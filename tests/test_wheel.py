"""An installed wheel has every file of the app that a checkout has."""

import subprocess
import tomllib
from pathlib import Path

from geozones.render.app_files import MAP_SCRIPTS, MAP_STYLE

ROOT = Path(__file__).parents[1]


def test_the_wheel_has_every_page_and_every_file_of_static() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    tracked = subprocess.run(
        ["git", "ls-files", "static", "pages", "app.py", ".streamlit"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert {f"static/{name}" for name in (*MAP_SCRIPTS, MAP_STYLE)} <= set(tracked)
    left_out = [
        name for name in tracked if name not in included and Path(name).parts[0] not in included
    ]
    assert left_out == []
    assert all(place == f"geozones/_share/{name}" for name, place in included.items())
