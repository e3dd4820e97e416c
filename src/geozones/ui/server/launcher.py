"""Entry point of a server process: Streamlit behind the middleware, and the app's endpoints.

The figures that the first move asks for take a second of the process: they are computed when the
server starts, so that nobody who moves a lycée in the first seconds waits for them.
"""

import argparse
import logging
import sys
import webbrowser
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.web.bootstrap import load_config_options

from geozones.common.errors import GeozonesError, InputError
from geozones.common.json_log import enable_telemetry, wants_json, write_json
from geozones.common.settings_file import embed_sites, public_address
from geozones.jobs.runner import FORK_SERVER
from geozones.ui import opened_data
from geozones.ui.server import live, shared_files
from geozones.ui.server.auth import secrets
from geozones.ui.server.login_gate import LoginFaults, LoginPage, StreamGate, login_route
from geozones.ui.server.page_head import CutFonts, FirstPictures, PageHead
from geozones.ui.server.patches import (
    ClosedTabCleanup,
    SecureCookies,
    StaticCache,
    disable_nagle,
    ignore_clear_cache,
    patch_downloads,
    patch_session_storage,
    patch_upload_store,
    propagate_loggers,
    serialise_rendering,
)
from geozones.ui.server.run_patches import (
    identify_popovers_by_key,
    ignore_pages_folder,
    patch_message_queue,
    replace_unfit_values,
    run_callbacks_whole,
)
from geozones.ui.server.serve import ServedAddress, StickyWorker, vendor_folder
from geozones.ui.server.shared_files import shared_preview
from geozones.ui.server.uploads import UploadQuota
from geozones.ui.server.web_guard import (
    MonitoringGuard,
    allowed_hosts,
    guards,
    service_routes,
    show_gesture_fault,
    start_counting,
)
from geozones.workspace.figures.plan_comparison import judgements_of
from geozones.workspace.folder.atlas import use_configured_territory
from geozones.workspace.scenarios.backups import load_store

_LOG = logging.getLogger(__name__)


def start_warm_up(first: Thread) -> Thread:
    """Compute first figures of the app in a thread once ``first`` has ended; return it."""
    thread = Thread(target=_warm_up, args=(first,), name="warm up", daemon=True)
    thread.start()
    return thread


def _warm_up(first: Thread) -> None:
    first.join()
    try:
        study = opened_data.study_in_force(opened_data.plan_fingerprint())
        judgements_of(study, study)
    except GeozonesError as error:  # each page says so
        _LOG.info("no figures computed at the start: %s", error)


#: Workarounds for faults of Streamlit and uvicorn, applied before the server starts; those that are
#: middleware stand in `main`.
PATCHES: tuple[Callable[[], None], ...] = (
    ignore_pages_folder,
    propagate_loggers,
    patch_message_queue,
    ignore_clear_cache,
    replace_unfit_values,
    identify_popovers_by_key,
    disable_nagle,
    serialise_rendering,
    run_callbacks_whole,
    patch_downloads,
    patch_upload_store,
    patch_session_storage,
)
#: Pages are drawn in threads beside the thread that sends. After each message, the sending thread
#: waits for this interval before it goes on: Python's 5 ms, for each of some fifty messages.
_SWITCH_INTERVAL_S = 0.0005


def main(script: Path, place: ServedAddress, *, opens: str = "", rank: int | None = None) -> None:
    """Serve the app until it is stopped.

    If ``opens`` is an address, open it in a browser once the server answers. ``rank`` is the number
    of this process where several run behind a proxy.
    """

    @asynccontextmanager
    async def started(_: st.App) -> AsyncGenerator[None]:
        FORK_SERVER.start()  # ready before the first file is requested
        fonts.start()
        start_warm_up(pictures.start())
        if opens:
            webbrowser.open(opens)
        yield

    use_configured_territory()
    enable_telemetry()
    if wants_json():
        write_json()
    load_store()
    start_counting()
    for patch in PATCHES:
        patch()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    sys.argv = [str(script)]  # Streamlit takes the folder of the started script for the app's
    settings = {
        "server.address": place.address,
        "server.port": place.port,
        "server.baseUrlPath": place.base_path,
        "server.headless": True,
        "logger.hideWelcomeMessage": True,  # it is English
        "server.allowedHosts": ["*"],  # `guards` checks hosts
    }
    load_config_options(settings)  # before the secrets: else Streamlit reports that they changed
    public, base = public_address(), place.base_path
    addresses = (_login_address(), public, place.url)
    pictures, fonts = FirstPictures(base), CutFonts()
    before = [
        *guards(allowed_hosts(addresses=addresses), embed_sites()),
        Middleware(SecureCookies, addresses=addresses, base_path=base),
        Middleware(StreamGate),
        Middleware(MonitoringGuard),
        *([] if rank is None else [Middleware(StickyWorker, rank=rank, base_path=base)]),
        Middleware(ClosedTabCleanup),
        Middleware(UploadQuota),
        Middleware(LoginFaults, base_path=base),
        Middleware(StaticCache, base_path=base, instead=fonts.instead_of),
        Middleware(
            PageHead,
            public=public,
            version_preview=shared_preview,
            base_path=base,
            page_start=pictures.markup,
        ),
        Middleware(LoginPage, base_path=base),
    ]
    guarded = st.App(
        script,
        routes=[
            Mount(f"{base}/app/static/vendor", StaticFiles(directory=vendor_folder())),
            *live.routes(base),
            login_route(base),
            shared_files.route(base),
            *service_routes(base),
        ],
        middleware=before,
        lifespan=started,
        on_script_error=show_gesture_fault,
    )
    guarded.run(config=settings)


def _login_address() -> str:
    """Return the redirect address of the identity provider; "" if no login is set up."""
    try:
        return str(secrets().get("auth", {}).get("redirect_uri", ""))
    except InputError:  # each page shows that the file cannot be read
        return ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("script", type=Path)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("base_path")
    parser.add_argument("opens")
    parser.add_argument("--rank", type=int)
    given = parser.parse_args()
    served = ServedAddress(given.address, given.port, given.base_path)
    main(given.script, served, opens=given.opens, rank=given.rank)
