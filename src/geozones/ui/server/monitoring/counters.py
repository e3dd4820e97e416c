"""Prometheus counters of sessions, changes, searches, exports and faults; none by person."""

import logging
import os
from typing import override

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from geozones.common.telemetry import LOGGER, TelemetryEvent

MEDIA_TYPE = CONTENT_TYPE_LATEST
_OPEN = Gauge("geozones_sessions_open", "Sessions open now.", multiprocess_mode="livesum")
_SESSIONS = Counter("geozones_sessions", "Sessions opened.")
_CHANGES = Counter("geozones_changes", "Changes made to scenarios.", ["kind"])
_SEARCHES = Counter("geozones_searches", "Searches begun.", ["kind"])
_EXPORTS = Counter("geozones_exports", "Files made to be downloaded.", ["format"])
_FAULTS = Counter("geozones_faults", "Faults of the tool that a page told.", ["error"])
COUNTERS = (_SESSIONS, _CHANGES, _SEARCHES, _EXPORTS, _FAULTS)
_LABELLED = {
    TelemetryEvent.CHANGE: (_CHANGES, "kind"),
    TelemetryEvent.SEARCH: (_SEARCHES, "kind"),
    TelemetryEvent.EXPORT: (_EXPORTS, "format"),
    TelemetryEvent.FAULT: (_FAULTS, "error"),
}


class _Counting(logging.Handler):
    """Log handler that increments the Prometheus counters."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        what, facts = getattr(record, "event", ""), getattr(record, "facts", {})
        if what == TelemetryEvent.SESSION_OPENED:
            _SESSIONS.inc()
            _OPEN.inc()
        elif what == TelemetryEvent.SESSION_CLOSED:
            _OPEN.dec()
        elif what in _LABELLED:
            counter, label = _LABELLED[TelemetryEvent(what)]
            counter.labels(facts.get(label, "other")).inc()


def start_counting() -> None:
    """Start counting events."""
    logging.getLogger(LOGGER).addHandler(_Counting())


def counted() -> bytes:
    """Return the counters of this process, or of all processes in ``PROMETHEUS_MULTIPROC_DIR``."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
