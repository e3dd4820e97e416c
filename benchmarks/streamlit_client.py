"""Client of the app's pages that speaks Streamlit's protocol over its websocket, without a browser.

It opens the Carte as a browser does and makes gestures as the map does: the value of the map's
component, with the message hashes that it keeps, for the fragment that the map is in.
"""

import asyncio
import json
import re
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

#: Seconds that a client tries to connect again.
_PATIENCE_S = 90.0

#: What the scene in the map's arguments says: the last gesture answered, the head of the scenario.
_ANSWERED = re.compile(r'"answered": ?(\d+)')
#: What a page with a login proves that it is no other site's by, in its cookies.
_XSRF = re.compile(r"_streamlit_xsrf=([^;]+)")
_HEAD = re.compile(r'"head": ?"([\w-]+)"')


@dataclass
class Answer:
    """Answer of the server to a gesture.

    Parameters
    ----------
    seconds
        From the message sent until the script that took the gesture finished.
    head
        Last event of the scenario on screen.
    said
        Notices of the page, in HTML or words.
    size
        Bytes received.
    asks
        Keys of the buttons on the page.
    """

    seconds: float
    head: str | None
    said: str
    size: int
    asks: frozenset[str] = frozenset()


def first_cookie(url: str) -> str:
    """Return the cookie that the page comes with: that of the process that answers."""
    with urllib.request.urlopen(f"{url}/", timeout=60) as page:  # noqa: S310
        told = page.headers.get_all("Set-Cookie") or []
    return "; ".join(cookie.partition(";")[0] for cookie in told)


@dataclass
class _Drawn:
    """Content read so far of a page being drawn; ``taken``: the drawing includes the gesture."""

    taken: bool
    head: str | None = None
    said: list[str] = field(default_factory=list)
    size: int = 0
    asks: set[str] = field(default_factory=set)


@dataclass
class Planner:
    """One visitor with the Carte open."""

    url: str
    query: str
    socket: ClientConnection | None = None
    cookie: str = ""
    cut_off: int = 0
    _map: str = ""
    _page: str = ""
    _fragment: str = ""
    _rank: int = 0
    _buttons: dict[str, str] = field(default_factory=dict)
    _kept: dict[str, ForwardMsg] = field(default_factory=dict)

    async def open(self) -> float:
        """Open the page; return how many seconds until it is drawn."""
        _, host, path, _, _ = urlsplit(self.url)
        stream = urlunsplit(("ws", host, f"{path.rstrip('/')}/_stcore/stream", "", ""))
        self.cookie = self.cookie or await asyncio.to_thread(first_cookie, self.url)
        self.socket = await connect(
            stream,
            subprotocols=["streamlit", *_XSRF.findall(self.cookie)],
            origin=f"http://{host}",
            max_size=None,
            compression=None,
            open_timeout=60,
            ping_timeout=None,
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
        )
        began = time.perf_counter()
        await self._send([])
        await self._receive(answered=0)
        return time.perf_counter() - began

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        if self.socket is not None:
            await self.socket.close()

    @property
    def scenario(self) -> str | None:
        """The scenario that the address of the page names."""
        named = parse_qs(self.query).get("scenario")
        return named[0] if named else None

    async def gesture(self, **event: str | float) -> Answer:
        """Make a gesture on the map and wait until the page is drawn with it.

        Where the connection is lost, it is opened and the gesture sent again, as the map does.
        """
        self._rank += 1
        began = time.perf_counter()
        while True:
            try:
                await self._send([{**event, "rank": self._rank}])
                return await self._receive(answered=self._rank, began=began)
            except ConnectionClosed:
                self.cut_off += 1
                await self._open_again()

    async def _open_again(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                await self.open()
            except (OSError, WebSocketException):
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.5)
            else:
                return

    async def press(self, key: str) -> Answer:
        """Press a button and wait until the page is drawn with it."""
        widget, fragment = next(
            (name, where) for name, where in self._buttons.items() if name.endswith(f"-{key}")
        )
        message = self._rerun()
        message.rerun_script.fragment_id = fragment
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = widget, True
        assert self.socket is not None
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        return await self._receive(answered=0, began=began)

    async def _send(self, gestures: list[dict[str, str | float]]) -> None:
        assert self.socket is not None
        message = self._rerun()
        if gestures:
            message.rerun_script.fragment_id = self._fragment
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self._map
            value = {"visit": "load", "sent": self._rank, "gestures": gestures}
            state.json_value = json.dumps(value)
        await self.socket.send(message.SerializeToString())

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self.query
        rerun.context_info.timezone = "Europe/Paris"
        rerun.context_info.url = self.url
        rerun.cached_message_hashes.extend(self._kept)
        rerun.page_script_hash = self._page
        return message

    async def _receive(self, *, answered: int, began: float = 0.0) -> Answer:
        """Read messages until the script that took the gesture numbered ``answered`` is done."""
        assert self.socket is not None
        drawn = _Drawn(taken=answered == 0)
        while True:
            raw = await self.socket.recv()
            drawn.size += len(raw)
            message = ForwardMsg.FromString(raw)
            if message.WhichOneof("type") == "ref_hash":
                message = self._kept[message.ref_hash]
            elif message.metadata.cacheable:
                self._kept[message.hash] = message
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._see(message, answered, drawn)
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "new_session":
                self._page = message.new_session.page_script_hash
            elif kind == "script_finished" and drawn.taken:
                seconds = time.perf_counter() - began
                said, asks = "\n".join(drawn.said), frozenset(drawn.asks)
                return Answer(seconds, drawn.head, said, drawn.size, asks)

    def _see(self, message: ForwardMsg, answered: int, drawn: "_Drawn") -> None:
        """Take an element of the page in."""
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "component_instance":
            self._map = element.component_instance.id
            self._fragment = message.delta.fragment_id
            scene = element.component_instance.json_args.replace('\\"', '"')
            numbers, heads = _ANSWERED.findall(scene), _HEAD.findall(scene)
            drawn.taken |= bool(numbers) and int(numbers[-1]) >= answered
            drawn.head = heads[-1] if heads else drawn.head
        elif kind == "button":
            self._buttons[element.button.id] = message.delta.fragment_id
            drawn.asks.add(element.button.id.rpartition("-")[2])
        elif kind == "alert":
            drawn.said.append(element.alert.body)
        elif kind == "html" and "gz-notice" in element.html.body:
            drawn.said.append(element.html.body)

    async def __aenter__(self) -> Self:
        """Open the page."""
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self.close()
