"""Repetition of a command's work until a signal stops it."""

import signal
import sys
from collections.abc import Callable
from threading import Event

from geozones.common.errors import GeozonesError
from geozones.common.json_log import wants_json, write_json
from geozones.common.telemetry import enable_telemetry
from geozones.workspace.scenarios.backups import again_and_again


def start_service_log() -> None:
    """Write events to the service log as lines of JSON, if ``GEOZONES_LOG`` asks for them."""
    if wants_json():
        enable_telemetry()
        write_json()


def repeat(act: Callable[[], str], every_s: float) -> int:
    """Call ``act`` and print its result every ``every_s`` seconds until a signal; return 0.

    A failed run is reported on stderr, and tried again.
    """
    stopped = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stopped.set())

    def once() -> bool:
        try:
            report = act()
        except GeozonesError as error:
            print(f"geozones : {error}", file=sys.stderr, flush=True)
            return False
        print(report, flush=True)
        return True

    again_and_again(once, every_s, stopped)
    return 0
