"""Pickling of jobs and their results between processes.

The atlas is sent as a reference where the other process has the same data open. Figures that a
study caches are not sent: the other process computes them again.
"""

import io
import pickle
from dataclasses import fields
from types import MappingProxyType
from typing import Any, override

from geozones.metrics import Metric, metric
from geozones.metrics.metric_registry import REGISTRY
from geozones.workspace.analysis import Analysis, analysis_of
from geozones.workspace.atlas import Atlas
from geozones.workspace.drives import Drives
from geozones.workspace.study import Study
from geozones.workspace.territory import Territory, territory_of

#: Message that asks a job to stop and return its best result.
STOP = b"stop"
#: First byte of a message from a job: progress, or the answer.
PROGRESS, ANSWER = b"p", b"a"

_ATLAS = "atlas"


class _Sender(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, stamp: str) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._stamp = stamp
        #: Objects sent as references, by ``id``: the atlas and its fields.
        self._named: dict[int, str] = {}
        self.atlas: Atlas | None = None

    @override
    def persistent_id(self, value: Any) -> str | None:
        if isinstance(value, Atlas) and self.atlas is None and value.stamp == self._stamp:
            self.atlas = value
            self._named = {id(getattr(value, part.name)): part.name for part in fields(value)}
            self._named[id(value)] = _ATLAS
        return self._named.get(id(value))

    @override
    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if kind is Metric:
            return _metric(value)
        if kind is MappingProxyType:
            return _read_only, (dict(value),)
        if kind is Territory and territory_of(value.atlas) is value:
            return territory_of, (value.atlas,)
        if kind is Analysis:
            made_of = (value.territory, value.settings, value.baseline)
            if analysis_of(*made_of) is value:
                return analysis_of, made_of
        if kind in {Atlas, Drives, Territory, Analysis, Study}:
            return _of_fields, (
                kind,
                {part.name: getattr(value, part.name) for part in fields(kind)},
            )
        return NotImplemented


class _Receiver(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, atlas: Atlas | None) -> None:
        super().__init__(stream)
        self._atlas = atlas

    @override
    def persistent_load(self, pid: str) -> Any:
        return self._atlas if pid == _ATLAS else getattr(self._atlas, pid)


def _metric(value: Metric) -> tuple[Any, ...]:
    """Reduce a metric to its key, or to its fields without functions if it is not registered.

    A metric made for a comparison is not in the registry. It goes without its functions, which the
    comparison has already called.
    """
    if REGISTRY.get(value.key) is value:
        return metric, (value.key,)
    held = {part.name: getattr(value, part.name) for part in fields(Metric)}
    return _of_fields, (Metric, {k: None if callable(v) else v for k, v in held.items()})


def sent(value: object, stamp: str) -> tuple[bytes, Atlas | None]:
    """Pickle a value for another process; return the bytes and the atlas sent as a reference.

    ``stamp`` is the stamp of the atlas that the other process has open; empty for none.
    """
    stream = io.BytesIO()
    sender = _Sender(stream, stamp or "-")
    sender.dump(value)
    return stream.getvalue(), sender.atlas


def received(content: bytes, atlas: Atlas | None) -> Any:  # noqa: ANN401 - what was sent
    """Unpickle a value that `sent` wrote in a process of this server."""
    return _Receiver(io.BytesIO(content), atlas).load()


def _read_only(held: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(held)


def _of_fields(kind: type, held: dict[str, Any]) -> object:
    """Return a frozen value with these fields and empty caches."""
    value: object = object.__new__(kind)
    for name, field in held.items():
        object.__setattr__(value, name, field)
    return value
