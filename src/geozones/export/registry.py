"""Registry of formats, in the order of display. A new format is a module and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from geozones.common.errors import InputError
from geozones.export.dossier import Dossier


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """File format of exports.

    Parameters
    ----------
    key
        Its name on the command line.
    label, about
        Its name on screen, and its content, in French.
    extension, media
        The file's extension, and its media type.
    maker
        The module of this room and the function that make it; imported at first use, since
        most commands and pages need none of their libraries.
    sized
        Whether the function also takes the name of a sheet's size.
    tabular
        Whether it is a table: the page Partager then previews its first lines, not the map.
    templated
        Whether the function also takes a template, as bytes.
    lettered
        Whether it uses the typeface of files, which an installation may lack.
    """

    key: str
    label: str
    about: str
    extension: str
    media: str
    maker: tuple[str, str]
    sized: bool = False
    tabular: bool = False
    templated: bool = False
    lettered: bool = False

    def make(self, dossier: Dossier, size: str = "hd", template: bytes | None = None) -> bytes:
        """Make the file of a dossier; ``size`` names a sheet's size, for a picture.

        A ``template`` is for `templated` formats.

        Raises
        ------
        InputError
            If no size has this name; if the template cannot be used, or the format takes none.
        ExportError
            If the file cannot be created.
        """
        module, name = self.maker
        maker: Callable[..., bytes] = getattr(import_module(f"geozones.export.{module}"), name)
        if self.templated:
            return maker(dossier, template)
        if template is not None:
            msg = f"Un modèle ne sert qu'au diaporama, pas à « {self.key} » : ôtez --template."
            raise InputError(msg)
        return maker(dossier, size) if self.sized else maker(dossier)


def check_template(template: bytes) -> None:
    """Raise ``InputError`` if a template cannot be used for a deck; the message says why."""
    # python-pptx is imported only to read a template
    import_module("geozones.export.deck").check_template(template)


_OFFICE = "application/vnd.openxmlformats-officedocument"

REGISTRY: tuple[ExportFormat, ...] = (
    ExportFormat(
        "png",
        "Image PNG",
        "La carte avec titre, légende, échelle, date et sources, prête à projeter ou à insérer.",
        "png",
        "image/png",
        ("pictures", "png_file"),
        sized=True,
        lettered=True,
    ),
    ExportFormat(
        "pdf",
        "Document PDF",
        "Un dossier A4 à lire ou à imprimer : région, une page par secteur, ce qui change, "
        "vigilance, calendrier, sources ; lisible par un lecteur d'écran.",
        "pdf",
        "application/pdf",
        ("document", "report"),
        lettered=True,
    ),
    ExportFormat(
        "atlas",
        "Atlas PDF",
        "Une fiche A4 par secteur et par zone : carte, lycées, chiffres ; index, pages numérotées.",
        "atlas.pdf",
        "application/pdf",
        ("document", "atlas"),
        lettered=True,
    ),
    ExportFormat(
        "carte",
        "Carte PDF",
        "La carte seule en tracé vectoriel : nette à toute taille, texte sélectionnable. C'est une "
        "image pour un lecteur d'écran : le Document PDF décrit la même carte en mots.",
        "carte.pdf",
        "application/pdf",
        ("pictures", "pdf_file"),
        sized=True,
        lettered=True,
    ),
    ExportFormat(
        "svg",
        "Dessin SVG",
        "La même carte en tracé vectoriel, à retoucher dans un logiciel de dessin.",
        "svg",
        "image/svg+xml",
        ("pictures", "svg_file"),
        sized=True,
        lettered=True,
    ),
    ExportFormat(
        "pptx",
        "Diaporama PowerPoint",
        "Une carte et un message par diapositive : région, ce qui change, secteurs, vigilance, "
        "calendrier, décision ; tableaux et textes modifiables, commentaires à dire.",
        "pptx",
        f"{_OFFICE}.presentationml.presentation",
        ("deck", "pptx"),
        templated=True,
        lettered=True,
    ),
    ExportFormat(
        "html",
        "Page web autonome",
        "La carte interactive en un seul fichier, qui s'ouvre sans réseau, depuis une clé USB.",
        "html",
        "text/html",
        ("html", "page"),
    ),
    ExportFormat(
        "xlsx",
        "Classeur Excel",
        "Une feuille par secteur et la matrice des trajets, avec filtres.",
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        ("workbook", "xlsx"),
        tabular=True,
    ),
    ExportFormat(
        "csv",
        "Tableau CSV",
        "Une ligne par lycée : UAI, commune, zone, secteur, minutes.",
        "csv",
        "text/csv",
        ("csv_file", "csv_bytes"),
        tabular=True,
    ),
    ExportFormat(
        "geojson",
        "GeoJSON",
        "Secteurs, zones, cellules et lycées avec leurs attributs, pour un SIG ou le web.",
        "geojson",
        "application/geo+json",
        ("geo", "geojson"),
    ),
    ExportFormat(
        "gpkg",
        "GeoPackage",
        "Les mêmes en couches séparées, pour QGIS.",
        "gpkg",
        "application/geopackage+sqlite3",
        ("geo", "geopackage"),
    ),
)
_BY_KEY = {record.key: record for record in REGISTRY}


def format_of(key: str) -> ExportFormat:
    """Return a format by key.

    Raises
    ------
    InputError
        If no format has this key.
    """
    if key not in _BY_KEY:
        msg = f"Le format « {key[:40]} » n'existe pas : choisissez {', '.join(_BY_KEY)} ou zip."
        raise InputError(msg)
    return _BY_KEY[key]


def file_name(dossier: Dossier, extension: str, size: str = "") -> str:
    """Return a file name with the content and the version of the plan."""
    parts = ["geozones", dossier.slug, dossier.version.slug, *([size] if size else [])]
    return f"{'_'.join(parts)}.{extension}"
