"""Pictures of shared versions for link previews: drawn once, in a thread, and kept as files.

No request waits for a picture. Beside each is the message of its change, which costs as much to
make: a preview has both, or neither.
"""

import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from geozones.common.errors import GeozonesError
from geozones.common.files import home_folder, write_atomically
from geozones.domain import Plan
from geozones.ui import opened_data, store_handle
from geozones.workspace.drives import matrix_fingerprint
from geozones.workspace.jobs import VISITOR_FILES, run_in_process
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.publications.ledger_reading import read_ledger
from geozones.workspace.roles import VISITOR
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.reading import linked
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.briefing import briefing_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import ExportView
from geozones.workspace.sharing.exported_plan import of_work
from geozones.workspace.sharing.making import link_picture
from geozones.workspace.study import Study

_LOG = logging.getLogger(__name__)
#: Path of the pictures, beside Streamlit's own addresses.
PATH = "app/apercu"
#: Most pictures kept, the latest ones; another is drawn anew when it is asked for.
_MOST = 300


class LinkPictures:
    """Pictures of versions in the home folder, and those being drawn."""

    def __init__(self) -> None:
        self._lock, self._drawing = Lock(), Lock()
        self._threads: dict[str, Thread] = {}

    def message(self, token: str) -> str | None:
        """Return the message of a version whose picture is kept; else have it drawn."""
        if self.file(token).is_file():
            return self.file(token).with_suffix(".txt").read_text(encoding="utf-8")
        self.start(token)
        return None

    def file(self, token: str) -> Path:
        """Return the file of a version's picture; its name does not give the link away."""
        name = hashlib.sha256(f"{token} {matrix_fingerprint()}".encode()).hexdigest()[:32]
        return home_folder() / "previews" / f"{name}.png"

    def forget(self, token: str) -> None:
        """Delete the picture and the message of a version whose link is closed."""
        self.file(token).unlink(missing_ok=True)
        self.file(token).with_suffix(".txt").unlink(missing_ok=True)

    def start(self, token: str) -> Thread:
        """Draw the picture of a version in a thread, unless one is at it; return that thread."""
        with self._lock:
            self._threads = {key: held for key, held in self._threads.items() if held.is_alive()}
            if token not in self._threads:
                self._threads[token] = Thread(
                    target=self._make, args=(token,), name="link picture", daemon=True
                )
                self._threads[token].start()
            return self._threads[token]

    def _make(self, token: str) -> None:
        with self._drawing:  # one at a time, whatever asks
            try:
                self._keep(token, *_drawn(token))
            except GeozonesError as error:
                _LOG.info("no link picture: %s", error)

    def _keep(self, token: str, message: str, picture: bytes) -> None:
        file = self.file(token)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file.with_suffix(".txt"), message)
        write_atomically(file, picture)
        kept = sorted(file.parent.glob("*.png"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-_MOST]:
            old.unlink(missing_ok=True)
            old.with_suffix(".txt").unlink(missing_ok=True)


PICTURES = LinkPictures()


def read_version(token: str) -> tuple[Study, Ledger, Work]:
    """Return the plan in force, the publications and the version of a link, outside any session.

    Raises
    ------
    DeadLinkError
        If the link shows nothing.
    GeozonesError
        If the data folder or the store cannot be read.
    """
    study = opened_data.study_in_force(opened_data.plan_fingerprint())
    ledger = read_ledger(study.atlas, store_handle.store, _today())
    return study, ledger, Scenarios(study.analysis, store_handle.store, VISITOR).frozen(token)


def _drawn(token: str) -> tuple[str, bytes]:
    """Return the message of a version and its picture (PNG)."""
    study, ledger, work = read_version(token)
    exported = of_work(study.analysis, work, ledger=ledger)
    base: Plan | None = None if exported.base is None else exported.base.plan
    changes = base is not None and base != exported.plan
    shown = dossier(exported, ExportView("before-after" if changes else "region"))
    picture = run_in_process(VISITOR_FILES, link_picture, shown)
    return " ".join(briefing_of(shown).message), picture


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _kept(token: str) -> Path | None:
    """Return the file of the picture of an open link, if it is kept."""
    try:
        linked(store_handle.store, token, _today())
    except GeozonesError:
        return None
    file = PICTURES.file(token)
    return file if file.is_file() else None


async def _answer(request: Request) -> Response:
    file = await run_in_threadpool(_kept, request.path_params["token"])
    if file is None:
        return Response(status_code=404)
    return FileResponse(file, media_type="image/png", headers={"Cache-Control": "max-age=3600"})


def route(base_path: str) -> Route:
    """Return the route of the pictures, under the base path of the app."""
    return Route(f"{base_path}/{PATH}/{{token}}.png", _answer)
