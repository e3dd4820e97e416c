"""A web service on 127.0.0.1, scripted, and the national geocoder's two forms of answers."""

import csv
import io
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from helpers.waiting import PATIENCE


@dataclass(frozen=True)
class Reply:
    """One answer; ``length``: what its header says, to cut it short."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    hold: bool = False


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


class Service:
    """A service on 127.0.0.1: scripted replies first, then what ``answer`` says of each call."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.replies: deque[Reply] = deque()
        self.answer: Callable[[Call], Reply] = lambda _: Reply(404)
        self.release = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                self._take({})

            def do_POST(self) -> None:
                if "Content-Length" not in self.headers:
                    self.close_connection = True
                    self._send(Reply(411))
                    return
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self._take(_form(self.headers["Content-Type"], body))

            def _take(self, form: dict[str, str]) -> None:
                parts = urlsplit(self.path)
                query = dict(parse_qsl(parts.query))
                call = Call(self.command, parts.path, query, dict(self.headers), form)
                service.calls.append(call)
                self._send(service.replies.popleft() if service.replies else service.answer(call))

            def _send(self, reply: Reply) -> None:
                if reply.hold:
                    service.release.wait(PATIENCE)
                _write(self, reply)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()


def _write(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    length = len(reply.body) if reply.length is None else reply.length
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(reply.body)
    if length != len(reply.body):
        handler.close_connection = True


def _form(content_type: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    fields = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields[str(part.get_param("name", header="content-disposition"))] = content.decode()
    return fields


def geojson(*places: tuple[Any, Any, dict[str, Any]]) -> Reply:
    """Answer a search: (lat, lon, properties) of each place."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": properties,
        }
        for lat, lon, properties in places
    ]
    return Reply(body=json.dumps({"type": "FeatureCollection", "features": features}).encode())


def batch(
    call: Call, columns: tuple[str, ...], row: Callable[[dict[str, str]], dict[str, Any]]
) -> Reply:
    """Answer a batch: the rows sent and what ``row`` finds for each, in an order of columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    for sent in csv.DictReader(io.StringIO(call.form["data"])):
        writer.writerow({**sent, **row(sent)})
    return Reply(body=b"\xef\xbb\xbf" + text.getvalue().encode())
