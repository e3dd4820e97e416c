"""Functions that tests run as jobs: a separate process imports them by their module."""

import os
import signal
import time
from pathlib import Path

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.export import Dossier
from geozones.export.registry import format_of
from geozones.jobs import Listener
from geozones.workspace.figures.study import Study


def made(_: Listener, dossier: Dossier, key: str) -> bytes:
    return format_of(key).make(dossier)


def same_study(_: Listener, study: Study) -> tuple[Study, object]:
    return study, study.area()["worst_pair"]


def fattened(_: Listener, megabytes: int) -> int:
    return len(bytearray(megabytes * 1_000_000))


def killed(_: Listener) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def failed(_: Listener) -> None:
    msg = "a fault of the tool"
    raise RuntimeError(msg)


def refused(_: Listener) -> None:
    msg = "Ce fichier n'est pas une liste."
    raise InputError(msg)


def endless(listen: Listener, started: Path) -> None:
    """Say who it is, then go on for ever, deaf to everything."""
    started.write_text(str(os.getpid()), encoding="utf-8")
    listen("begun")
    while True:
        time.sleep(60)


def until_told(listen: Listener) -> str:
    """Go on until told to stop, then give what there is."""
    try:
        while True:
            listen("going on")
    except SearchCancelledError:
        return "the best so far"
