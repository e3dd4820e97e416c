"""Pickling of jobs and their results between processes.

The opened data is sent as a reference where the other process has the same data open. Figures that
a value caches are not sent: the other process computes them again.
"""

import io
import pickle
from dataclasses import fields
from types import MappingProxyType
from typing import Any, override

#: Message that asks a job to stop and return its best result.
STOP = b"stop"
#: First byte of a message from a job: progress, or the answer.
PROGRESS, ANSWER = b"p", b"a"

_OPENED = "opened"


class WithoutCaches:
    """Base of dataclasses that are sent without what their cached properties hold."""

    def __getstate__(self) -> dict[str, Any]:
        return {part.name: getattr(self, part.name) for part in fields(self)}  # type: ignore[arg-type]


class OpenedData(WithoutCaches):
    """Base of the dataclass of opened data: itself and its fields are sent as references."""

    @property
    def stamp(self) -> str:
        """Fingerprint of the files that were opened; the same means the same data."""
        raise NotImplementedError


class _Sender(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, stamp: str) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._stamp = stamp
        #: Objects sent as references, by ``id``: the opened data and its fields.
        self._named: dict[int, str] = {}
        self.opened: OpenedData | None = None

    @override
    def persistent_id(self, value: Any) -> str | None:
        if isinstance(value, OpenedData) and self.opened is None and value.stamp == self._stamp:
            self.opened = value
            self._named = {id(part): name for name, part in value.__getstate__().items()}
            self._named[id(value)] = _OPENED
        return self._named.get(id(value))

    @override
    def reducer_override(self, value: Any) -> Any:
        return (_read_only, (dict(value),)) if type(value) is MappingProxyType else NotImplemented


class _Receiver(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, opened: OpenedData | None) -> None:
        super().__init__(stream)
        self._opened = opened

    @override
    def persistent_load(self, pid: str) -> Any:
        return self._opened if pid == _OPENED else getattr(self._opened, pid)


def sent(value: object, stamp: str) -> tuple[bytes, OpenedData | None]:
    """Pickle a value for another process; return the bytes and the data sent as a reference.

    ``stamp`` is the stamp of the data that the other process has open; empty for none.
    """
    stream = io.BytesIO()
    sender = _Sender(stream, stamp or "-")
    sender.dump(value)
    return stream.getvalue(), sender.opened


def received(content: bytes, opened: OpenedData | None) -> Any:  # noqa: ANN401 - what was sent
    """Unpickle a value that `sent` wrote in a process of this server."""
    return _Receiver(io.BytesIO(content), opened).load()


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)
