"""Limits on jobs, uploads and open pages, read from environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.french import number

#: Field of `ServerLimits`: environment variable, default, minimum and maximum.
_VARIABLES = {
    "files": ("GEOZONES_WORK_FILES", 2, 1, 64),
    "searches": ("GEOZONES_WORK_SEARCHES", 4, 1, 64),
    "memory_mb": ("GEOZONES_WORK_MEMORY_MB", 1_500, 200, 1_000_000),
    "searches_each": ("GEOZONES_SEARCHES_EACH", 2, 1, 64),
    "uploads_mb": ("GEOZONES_UPLOADS_MB", 125, 31, 10_000),
    "uploads_total_mb": ("GEOZONES_UPLOADS_TOTAL_MB", 500, 31, 100_000),
    "sessions": ("GEOZONES_SESSIONS", 200, 1, 100_000),
    "visitor_sessions": ("GEOZONES_VISITOR_SESSIONS", 120, 1, 100_000),
    "link_sessions": ("GEOZONES_LINK_SESSIONS", 80, 1, 100_000),
    "visitor_files": ("GEOZONES_VISITOR_FILES", 1, 1, 64),
    "shared_files_mb": ("GEOZONES_SHARED_FILES_MB", 200, 1, 10_000),
    "seconds": ("GEOZONES_WORK_SECONDS", 600, 1, 86_400),
}


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of the server.

    Parameters
    ----------
    files, searches
        Files drawn or read, and searches, that run at the same time; further jobs wait in a queue.
    searches_each
        Searches that one visitor may have running.
    memory_mb
        Megabytes that a job may allocate beyond the memory that its process starts with.
    uploads_mb
        Megabytes of uploaded files, not yet read, that a page may have.
    uploads_total_mb
        The same limit for all pages together.
    sessions
        Pages open at once by logged-in users; by everybody where no login is set up.
    visitor_sessions, link_sessions
        Pages open at once by visitors of shared links: of all links together, and of each link.
    visitor_files
        Files drawn at once for visitors of shared links, besides ``files``.
    shared_files_mb
        Megabytes of files made for visitors of shared links that the server keeps.
    seconds
        Longest duration of a job.
    """

    files: int
    searches: int
    searches_each: int
    memory_mb: int
    seconds: int
    uploads_mb: int
    uploads_total_mb: int
    sessions: int
    visitor_sessions: int
    link_sessions: int
    visitor_files: int
    shared_files_mb: int


def read_bounds(environment: Mapping[str, str] | None = None) -> ServerLimits:
    """Read the limits from the environment, by default the one of this process.

    Raises
    ------
    InputError
        If a variable is not a whole number, or out of its range.
    """
    env = os.environ if environment is None else environment
    return ServerLimits(**{field: _whole(env, *variable) for field, variable in _VARIABLES.items()})


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        msg = (
            f"{name} : « {text[:40]} » n'est pas un nombre entier de {number(low)} à "
            f"{number(high)}."
        )
        raise InputError(msg)
    return int(text)
