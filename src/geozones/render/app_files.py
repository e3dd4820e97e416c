"""Location of the app's own files: the checkout's, else the installed wheel's."""

from importlib.resources import files
from pathlib import Path

#: The files of ``static/`` that draw the map, in the order in which they are joined into one: the
#: component reads its files one after the other, which made nine requests before the first drawing.
MAP_SCRIPTS = (
    "geozones-names.js",
    "geozones-gestures.js",
    "geozones-near.js",
    "geozones-live.js",
    "geozones-keys.js",
    "geozones-lasso.js",
    "geozones-try.js",
    "geozones-map.js",
)
MAP_STYLE = "geozones-map.css"
#: Not among them: the browser reads it with what it draws, once the user zooms in.
CLOSE_SCRIPT = "geozones-ground.js"


def app_folder() -> Path:
    """Return the folder of ``app.py``: the checkout's, else the installed wheel's."""
    package = Path(str(files("geozones")))
    checkout = package.parents[1]
    return checkout if (checkout / "app.py").is_file() else package / "_share"
