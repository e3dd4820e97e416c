"""Names of the holders of posts, as former versions kept them in the home folder."""

import json
from pathlib import Path

from geozones.common.files import home_folder


def write_holders(names: dict[str, str], folder: Path | None = None) -> Path:
    """Write the file that a former version left: names by post (id)."""
    file = (folder or home_folder()) / "names.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"version": 1, "names": names}), encoding="utf-8")
    return file


def read_holders(folder: Path | None = None) -> dict[str, str]:
    """Return the names of the file, by post (id)."""
    text = ((folder or home_folder()) / "names.json").read_text(encoding="utf-8")
    names: dict[str, str] = json.loads(text)["names"]
    return names
