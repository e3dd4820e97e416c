"""Fields of a list of sites, or of lycées: titles of their columns, and tests of their cells."""

import re
from collections.abc import Mapping
from dataclasses import replace

from geozones.common.french import folded
from geozones.domain.identifiers import is_uai
from geozones.intake.columns import MISSPELT, NUMBER, TableField, TableFields, TitleMatch
from geozones.intake.directory import Directory
from geozones.intake.documents import DocumentLine
from geozones.intake.site_positions import is_coordinate, is_point
from geozones.intake.uai_codes import CodeReading, read_code


def _is_count(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell))


def _is_postcode(cell: str) -> bool:
    return cell.isdecimal() and len(cell) in {4, 5}


def _has_decimals(cell: str) -> bool:
    """Return whether a cell is a coordinate with decimals, as degrees have."""
    return re.search(r"\d[.,]\d{2,}", cell) is not None and is_coordinate(cell)


SITE_FIELDS = TableFields({
    "name": TableField(
        "nom",
        (
            "nom du lycee", "nom", "etablissement", "nom etablissement", "nom de l etablissement",
            "nom lycee", "libelle", "denomination", "nom publie", "appellation officielle",
            "nom d usage", "agence", "bureau", "college", "nom du site", "nom de l agence",
            "nom du bureau", "nom du college", "nom du service", "intitule", "enseigne", "name",
            "raison sociale", "nom complet",
        ),
        vague=("lycee", "lycees", "site", "service", "lieu"),
        heads=("nom",),
        label="Nom {of_the_site}",
        beside_titles=True,
        is_name=True,
    ),
    "code": TableField(
        "code",
        (
            "uai", "rne", "code uai", "code rne", "numero uai", "n uai", "n rne", "uai rne",
            "code etablissement", "numero etablissement", "identifiant de l etablissement",
            "code uai rne", "uai etablissement", "code agence", "code site", "code bureau",
            "code service", "id site", "identifiant unique", "matricule",
        ),
        vague=("id", "identifiant", "code", "reference", "ref", "numero", "siret"),
        label="Code {of_the_site}",
    ),
    "point": TableField(
        "point",
        (
            "coordonnees", "geo point 2d", "geo point", "geopoint", "coordonnees gps", "gps",
            "latlon", "lat lon", "latitude longitude", "geolocalisation", "localisation gps",
        ),
        vague=("position",),
        label="Latitude et longitude, dans une même colonne",
        fits=is_point,
        tells=is_point,
        beside_titles=True,
        unless=("lat", "lon"),
    ),
    "lat": TableField(
        "latitude",
        (
            "latitude", "lat", "latitude wgs84", "lat wgs84", "coordonnee y", "y wgs84",
            "y lambert 93", "lambert y", "y l93", "latitude y",
        ),
        vague=("y", "coord y", "coordy", "coordy origine", "northing"),
        heads=("latitude",),
        label="Latitude",
        fits=is_coordinate,
        tells=_has_decimals,
        beside_titles=True,
        unless=("point", "lon"),
    ),
    "lon": TableField(
        "longitude",
        (
            "longitude", "lon", "lng", "long", "longitude wgs84", "lon wgs84", "coordonnee x",
            "x wgs84", "x lambert 93", "lambert x", "x l93", "longitude x",
        ),
        vague=("x", "coord x", "coordx", "coordx origine", "easting"),
        heads=("longitude",),
        label="Longitude",
        fits=is_coordinate,
        tells=_has_decimals,
        beside_titles=True,
        unless=("point", "lat"),
    ),
    "address": TableField(
        "adresse",
        (
            "adresse", "adresse 1", "rue", "voie", "adresse postale", "adresse complete",
            "address", "adresse ligne 1",
        ),
        heads=("adresse",),
        label="Adresse",
    ),
    "postcode": TableField(
        "code_postal",
        ("code postal", "cp", "postal", "codepostal", "postcode", "zip"),
        heads=("code postal",),
        label="Code postal",
        # a column with a title that nobody knows may hold other numbers of five digits
        tells=_is_postcode,
    ),
    "commune": TableField(
        "commune",
        (
            "ville", "commune", "localite", "nom commune", "nom de la commune",
            "libelle commune", "city", "municipalite", "town", "kunta",
        ),
        heads=("nom de la commune", "nom commune", "commune", "ville"),
        label="Commune",
    ),
    "insee": TableField(
        "insee",
        (
            "code insee", "insee", "code commune", "code insee commune", "insee com", "codgeo",
            "code geographique", "code commune insee", "codecommune",
        ),
        vague=("com",),
        heads=("code insee",),
        label="Code INSEE de la commune",
    ),
    "departement": TableField(
        "departement",
        ("dpt", "dept", "dep", "departement", "code departement", "n departement"),
        label="Département",
    ),
    "zone": TableField(
        "zone",
        (
            "zone", "zone de continuite", "zone de continuite de service", "nom de la zone",
            "bassin", "bassin de continuite", "bassin de continuite de service", "nom zone",
            "code zone",
        ),
        heads=("zone",),
        label="Zone",
    ),
    "sector": TableField(
        "secteur",
        (
            "secteur", "secteur rns", "nom du secteur", "nom secteur", "code secteur", "sector",
        ),
        heads=("secteur",),
        label="Secteur",
    ),
    "size": TableField(
        "taille",
        (
            "eleves", "nombre d eleves", "nb eleves", "effectif", "effectifs", "postes",
            "nombre de postes", "nb postes", "tickets", "nombre d agents", "nb agents", "taille",
            "size",
        ),
        vague=("agents",),
        heads=("nombre d", "nb ", "effectif", "eleves ", "total eleves"),
        label="Taille ({sizes})",
        fits=_is_count,
    ),
    "kind": TableField(
        "type",
        (
            "type", "categorie", "type etablissement", "type d etablissement", "type de site",
            "kind", "type de lycee",
        ),
        vague=("nature",),
        heads=("type",),
        label="Type",
    ),
})  # fmt: skip

