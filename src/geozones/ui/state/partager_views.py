"""View state of the page « Partager »: form, slide template, webinar, files made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geozones.domain.story import StepKind
from geozones.workspace.jobs import Job
from geozones.workspace.sharing.making import ExportedFile


@dataclass(frozen=True, slots=True)
class ShareView:
    """Form of the page « Partager »; ``plan`` and ``other`` are codes of plans.

    ``part`` is ``fichiers``, ``webinaire`` or ``voix``; ``linked`` tells whether a link led to the
    webinar. ``followed`` is the selection on the map that gave the view (`follow_map`).
    """

    part: str = "fichiers"
    linked: bool = False
    plan: str | None = None
    kind: str = "region"
    sector: str | None = None
    zone: str | None = None
    followed: tuple[str | None, ...] = ()
    other: str | None = None
    format: str = "png"
    size: str = "hd"


@dataclass(frozen=True, slots=True)
class DeckTemplate:
    """The Région's own slide template, kept for the session, or the reason why it was refused.

    ``mark`` is a hash of its content.
    """

    content: bytes | None = field(default=None, repr=False)
    name: str = ""
    mark: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """Step of the webinar being edited, from 0; its fields as typed, by version and rank."""

    step: int = 0
    added: tuple[StepKind, str | None] | None = None
    shown: Mapping[str, tuple[StepKind, str | None]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeFile:
    """File ready to download; ``key`` identifies the request."""

    key: tuple[str, ...]
    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileInMaking:
    """File being made; ``key`` identifies the request."""

    key: tuple[str, ...]
    media: str
    job: Job[Any, Any, ExportedFile]


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """Files made for this session: only the last of each kind, because they are large.

    Each kind has at most one file made and one being made.
    """

    by_kind: Mapping[str, MadeFile] = field(default_factory=dict)
    in_making: Mapping[str, FileInMaking] = field(default_factory=dict)
