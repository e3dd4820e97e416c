"""A real Chromium that can reach nothing but this machine, and the contexts of its visitors."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from geozones.common.clock import SHIFT

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: How long anything is waited for before it is held never to come, whatever else the machine does.
LIMIT_MS = 120_000
#: The one without windows first: the same engine, which spends 0.2 s less on each page.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Who is found by which name: names that someone has point to this machine, others to nothing.
_NAMES = "MAP *.region.example 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    # letters as wide as in the one with windows, which does not fit them to whole pixels
    "--font-render-hinting=none",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # pages of one address share a process: it compiles their scripts once for all the tests
    "--process-per-site",
    f"--host-resolver-rules={_NAMES}",
)
#: Counts in a page what was asked of the server and not answered yet.
_ANSWERS = Path(__file__).with_name("answers.js")
#: Shifts the clock of a page, in milliseconds, as that of the tests is; its timers run as before.
_SHIFTED = """(() => {
    const machine = Date, now = () => machine.now() + %d;
    globalThis.Date = new Proxy(machine, {
        construct: (_, args) => (args.length ? new machine(...args) : new machine(now())),
        apply: () => new machine(now()).toString(),
        get: (_, name) => (name === "now" ? now : Reflect.get(machine, name)),
    });
})()"""
#: What a browser keeps for an address, its cache of files aside.
_KEPT = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


@contextmanager
def started() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium here: `make test` installs it")
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-testid")
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


def new_context(browser: Browser, **options: bool) -> BrowserContext:
    """Make a context that shares nothing with others."""
    context = browser.new_context(
        viewport=WIDE,
        locale="fr-FR",
        timezone_id=os.environ.get("TZ", "Europe/Paris"),
        accept_downloads=True,
        **options,
    )
    context.set_default_timeout(LIMIT_MS)
    context.add_init_script(path=_ANSWERS)
    if SHIFT in os.environ:
        context.add_init_script(_SHIFTED % (1000 * float(os.environ[SHIFT])))
    return context


class WarmContext:
    """A context for one visitor after the other, that keeps nothing but the files of the app.

    A page opens there in half the time: files are in the cache of the browser, scripts compiled
    in the process that its first page holds. No request is intercepted, which would turn the
    cache off.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.context = new_context(browser)
        self._holder = self.context.new_page()
        self._holder.goto(f"{url}/_stcore/health")
        self._storage = self.context.new_cdp_session(self._holder)

    def forget(self, urls: list[str]) -> None:
        """Close every page but the first, and forget what was kept for these addresses."""
        for page in self.context.pages:
            if page != self._holder:
                page.goto("about:blank")  # its scripts have ended: none writes a cookie from here
                page.close()
        self.context.set_offline(offline=False)
        self.context.clear_cookies()
        for origin in {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in urls}:
            self._storage.send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _KEPT}
            )
