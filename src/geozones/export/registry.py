"""Registry of formats, in the order of display. A new format is a module and a line here."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from pkgutil import resolve_name

from geozones.common.errors import InputError
from geozones.common.french import listing
from geozones.domain.terms import Worded
from geozones.export.dossier import Dossier


@dataclass(frozen=True)
class ExportFormat:
    """File format of exports."""

    key: str  # Its name on the command line.
    label: str  # Its name on screen, in French.
    extension: str  # The file's extension, and its media type.
    media: str
    #: The module of this room and the function that make it, ``module:function``; imported at first
    #: use, since most commands and pages need none of their libraries.
    maker: str
    _: KW_ONLY
    about: Worded = Worded()  # Its content, in French.
    #: Names of the sheet's sizes, or of what to have, the first by default, if the function also
    #: takes one.
    sizes: tuple[str, ...] = ()
    on_page: bool = True  # Whether the page Partager offers it, beside the command line.
    #: Whether it is a table: the page Partager then previews its first lines, not the map.
    tabular: bool = False
    templated: bool = False  # Whether the function also takes a template, as bytes.
    lettered: bool = False  # Whether it uses the typeface of files, which an installation may lack.

    @property
    def named(self) -> str:
        """Its name on screen, with the end of the file's name: ``Image PNG (.png)``."""
        return f"{self.label} (.{self.extension.rpartition('.')[2]})"

    def make(self, dossier: Dossier, size: str = "", template: bytes | None = None) -> bytes:
        """Make the file of a dossier; ``size`` is one of `sizes`, "" for the first of them.

        A ``template`` is for `templated` formats.
        """
        if size and self.sizes and size not in self.sizes:
            raise InputError(
                f"La taille « {size[:20]} » n'existe pas pour « {self.key} » : choisissez "
                f"{listing(self.sizes, 'ou')}."
            )
        maker: Callable[..., bytes] = resolve_name(f"geozones.export.{self.maker}")
        if self.templated:
            return maker(dossier, template)
        if template is not None:
            raise InputError(
                f"Un modèle ne sert qu'au diaporama, pas à « {self.key} » : ôtez --template."
            )
        return maker(dossier, size or self.sizes[0]) if self.sizes else maker(dossier)


def check_template(template: bytes) -> None:
    """Raise ``InputError`` if a template cannot be used for a deck; the message says why."""
    # python-pptx is imported only to read a template
    resolve_name("geozones.export.deck:check_template")(template)


_OFFICE = "application/vnd.openxmlformats-officedocument"

REGISTRY: tuple[ExportFormat, ...] = (
    ExportFormat(
        "png",
        "Image PNG",
        "png",
        "image/png",
        "pictures:png_file",
        about=(
            "La carte avec titre, légende, échelle, date et sources, prête à projeter ou à insérer."
        ),
        sizes=("hd", "4k", "a4", "a3"),
        lettered=True,
    ),
    ExportFormat(
        "pdf",
        "Document PDF",
        "pdf",
        "application/pdf",
        "pdf:report",
        about=(
            "Un dossier à imprimer en A4 ou en A3 : cartes, {sites}, changements, vigilance, "
            "sources. Un lecteur d'écran le lit."
        ),
        sizes=("a4", "a3"),
        lettered=True,
    ),
    ExportFormat(
        "pptx",
        "Diaporama PowerPoint",
        "pptx",
        f"{_OFFICE}.presentationml.presentation",
        "deck:pptx",
        about=(
            "Une carte et un message par diapositive. Tableaux et textes se modifient ; les notes "
            "donnent ce qu'il y a à dire."
        ),
        templated=True,
        lettered=True,
    ),
    ExportFormat(
        "xlsx",
        "Classeur Excel",
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        "xlsx:xlsx",
        about="Une feuille par secteur et la matrice des trajets, avec filtres.",
        tabular=True,
    ),
    ExportFormat(
        "html",
        "Page web autonome",
        "html",
        "text/html",
        "html:page",
        about=(
            "La carte interactive en un seul fichier, qui s'ouvre sans réseau, depuis une clé USB."
        ),
    ),
    ExportFormat(
        "gpkg",
        "GeoPackage",
        "gpkg",
        "application/geopackage+sqlite3",
        "geo:geopackage",
        about="Secteurs, zones, cellules et {sites} avec leurs attributs, en couches, pour QGIS.",
    ),
    ExportFormat(
        "csv",
        "Tableau CSV",
        "csv",
        "text/csv",
        "attributes:csv_bytes",
        about="Une ligne par {site} : {short_code}, commune, zone, secteur, minutes.",
        tabular=True,
        on_page=False,
    ),
    ExportFormat(
        "geojson",
        "GeoJSON",
        "geojson",
        "application/geo+json",
        "geo:geojson",
        about="Secteurs, zones, cellules et {sites} avec leurs attributs, pour un SIG ou le web.",
        on_page=False,
    ),
    ExportFormat(
        "fiches",
        "Fiches individuelles PDF",
        "fiches.pdf",
        "application/pdf",
        "pdf:site_sheets",
        about=(
            "Une page par {site} pour qui le plan change quelque chose, ou pour tous : zone, "
            "jours de présence, qui vient en cas d'absence."
        ),
        sizes=("changements", "toutes"),
        on_page=False,
        lettered=True,
    ),
)
#: Former formats, and the format to use instead.
REPLACED = {"svg": "pdf", "carte": "pdf", "atlas": "pdf"}
_BY_KEY = {record.key: record for record in REGISTRY}


def format_of(key: str) -> ExportFormat:
    """Return a format by key; raise ``InputError`` for one that is unknown or was replaced."""
    if key in REPLACED:
        raise InputError(f"Le format « {key} » est remplacé par « {REPLACED[key]} ».")
    if key not in _BY_KEY:
        raise InputError(
            f"Le format « {key[:40]} » n'existe pas : choisissez {', '.join(_BY_KEY)} ou zip."
        )
    return _BY_KEY[key]


def file_name(dossier: Dossier, extension: str, size: str = "") -> str:
    """Return a file name with the content and the version of the plan."""
    parts = ["geozones", dossier.slug, dossier.version.slug, *([size] if size else [])]
    return f"{'_'.join(parts)}.{extension}"