#: Fields of a list of lycées and zones, in the order of the page that corrects them. In a text, a
#: title cut short (« Nom d ») is not taken for a whole one.
LYCEE_FIELDS = TableFields({
    key: replace(SITE_FIELDS[key], heads=(), beside_titles=False)
    for key in (
        "departement", "code", "name", "commune", "address", "postcode", "insee", "sector", "zone",
        "lat", "lon",
    )
})  # fmt: skip

LYCEE_FIELDS["code"] = replace(LYCEE_FIELDS["code"], label="{Code}")

#: This number of usual titles makes a header, however many other columns there are.
_ENOUGH = 4


def names_sites(line: DocumentLine, named: Mapping[str, TitleMatch]) -> bool:
    """Return whether a line that names some fields is the line of titles of a list of sites.

    It holds no number, and a row with one cell that is also a title (a site named « Le Bureau »)
    is none.
    """
    has_number = any(NUMBER.fullmatch(cell) for cell in line.filled)
    is_usual = any(match.confidence > MISSPELT for match in named.values())
    return not has_number and is_usual and len(named) >= (1 if len(line.filled) == 1 else 2)


def names_lycees(line: DocumentLine, named: Mapping[str, TitleMatch]) -> bool:
    """Return whether a line that names some fields is the line of titles of a list of lycées.

    It names two fields at least, one of them the code or the name, and these are half of its
    titles, unless enough are exactly the usual ones. A row is never a header, even for a lycée
    named « Nature », which is close to a usual title.
    """
    if any(is_uai(cell.upper()) for cell in line.filled):
        return False
    if len(named) < 2 or named.keys().isdisjoint({"code", "name"}):
        return False
    exact = {key for key, match in named.items() if match.confidence > MISSPELT}
    sure = len(exact) >= _ENOUGH or {"code", "name"} <= exact
    return sure or len(named) * 2 >= len(line.filled)


def is_header(line: DocumentLine) -> bool:
    """Return whether a line is the line of titles of a list of lycées."""
    return names_lycees(line, LYCEE_FIELDS.named_by(line))


def fields_in(directory: Directory) -> TableFields:
    """Return the fields of a list of lycées, of which a directory knows codes and communes."""
    unread = {CodeReading.NONE, CodeReading.UNREADABLE}
    tests = {
        "code": lambda cell: read_code(cell, directory.by_code).reading not in unread,
        "departement": lambda cell: cell in directory.departements,
        "commune": lambda cell: folded(cell) in directory.communes_by_name,
    }
    return TableFields(
        LYCEE_FIELDS | {key: replace(LYCEE_FIELDS[key], tells=test) for key, test in tests.items()}
    )
