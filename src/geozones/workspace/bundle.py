"""Everything for a webinar in one zip, and the same format for every sector."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from geozones.domain.french import plural
from geozones.export import Dossier
from geozones.export.archive import zip_of
from geozones.export.registry import Format, file_name, format_of
from geozones.export.webinar import webinar
from geozones.workspace.exports import Look, Subject, dossier, of_sector
from geozones.workspace.story import tell

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

#: Told before each file: how many are done, of how many, and which comes next.
type Progress = Callable[[int, int, str], None]
type _Task = tuple[str, str, Callable[[], bytes]]

ZIP = "zip"
ZIP_MEDIA = "application/zip"
_SCREEN, _PAPER = "hd", "a4"


def _silent(_: int, __: int, ___: str) -> None:
    """Tell nobody."""


def webinar_zip(
    workspace: "Workspace", subject: Subject, progress: Progress = _silent
) -> tuple[str, bytes]:
    """Make everything for a webinar; return the zip's name and content.

    Raises
    ------
    ExportError
        If a file cannot be made.
    """
    region = dossier(workspace, subject, Look())
    tasks = list(_tasks(workspace, subject, region))
    files = {}
    for rank, (name, told, make) in enumerate(tasks):
        progress(rank, len(tasks), told)
        files[name] = make()
    progress(len(tasks), len(tasks), "terminé")
    files["LISEZ-MOI.txt"] = _readme(region, [(name, told) for name, told, _ in tasks])
    return file_name(region, ZIP).replace("region", "webinaire"), zip_of(
        dict(sorted(files.items()))
    )


def _tasks(workspace: "Workspace", subject: Subject, region: Dossier) -> Iterator[_Task]:
    def task(name: str, told: str, key: str, shown: Dossier, size: str = _SCREEN) -> _Task:
        kind = format_of(key)
        return f"{name}.{kind.extension}", told, lambda: kind.make(shown, size)

    yield task("1-diaporama", "le diaporama, à modifier", "pptx", region)
    yield (
        "2-webinaire.html",
        "le webinaire, au clavier, sans réseau",
        lambda: webinar(tell(workspace, subject).show),
    )
    yield task("3-carte-interactive", "la carte interactive, sans réseau", "html", region)
    yield task("images/region", "la carte de la région", "png", region)
    yield task("images/region-a4", "la carte de la région, à imprimer", "pdf", region, _PAPER)
    for shown in each_sector(workspace, subject, region):
        yield task(f"images/{shown.slug}", f"la carte du {shown.title.lower()}", "png", shown)
    if region.comparison is not None:
        pair = dossier(workspace, subject, Look("before-after"))
        yield task("images/avant-apres", "les cartes avant et après", "png", pair)
    for key, told in (
        ("xlsx", "les lycées par secteur, et la matrice"),
        ("csv", "les lycées"),
        ("geojson", "les données géographiques"),
        ("gpkg", "les mêmes, pour un SIG"),
    ):
        yield task("donnees/geozones", told, key, region)


def each_sector(
    workspace: "Workspace", subject: Subject, region: Dossier | None = None
) -> Iterator[Dossier]:
    """Return the dossier of each sector that has lycées."""
    whole = region or dossier(workspace, subject, Look())
    for sector in subject.plan.sectors:
        if subject.plan.lycees_of(sector.id):
            yield of_sector(workspace, subject, whole, sector.id)


def sector_files(
    workspace: "Workspace", subject: Subject, kind: Format, size: str
) -> Iterator[tuple[str, bytes]]:
    """Make a format of every sector, one at a time: names and contents."""
    taken: set[str] = set()
    for shown in each_sector(workspace, subject):
        name = file_name(shown, kind.extension)
        if name in taken:  # two sectors whose names differ by signs that a file name has not
            name = f"{len(taken) + 1}_{name}"
        taken.add(name)
        yield name, kind.make(shown, size)


def _readme(region: Dossier, files: list[tuple[str, str]]) -> bytes:
    lines = [
        region.title,
        "",
        f"Plan : {region.version.told}",
        *([f"Durées : {region.peak_note}"] if region.peak_note else []),
        "",
        f"{plural(len(files), 'fichier')} :",
        *(f"- {name} : {told}" for name, told in files),
        "",
        *region.sources,
        "",
    ]
    # Windows' own editor reads it too
    return "\r\n".join(lines).encode("utf-8-sig")
