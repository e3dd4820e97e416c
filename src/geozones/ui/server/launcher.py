"""Entry point of a server process: Streamlit on ``app.py`` behind the middleware of `web_guard`."""

import argparse
import sys
import webbrowser
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.web.bootstrap import load_config_options

from geozones.common.errors import InputError
from geozones.common.json_log import wants_json, write_json
from geozones.common.public_address import embed_sites, public_address
from geozones.common.telemetry import enable_telemetry
from geozones.ui.server import ground_tiles, move_hints, warm_up
from geozones.ui.server.auth import secrets
from geozones.ui.server.cut_fonts import CutFonts
from geozones.ui.server.error_page import show_gesture_fault
from geozones.ui.server.first_picture import FirstPictures
from geozones.ui.server.login_faults import LoginFaults
from geozones.ui.server.monitoring.counters import start_counting
from geozones.ui.server.monitoring.routes import MonitoringGuard, service_routes
from geozones.ui.server.page_head import PageHead
from geozones.ui.server.patches.clear_cache_guard import ignore_clear_cache
from geozones.ui.server.patches.closed_tabs import ClosedTabCleanup, patch_session_storage
from geozones.ui.server.patches.downloads import patch_downloads
from geozones.ui.server.patches.loggers import propagate_loggers
from geozones.ui.server.patches.message_queue import patch_message_queue
from geozones.ui.server.patches.pages_folder import ignore_pages_folder
from geozones.ui.server.patches.popover_identity import identify_popovers_by_key
from geozones.ui.server.patches.rendering import serialise_rendering
from geozones.ui.server.patches.secure_cookies import SecureCookies
from geozones.ui.server.patches.static_cache import StaticCache
from geozones.ui.server.patches.tcp_nodelay import disable_nagle
from geozones.ui.server.patches.upload_store import patch_upload_store
from geozones.ui.server.patches.widget_values import patch_widget_values
from geozones.ui.server.processes import ServedAddress, StickyWorker
from geozones.ui.server.serve import vendor_folder
from geozones.ui.server.upload_quota import UploadQuota
from geozones.ui.server.web_guard import allowed_hosts, guards
from geozones.ui.shared_pages import link_pictures
from geozones.ui.shared_pages.link_preview import shared_preview
from geozones.workspace.jobs.fork_server_launcher import FORK_SERVER

#: Workarounds for faults of Streamlit and uvicorn, applied before the server starts; those that are
#: middleware stand in `main`.
PATCHES: tuple[Callable[[], None], ...] = (
    ignore_pages_folder,
    propagate_loggers,
    patch_message_queue,
    ignore_clear_cache,
    patch_widget_values,
    identify_popovers_by_key,
    disable_nagle,
    serialise_rendering,
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
        warm_up.start(pictures.start())
        if opens:
            webbrowser.open(opens)
        yield

    enable_telemetry()
    if wants_json():
        write_json()
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
        Middleware(SecureCookies, addresses=addresses),
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
    ]
    guarded = st.App(
        script,
        routes=[
            Mount(f"{base}/app/static/vendor", StaticFiles(directory=vendor_folder())),
            move_hints.route(base),
            ground_tiles.route(base),
            link_pictures.route(base),
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
