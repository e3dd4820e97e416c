"""Background export of files, in separate processes (`apart`)."""

from dataclasses import dataclass

from geozones.export import Dossier
from geozones.export.maps import map_png
from geozones.export.pictures import lighter, screen_picture
from geozones.export.registry import file_name, format_of
from geozones.render import MapGround, Scene
from geozones.workspace.background import Background
from geozones.workspace.jobs import FILES, VISITOR_FILES, Listener


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """An exported file: its name and its content."""

    name: str
    content: bytes


class FileMaking(Background[ExportedFile]):
    """Export of a dossier, in a format and a size by their keys, with an optional template."""

    lane = FILES

    def __init__(
        self, dossier: Dossier, key: str, size: str, template: bytes | None = None
    ) -> None:
        self.dossier, self.key, self.size, self.template = dossier, key, size, template
        super().__init__()

    def work(self) -> ExportedFile:
        """Make the file; raises as `ExportFormat.make`."""
        kind = format_of(self.key)
        name = file_name(self.dossier, kind.extension, self.size if kind.sized else "")
        return ExportedFile(
            name, self.apart(_made, self.dossier, self.key, self.size, self.template)
        )


class VisitorFileMaking(FileMaking):
    """Export for the visitors of a shared link, in their own queue."""

    lane = VISITOR_FILES


def _made(
    _: Listener, dossier: Dossier, key: str, size: str, template: bytes | None = None
) -> bytes:
    return format_of(key).make(dossier, size, template)


def drawn_for_screen(_: Listener, dossier: Dossier) -> bytes:
    """Return the picture of a dossier for a page, lighter than the file."""
    return screen_picture(dossier)


def near_changes_for_screen(_: Listener, scene: Scene, ground: MapGround) -> bytes:
    """Return the picture of one of two `near_changes` for a page."""
    return lighter(map_png(scene, ground, _Close()))


@dataclass(frozen=True, slots=True)
class _Close:
    """The size of a close-up, in inches."""

    width: float = 7.0
    height: float = 6.0
