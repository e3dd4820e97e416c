"""A server on 127.0.0.1 that speaks openrouteservice's v2 formats and fails when told to.

Formats from the interactive documentation, ORS's own API tests and the client's source: durations
in seconds, distances in metres.
"""

import gzip
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

type LonLat = tuple[float, float]
INFO = {
    "service": "matrix",
    "attribution": "openrouteservice.org, OpenStreetMap contributors",
    "timestamp": 1_750_000_000_000,
    "engine": {"version": "9.3.0", "build_date": "2025-06-06T15:39:25Z"},
}


def seconds_between(a: LonLat, b: LonLat) -> float:
    """An hour a degree, a third more going north."""
    north = b[1] - a[1]
    return round(3600 * (abs(b[0] - a[0]) + abs(north) + max(north, 0) / 3), 2)


def metres_between(a: LonLat, b: LonLat) -> float:
    return round(20 * seconds_between(a, b), 2)


def error(code: int, message: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": message}, "info": INFO}).encode()


@dataclass(frozen=True)
class Reply:
    """One scripted answer; ``None`` as a body: the true one."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    cut: bool = False
    chunked: bool = False
    drip_s: float | None = None
    hold: bool = False


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


def unlocated(index: int, place: LonLat) -> str:
    return (
        "Could not find routable point within a radius of 350.0 meters of specified coordinate "
        f"{index}: {place[0]:.7f} {place[1]:.7f}."
    )


class OrsServer:
    """Use as a context; ``script`` holds the faults to come, ``received`` what was asked.

    ``sea``: places near no road, answered as ``sea_answer`` says: "null", "named" (one index of
    the locations), "bounds" (indices of the sources and of the destinations) or "mute".
    """

    def __init__(self) -> None:
        self.key: str | None = None
        self.script: deque[Reply] = deque()
        self.received: list[Received] = []
        self.sea: set[LonLat] = set()
        self.sea_answer = "null"
        self.release = threading.Event()
        self.max_pairs = 3500

    def __enter__(self) -> Self:
        self._server = _Http(("127.0.0.1", 0), _Handler)
        self._server.ors = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/ors"

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """The true answer to a request: status and body."""
        if path != "/ors/v2/matrix/driving-car/json":
            return 404, b"<html><body>Not Found</body></html>"
        return self._matrix(body)

    def _matrix(self, body: dict[str, Any]) -> tuple[int, bytes]:
        spots = [(place[0], place[1]) for place in body["locations"]]
        sources, targets = ([spots[i] for i in body[side]] for side in ("sources", "destinations"))
        assert body["metrics"] == ["duration", "distance"]
        assert body["units"] == "m"
        if len(spots) < 2:
            return 400, error(6003, "Parameter 'locations' has incorrect value.")
        if len(sources) * len(targets) > self.max_pairs:
            return 400, error(6004, "Search exceeds the limit of routes.")
        wet = [i for i, spot in enumerate(spots) if spot in self.sea]
        if wet and self.sea_answer != "null":
            return 404, error(6010, self._sea_message(wet, spots, sources, targets))

        def table(figure: Callable[[LonLat, LonLat], float]) -> list[list[float | None]]:
            return [[None if {a, b} & self.sea else figure(a, b) for b in targets] for a in sources]

        def snapped(side: list[LonLat]) -> list[dict[str, Any] | None]:
            return [
                None if spot in self.sea else {"location": list(spot), "snapped_distance": 1.2}
                for spot in side
            ]

        answer = {
            "durations": table(seconds_between),
            "distances": table(metres_between),
            "sources": snapped(sources),
            "destinations": snapped(targets),
            "metadata": INFO | {"query": body},
        }
        return 200, json.dumps(answer).encode()

    def _sea_message(
        self, wet: list[int], spots: list[LonLat], sources: list[LonLat], targets: list[LonLat]
    ) -> str:
        if self.sea_answer == "named":
            return unlocated(wet[0], spots[wet[0]])
        if self.sea_answer == "mute":
            return "Point not found."
        sides = []
        for name, side in (("Source", sources), ("Destination", targets)):
            out = [i for i, spot in enumerate(side) if spot in self.sea]
            if out:
                sides.append(f"{name} point(s) {out} out of bounds: 46.0,-3.0")
        return ". ".join(sides)


class _Http(ThreadingHTTPServer):
    ors: OrsServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def do_POST(self) -> None:
        server = self.server.ors
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        body = json.loads(raw)
        server.received.append(Received(self.path, dict(self.headers), body))
        reply = server.script.popleft() if server.script else Reply()
        if reply.hold:
            server.release.wait()
            self.close_connection = True
            return
        if server.key is not None and self.headers["Authorization"] != server.key:
            text = json.dumps({"error": "Access to this API has been disallowed"}).encode()
            self._send(Reply(403), text)
        elif reply.body is not None:
            self._send(reply, reply.body)
        else:
            status, text = server.answer(self.path, body)
            self._send(Reply(**(vars(reply) | {"status": status})), text)

    def _send(self, reply: Reply, text: bytes) -> None:
        if reply.headers.get("Content-Encoding") == "gzip":
            text = gzip.compress(text)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.close_connection = reply.cut
        sent = text[: len(text) // 2] if reply.cut else text
        if reply.drip_s is not None:
            self._drip(sent, reply.drip_s)
        elif reply.chunked:
            self._chunks(sent, cut=reply.cut)
        else:
            self.wfile.write(sent)

    def _chunks(self, text: bytes, *, cut: bool) -> None:
        size = max(1, len(text) // 3)
        for start in range(0, len(text), size):
            part = text[start : start + size]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"" if cut else b"0\r\n\r\n")

    def _drip(self, text: bytes, every_s: float) -> None:
        """One byte at a time, until told to stop."""
        self.close_connection = True
        for byte in text:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            if self.server.ors.release.wait(every_s):
                return

    def log_message(self, *_args: object) -> None:
        """Say nothing."""
