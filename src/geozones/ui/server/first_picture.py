"""Picture of the plan in force in the first HTML of the page « Carte », until the map is drawn.

Streamlit's scripts take a second to start; the picture is seen before. It is drawn in a thread, at
the start of the server and when the plan changes: no request waits for it.
"""

import logging
from dataclasses import dataclass
from threading import Lock, Thread

import htpy
from markupsafe import Markup

from geozones.common.errors import GeozonesError, InputError
from geozones.render.first_picture import FirstPicture, first_picture
from geozones.render.library import publish_file
from geozones.render.scene import Bounds
from geozones.ui import STATIC, opened_data
from geozones.ui.server.auth import secrets
from geozones.ui.server.serve import vendor_folder
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene

_LOG = logging.getLogger(__name__)
_PATHS = {"", "/", "/carte"}
_STYLES = ("layout.css", "first_picture.css")


@dataclass(frozen=True, slots=True)
class _Made:
    plan: object
    markup: Markup | None


class FirstPictures:
    """Markup of the picture, for the pages that may begin with it."""

    def __init__(self, base_path: str = "") -> None:
        self._base_path = base_path
        self._lock = Lock()
        self._made: _Made | None = None
        self._thread: Thread | None = None

    def markup(self, path: str, query: str) -> Markup | None:
        """Return the picture for a page; ``None`` where it may not be shown or is not drawn yet.

        It is shown to everybody who opens the app, at its bare address: never before a login, nor
        on an address that asks for something else than the plan in force.
        """
        if path not in _PATHS or query or _has_login():
            return None
        try:
            plan = opened_data.plan_fingerprint()
        except GeozonesError:  # the page says what is wrong
            return None
        if self._made is not None and self._made.plan == plan:
            return self._made.markup
        self.start()
        return None

    def start(self) -> Thread:
        """Draw the picture in a thread, unless one is at it; return that thread."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._make, name="first picture", daemon=True)
                self._thread.start()
            return self._thread

    def _make(self) -> None:
        try:
            plan = opened_data.plan_fingerprint()
            study = opened_data.study_in_force(plan)
            scene = build_scene(study, SceneOptions())
            picture = first_picture(scene, study.atlas.ground)
            self._made = _Made(plan, _markup(picture, self._base_path))
        except GeozonesError as error:
            _LOG.info("no first picture: %s", error)


def _markup(picture: FirstPicture, base_path: str) -> Markup:
    """Publish a picture; return its place in a page, with the style and script that put it there.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    name = publish_file("first", picture.svg, vendor_folder(), "svg")
    placed = htpy.div(
        "#gz-first",
        aria_hidden="true",
        data_zones=_numbers(picture.zones),
        data_box=_numbers(picture.box),
    )[htpy.div[htpy.img(src=f"{base_path}/app/static/vendor/{name}", alt="")]]
    style, script = "\n".join(map(_read, _STYLES)), _read("first_picture.js")
    markup = htpy.fragment[
        htpy.style[Markup(style)],  # noqa: S704 - our own files
        placed,
        htpy.script[Markup(script)],  # noqa: S704 - our own file
    ]
    return Markup(str(markup))  # noqa: S704 - escaped by htpy


def _numbers(bounds: Bounds) -> str:
    return " ".join(f"{value:.5f}" for value in bounds)


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _has_login() -> bool:
    """Tell whether people log in; where the settings cannot be read, assume that they do."""
    try:
        return "auth" in secrets()
    except InputError:
        return True
