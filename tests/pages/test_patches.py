"""Each fault of Streamlit that the app works around is still there.

A test fails the day that Streamlit mends its fault: the patch can go then.
"""

import ast
import asyncio
import gc
import re
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Thread, current_thread
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
import streamlit.logger
import uvicorn.config
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.session_manager import SessionInfo
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_auth_routes, starlette_routes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
UI = ROOT / "src" / "geozones" / "ui"
PATCHES = (UI / "server" / "patches.py", UI / "server" / "run_patches.py")
LAUNCHER = UI / "server" / "launcher.py"
#: Workarounds that stand between the browser and Streamlit.
MIDDLEWARE = {"SecureCookies", "StaticCache"}
#: Packages whose objects only patches may change.
PATCHED = ("streamlit", "starlette", "uvicorn", "tornado")


class SessionOfTab:
    """A session that Streamlit keeps after its tab was closed."""

    id = "tab"


def test_ignore_clear_cache() -> None:
    """Any client empties the cache of everyone."""
    calls = []

    @st.cache_data
    def opened() -> int:
        calls.append(1)
        return 1

    opened()
    client: Any = SimpleNamespace(_session_state={})
    AppSession._handle_clear_cache_request(client)
    opened()
    assert calls == [1, 1]


def test_patch_session_storage() -> None:
    """A session that has expired is held until another one is stored."""
    storage, session = MemorySessionStorage(ttl_seconds=0), SessionOfTab()
    held = weakref.ref(session)
    storage.save(SessionInfo(client=None, session=session))  # type: ignore[arg-type]
    del session
    gc.collect()
    assert storage.get(SessionOfTab.id) is None
    assert held() is not None


def test_patch_downloads() -> None:
    """A download is prepared in the threads that resolve host names."""
    prepared_by = []

    def prepare(_file: str) -> str:
        prepared_by.append(current_thread().name)
        return "/media/file"

    async def download() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1, "of-the-loop"))
        files: Any = SimpleNamespace(execute_deferred=prepare)
        await DeferredFileHandler(lambda: files).handle(BackendOperationRequest(), "tab")

    asyncio.run(download())
    assert prepared_by == ["of-the-loop_0"]


def test_propagate_loggers() -> None:
    """Loggers write lines of text by themselves, and tell the root logger nothing."""
    logger = streamlit.logger.get_logger("geozones.test_patches")
    assert logger.handlers
    assert not logger.propagate
    own: dict[str, Any] = uvicorn.config.LOGGING_CONFIG["loggers"]
    assert own["uvicorn"]["handlers"]


def test_ignore_pages_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named ``pages`` is a navigation until ``st.navigation`` has run."""
    monkeypatch.undo()  # every test of this folder runs pages as the launcher does
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory


def test_identify_popovers_by_key() -> None:
    """A popover whose label changes is another one, closed."""

    def page() -> None:
        import streamlit as st  # noqa: PLC0415 - a page is a file of its own

        box = st.popover(st.text_input("label"), key="box", on_change="rerun")
        st.write("open" if box.open else "closed")

    app = AppTest.from_function(page).run()
    app.session_state["box"] = True
    assert app.run().markdown[0].value == "open"
    assert app.text_input[0].input("another").run().markdown[0].value == "closed"


def test_serialise_rendering() -> None:
    """Twenty pages are drawn all at once."""
    together = Barrier(21, timeout=20)

    def page(barrier: object) -> None:
        barrier.wait()

    tabs = [AppTest.from_function(page, default_timeout=30, args=(together,)) for _ in range(20)]
    threads = [Thread(target=tab.run) for tab in tabs]
    for thread in threads:
        thread.start()
    together.wait()
    for thread in threads:
        thread.join(30)
    assert not together.broken


def test_secure_cookies() -> None:
    """The cookie of the login is sent in clear where TLS ends at a proxy.

    Where it no longer is, `SecureCookies` can go then.
    """
    answer = Response()
    starlette_auth_routes._set_single_cookie(answer, "_streamlit_user", "signed")
    assert "secure" not in answer.headers["set-cookie"].lower()


def test_static_cache() -> None:
    """Streamlit sends its own scripts uncompressed; else `StaticCache` can go then."""
    script = next(path for path in sorted(Path(get_static_dir()).glob("static/js/index.*.js")))
    browser = TestClient(st.App(ROOT / "app.py"))
    answer = browser.get(f"/static/js/{script.name}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def test_patch_upload_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is taken for any open session, under any identifier."""
    monkeypatch.setattr(starlette_routes, "is_xsrf_enabled", lambda: False)
    files = MemoryUploadedFileManager("/_stcore/upload_file")
    runtime: Any = SimpleNamespace(is_active_session=lambda _: True)
    browser = TestClient(
        Starlette(routes=starlette_routes.create_upload_routes(runtime, files, ""))
    )
    address = "/_stcore/upload_file/of-someone-else/made-up"
    assert browser.put(address, files={"file": ("x.csv", b"1;2")}).status_code == 204
    assert [file.data for file in files.get_files("of-someone-else", ["made-up"])] == [b"1;2"]


def foreign_names(tree: ast.Module) -> set[str]:
    """Return the names in a module that stand for foreign packages or what they hold."""
    foreign = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.asname or alias.name, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(alias.asname or alias.name, node.module or "") for alias in node.names]
        else:
            continue
        foreign |= {own.partition(".")[0] for own, module in names if module.startswith(PATCHED)}
    return foreign


def changed(part: ast.AST, foreign: set[str]) -> list[str]:
    """Return the attributes of foreign packages that a part of a module assigns to."""
    targets = [
        target
        for node in ast.walk(part)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    ]
    written = [ast.unparse(target) for target in targets]
    return [name for name in written if name.partition(".")[0] in foreign]


def read(path: Path) -> tuple[ast.Module, set[str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tree, foreign_names(tree)


def workarounds() -> dict[str, str]:
    """Return the text that names each fault, by the function or middleware that works around it."""
    found = {}
    for path in PATCHES:
        tree, foreign = read(path)
        for node in tree.body:
            patches = isinstance(node, ast.FunctionDef) and changed(node, foreign)
            if patches or (isinstance(node, ast.ClassDef) and node.name in MIDDLEWARE):
                found[node.name] = ast.get_docstring(node) or ""
    return found


def test_each_patch_names_the_version_has_a_test_and_is_applied() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    launcher = LAUNCHER.read_text(encoding="utf-8")
    faults = workarounds()
    assert set(faults) > MIDDLEWARE
    for name, fault in faults.items():
        assert re.search(r"Streamlit\s1\.\d+", fault), name
        assert f"def test_{name}(" in tests or f"`{name}` can go then" in tests, name
        assert re.search(rf"^    {name},$|Middleware\({name}\b", launcher, re.MULTILINE), name


def test_only_patches_change_streamlit_and_its_web_server() -> None:
    changing = {
        path
        for folder in (UI, UI.parent / "features")
        for path in folder.rglob("*.py")
        if changed(*read(path))
    }
    assert changing == set(PATCHES)
