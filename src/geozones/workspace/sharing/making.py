"""Jobs that export files."""

from dataclasses import dataclass

from geozones.export import Dossier
from geozones.export.change_scenes import near_changes
from geozones.export.registry import file_name, format_of
from geozones.jobs import FILES, Job, JobQueue, Listener
from geozones.render import MapGround, Scene


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """An exported file: its name and its content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Export of a dossier, in a format and a size by their keys, with an optional template.

    ``size`` is "" for the first size of the format.
    """

    dossier: Dossier
    key: str
    size: str = ""
    template: bytes | None = None


type FileJob = Job[FileRequest, None, ExportedFile]


def file_job(asked: FileRequest, queue: JobQueue = FILES) -> FileJob:
    """Return the job that makes a file; visitors of shared links have their own queue."""
    return Job(queue, make_file, asked, None)


def make_file(_: Listener, asked: FileRequest) -> ExportedFile:
    """Make a file; raise as `ExportFormat.make`."""
    kind = format_of(asked.key)
    name = file_name(asked.dossier, kind.extension, asked.size)
    return ExportedFile(name, kind.make(asked.dossier, asked.size, asked.template))


def drawn_for_screen(_: Listener, dossier: Dossier) -> bytes:
    """Return the picture of a dossier for a page, lighter than the file."""
    from geozones.export import pictures  # noqa: PLC0415 - a page's server never draws

    return pictures.screen_picture(dossier)


def near_changes_for_screen(_: Listener, scene: Scene, ground: MapGround) -> bytes:
    """Return the picture of one of two `near_changes` for a page."""
    from geozones.export import pictures  # noqa: PLC0415 - a page's server never draws

    return pictures.lighter(pictures.map_png((scene,), ground, _Close()))


def link_picture(_: Listener, dossier: Dossier) -> bytes:
    """Return the picture (PNG, 1200 × 630) of a link: what changes, before and after."""
    from geozones.export import pictures  # noqa: PLC0415 - a page's server never draws

    comparison = dossier.comparison
    if comparison is None:
        return pictures.map_png((dossier.scene,), dossier.ground, _Preview())
    scenes = near_changes(comparison.scene, dossier.scene)
    return pictures.map_png(scenes, dossier.ground, _Preview(), ("Avant", "Après"))


@dataclass(frozen=True, slots=True)
class _Preview:
    """The size of the picture of a link, in inches: 1200 × 630 pixels at 160 per inch."""

    width: float = 7.5
    height: float = 3.9375


@dataclass(frozen=True, slots=True)
class _Close:
    """The size of a close-up, in inches."""

    width: float = 7.0
    height: float = 6.0
