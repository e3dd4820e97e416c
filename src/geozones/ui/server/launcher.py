"""Entry point of a server process: Streamlit on ``app.py`` behind the middleware of `web_guard`.

Streamlit takes any folder named ``pages`` for its older kind of navigation until ``st.navigation``
has run once: the first visitor of ``/atelier`` would get a bare page. Disabling it beforehand
avoids this (seen with Streamlit 1.67).
"""

import argparse
import sys
import webbrowser
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.bootstrap import load_config_options

from geozones.common.errors import InputError
from geozones.common.public_address import embed_sites, public_address
from geozones.ui.server import move_hints
from geozones.ui.server.auth import secrets
from geozones.ui.server.error_page import say_gesture_fault
from geozones.ui.server.login_faults import LoginFaults
from geozones.ui.server.monitoring.counters import start_counting
from geozones.ui.server.monitoring.log import start_log
from geozones.ui.server.monitoring.routes import Watch, service_routes
from geozones.ui.server.page_head import PageHead
from geozones.ui.server.patches.clear_cache_guard import keep_caches
from geozones.ui.server.patches.downloads import make_downloads_apart
from geozones.ui.server.patches.left_tabs import LeftTabs, keep_left_sessions_apart
from geozones.ui.server.patches.message_queue import deliver_all
from geozones.ui.server.patches.tcp_nodelay import send_at_once
from geozones.ui.server.patches.widget_values import refuse_foreign_values
from geozones.ui.server.processes import ServedAddress, StickyWorker
from geozones.ui.server.render_queue import serialise_rendering
from geozones.ui.server.secure_cookies import SecureCookies
from geozones.ui.server.sent_files import take_expected_files_only
from geozones.ui.server.serve import vendor_folder
from geozones.ui.server.static_cache import KeptFiles
from geozones.ui.server.upload_quota import UploadRoom
from geozones.ui.server.web_guard import allowed_hosts, guards
from geozones.ui.shared_pages.link_preview import shared_preview
from geozones.workspace.jobs.fork_server_launcher import FORK_SERVER


def main(script: Path, place: ServedAddress, *, opens: str = "", rank: int | None = None) -> None:
    """Serve the app until it is stopped.

    If ``opens`` is an address, open it in a browser once the server answers. ``rank`` is the number
    of this process where several run behind a proxy.
    """

    @asynccontextmanager
    async def started(_: st.App) -> AsyncGenerator[None]:
        FORK_SERVER.start()  # ready before the first file is requested
        if opens:
            webbrowser.open(opens)
        yield

    PagesManager.uses_pages_directory = False
    start_log()
    start_counting()
    deliver_all()
    keep_caches()
    refuse_foreign_values()
    send_at_once()
    serialise_rendering()
    make_downloads_apart()
    take_expected_files_only()
    keep_left_sessions_apart()
    sys.argv = [str(script)]  # Streamlit takes the folder of the started script for the app's
    settings = {
        "server.address": place.address,
        "server.port": place.port,
        "server.baseUrlPath": place.base_path,
        "server.headless": True,
        "server.allowedHosts": ["*"],  # `guards` checks hosts
    }
    load_config_options(settings)  # before the secrets: else Streamlit reports that they changed
    public, base = public_address(), place.base_path
    addresses = (_login_address(), public, place.url)
    before = [
        *guards(allowed_hosts(addresses=addresses), embed_sites()),
        Middleware(SecureCookies, addresses=addresses),
        Middleware(Watch),
        *([] if rank is None else [Middleware(StickyWorker, rank=rank, base_path=base)]),
        Middleware(LeftTabs),
        Middleware(UploadRoom),
        Middleware(LoginFaults, base_path=base),
        Middleware(KeptFiles, base_path=base),
        Middleware(PageHead, public=public, told=shared_preview, base_path=base),
    ]
    guarded = st.App(
        script,
        routes=[
            Mount(f"{base}/app/static/vendor", StaticFiles(directory=vendor_folder())),
            move_hints.route(base),
            *service_routes(base),
        ],
        middleware=before,
        lifespan=started,
        on_script_error=say_gesture_fault,
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
