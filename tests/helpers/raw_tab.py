"""Tabs that speak Streamlit's own protocol over its websocket, no browser: many at once, any word.

`logged_in` goes the whole way of a login, by the login page and the identity provider.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from helpers.waiting import PATIENCE

_XSRF = "_streamlit_xsrf"
_SOME = b"x" * 1_000_000


def cookie_of(cookies: httpx.Cookies) -> str:
    """Return the header that sends cookies."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


async def connected(url: str, cookie: str, query: str = "") -> ClientConnection:
    """Open the websocket of the app, as a page of it with these cookies and query does."""
    parts = urlsplit(url)
    link = "?".join(["", *re.findall(r"(?:^|&)((?:version|avis)=[^&]*)", query)[:1]])
    tokens = re.findall(rf"{_XSRF}=([^;]+)", cookie)
    return await connect(
        f"ws://{parts.netloc}{parts.path.rstrip('/')}/_stcore/stream{link}",
        subprotocols=["streamlit", *tokens],  # type: ignore[list-item]
        origin=f"http://{parts.netloc}",  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie} if cookie else None,
        max_size=None,
        compression=None,
        open_timeout=PATIENCE,
        ping_timeout=None,
    )


@dataclass
class Tab:
    """A tab with a page of the app."""

    url: str
    query: str = ""
    page: str = ""
    cookie: str = ""
    socket: ClientConnection | None = None
    session: str = ""
    #: Words of the page, its buttons and its deferred files by their keys.
    said: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    redirect: str = ""
    _page_hash: str = ""

    async def open(self) -> Self:
        """Open the page, and read it until it is drawn."""
        self.socket = await connected(self.url, self.cookie, self.query)
        message = self._rerun()
        message.rerun_script.page_name = self.page
        await self._send(message)
        await self.drawn()
        return self

    async def close(self) -> None:
        """Close the tab."""
        if self.socket is not None:
            await self.socket.close()

    async def press(self, key: str) -> None:
        """Press a button; read the page until it is drawn with it."""
        widget = next(one for one in self.buttons if one.endswith(key))
        message = self._rerun()
        message.rerun_script.fragment_id = self.buttons[widget]
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = widget, True
        await self._send(message)
        await self.drawn()

    async def ask_file(self, key: str) -> None:
        """Ask for the file of a download button."""
        message = BackMsg()
        message.backend_operation_request.request_id = key
        message.backend_operation_request.session_id = self.session
        file = next(self.files[one] for one in self.files if one.endswith(key))
        message.backend_operation_request.deferred_file.file_id = file
        await self._send(message)

    async def file(self) -> BackendOperationResponse:
        """Return the answer on a file that was asked for."""
        while True:
            message = await self._receive()
            if message.WhichOneof("type") == "backend_operation_response":
                return message.backend_operation_response

    async def upload_addresses(self, count: int = 1) -> list[str]:
        """Return the addresses where the session may send files."""
        message = BackMsg()
        message.file_urls_request.request_id = "files"
        message.file_urls_request.session_id = self.session
        message.file_urls_request.file_names.extend(["x.csv"] * count)
        await self._send(message)
        while True:
            answer = await self._receive()
            if answer.WhichOneof("type") == "file_urls_response":
                given = answer.file_urls_response.file_urls
                return [f"{self.url}{one.upload_url}" for one in given]

    async def drawn(self) -> None:
        """Read messages until the page is drawn, or leads elsewhere."""
        self.said = ""
        while True:
            message = await self._receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
                self._page_hash = message.new_session.page_script_hash
            elif kind == "auth_redirect":
                self.redirect = message.auth_redirect.url
                return
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._see(message)
            elif kind == "script_finished":
                return

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "button":
            self.buttons[element.button.id] = message.delta.fragment_id
            self.said += element.button.label
        elif kind == "download_button":
            self.files[element.download_button.id] = element.download_button.deferred_file_id
        elif kind == "html":
            self.said += element.html.body
        elif kind == "alert":
            self.said += element.alert.body

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_script_hash = self.query, self._page_hash
        rerun.context_info.timezone = "Europe/Paris"
        rerun.context_info.url = f"{self.url}/{self.page}"
        return message

    async def _send(self, message: BackMsg) -> None:
        assert self.socket is not None
        await self.socket.send(message.SerializeToString())

    async def _receive(self) -> ForwardMsg:
        assert self.socket is not None
        raw = await self.socket.recv()
        assert isinstance(raw, bytes)
        message: ForwardMsg = ForwardMsg.FromString(raw)
        return message

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def cookie_of_anybody(url: str) -> str:
    """Return the cookies that any browser is given, as a header sends them."""
    async with httpx.AsyncClient(timeout=PATIENCE) as browser:
        await browser.get(f"{url}/_stcore/health")
        return cookie_of(browser.cookies)


async def logged_in(url: str, someone: str) -> str:
    """Log in by the login page; return the cookies, as a header sends them."""
    async with httpx.AsyncClient(follow_redirects=True, timeout=PATIENCE) as browser:
        await browser.get(f"{url}/_stcore/health")  # gives the token that proves whose page it is
        page = await browser.get(url)
        (address,) = re.findall(r'<a href="([^"]+)">Se connecter</a>', page.text)
        form = await browser.get(httpx.URL(url).join(address))
        await browser.post(form.url, data={"sub": someone})
        return cookie_of(browser.cookies)


async def sent(address: str, size: int, cookie: str = "") -> int:
    """Send a file of some bytes to an address; return the status of the answer."""
    token = re.findall(rf"{_XSRF}=([^;]+)", cookie)
    headers = {"Cookie": cookie, "X-Xsrftoken": token[0] if token else ""}
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.csv"\r\n\r\n'
    tail = b"\r\n--b--\r\n"
    headers["Content-Type"] = "multipart/form-data; boundary=b"
    headers["Content-Length"] = str(len(head) + size + len(tail))

    async def content() -> AsyncIterator[bytes]:
        yield head
        for begin in range(0, size, len(_SOME)):
            yield _SOME[: size - begin]
        yield tail

    async with httpx.AsyncClient(timeout=PATIENCE) as browser:
        try:
            answer = await browser.put(address, content=content(), headers=headers)
        except httpx.TransportError:  # refused before all of it was sent
            return 0
        return answer.status_code


async def opened(tabs: list[Tab]) -> list[Tab]:
    """Open tabs at once."""
    return list(await asyncio.gather(*(tab.open() for tab in tabs)))
