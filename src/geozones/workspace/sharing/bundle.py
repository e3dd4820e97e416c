"""Jobs that export files: one, those of every sector, or a zip of all for a meeting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from geozones import feature_list
from geozones.common.french import inside, of, plural, typeset
from geozones.domain.terms import terms
from geozones.export.change_scenes import near_changes, shown_sectors
from geozones.export.dossier import Dossier, SiteSheet
from geozones.export.file_parts import slug, zip_of
from geozones.export.registry import ExportFormat, file_name, format_of
from geozones.jobs import FILES, Job, JobQueue, Listener, Steps
from geozones.render import MapGround, Scene
from geozones.workspace.ledger import Ledger
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView


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


#: Progress callback before each file: files done, total files, description of the next one.
type Progress = Callable[[int, int, str], None]
#: A file to make: its name, its French description, the function that makes it.
type BundleTask = tuple[str, str, Callable[[], bytes]]
#: File that a feature adds, of a plan and the publications, if they are known.
type AddedFile = Callable[[ExportedPlan, Ledger | None], BundleTask]

ZIP = "zip"
ZIP_MEDIA = "application/zip"


def zip_of_all(
    exported: ExportedPlan,
    progress: Progress = lambda *_: None,
    template: bytes | None = None,
    ledger: Ledger | None = None,
) -> tuple[str, bytes]:
    """Make all files of a plan; return the zip's name and content.

    ``template`` is the deck's: see `geozones.export.deck.pptx`. ``ledger`` has the publications
    that the files of features may show.
    """
    region = dossier(exported, ExportView())
    tasks = list(_tasks(exported, region, template, ledger))
    files = {}
    for rank, (name, about, make) in enumerate(tasks):
        progress(rank, len(tasks), about)
        files[name] = make()
    progress(len(tasks), len(tasks), "terminé")
    files["LISEZ-MOI.txt"] = _readme(region, [(name, about) for name, about, _ in tasks])
    return file_name(region, ZIP).replace("region", "webinaire"), zip_of(
        dict(sorted(files.items())), region.version.date
    )


@dataclass(frozen=True, slots=True)
class ZipRequest:
    """Export of all files; the parameters of `zip_of_all`."""

    subject: ExportedPlan
    template: bytes | None
    ledger: Ledger


type ZipJob = Job[ZipRequest, Steps, ExportedFile]


def zip_job(asked: ZipRequest) -> ZipJob:
    """Return the job that makes the zip of all files; its steps are files."""
    return Job(FILES, make_zip, asked, Steps(0, 1, "le dossier"))


def make_zip(listen: Listener, asked: ZipRequest) -> ExportedFile:
    """Make the zip; raise as `zip_of_all`."""
    return ExportedFile(*zip_of_all(asked.subject, listen, asked.template, asked.ledger))


def _tasks(
    exported: ExportedPlan, region: Dossier, template: bytes | None, ledger: Ledger | None
) -> Iterator[BundleTask]:
    def task(name: str, about: str, key: str, shown: Dossier) -> BundleTask:
        kind = format_of(key)
        own = template if kind.templated else None
        return f"{name}.{kind.extension}", about, lambda: kind.make(shown, "", own)

    yield task("1-diaporama", "le diaporama, à modifier", "pptx", region)
    added: tuple[AddedFile, ...] = feature_list.values("bundled")
    yield from (make(exported, ledger) for make in added)
    yield task("3-carte-interactive", "la carte interactive, sans réseau", "html", region)
    yield task("images/region", f"la carte {terms().territory.of_the}", "png", region)
    yield task("4-document", "le dossier, à lire ou à imprimer", "pdf", region)
    changed = {sector.id for sector in shown_sectors(region)}
    for shown in each_sector(exported):
        if shown.sectors[0].id in changed:
            yield task(f"images/{shown.slug}", f"la carte du {inside(shown.title)}", "png", shown)
    if region.comparison is not None:
        pair = dossier(exported, ExportView("before-after"))
        yield task("images/avant-apres", "les cartes avant et après", "png", pair)
    for sheet in region.sheets:
        if sheet.changes:
            own = sheet.name.removesuffix(f" ({sheet.town})")
            name = f"fiches/{slug(f'{sheet.town} {own}')}.pdf"
            yield name, f"la fiche {of(sheet.name)}", partial(_site_sheet, region, sheet)
    the_sites = f"les {terms().site.plural}"
    yield task("donnees/geozones", f"{the_sites} par secteur, et la matrice", "xlsx", region)
    yield task("donnees/geozones", "les données géographiques, pour un SIG", "gpkg", region)


def _site_sheet(region: Dossier, sheet: SiteSheet) -> bytes:
    """Return the document of one sheet."""
    from geozones.export.pdf import pdf  # noqa: PLC0415 - a page's server never draws
    from geozones.export.reports import sheet_report  # noqa: PLC0415 - likewise

    return pdf(region, sheet_report(region, sheet))


def each_sector(exported: ExportedPlan) -> Iterator[Dossier]:
    """Yield the dossier of each sector with lycées."""
    for sector in exported.plan.sectors:
        if exported.plan.lycees_of(sector.id):
            yield dossier(exported, ExportView("sector", sector.id))


def sector_files(
    exported: ExportedPlan, kind: ExportFormat, size: str, template: bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """Make a format of every sector, one at a time: names and contents."""
    taken: set[str] = set()
    for shown in each_sector(exported):
        name = file_name(shown, kind.extension)
        if name in taken:  # two sectors may differ only by characters that a file name lacks
            name = f"{len(taken) + 1}_{name}"
        taken.add(name)
        yield name, kind.make(shown, size, template)


def _readme(region: Dossier, files: list[tuple[str, str]]) -> bytes:
    lines = [
        region.title,
        "",
        f"Plan : {region.version.full_name}",
        "",
        f"{plural(len(files), 'fichier')} :",
        *(f"- {name} : {about}" for name, about in files),
        "",
        *region.sources,
        "",
    ]
    # the byte order mark and CRLF are for Windows' own editor
    return "\r\n".join(map(typeset, lines)).encode("utf-8-sig")
