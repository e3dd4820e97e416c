"""Fields of a list of sites, or of lycées: titles of columns, tests of cells, coordinates, codes.

Coordinates are degrees or Lambert 93, with decimal commas or points, swapped or not. UAI codes are
read, repaired by their key letter, or unreadable.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from math import cos, hypot, radians
from statistics import median

import geopandas as gpd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded, number, plural
from geozones.domain.identifiers import Scheme, is_free_id, is_uai, scheme
from geozones.domain.places import read_coordinates
from geozones.intake.columns import MISSPELT, NUMBER, TableField, TableFields, TitleMatch
from geozones.intake.directory import Directory
from geozones.intake.documents import DocumentLine

#: Characters that an optical reader confuses with a digit, and with a letter.
_DIGITS = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
_LETTERS = {"5": "S", "1": "L", "0": "D", "8": "B", "2": "Z", "I": "L", "|": "L", "O": "D"}
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?")
_SHAPE = re.compile(r"[0-9A-Z|]{7,8}")
_BETWEEN_CODES = re.compile(r"\s*(?:/|;|,|\+|&|\bet\b)\s*", re.IGNORECASE)
_LENGTH = 8
#: Length of a code that lost its first zero, as spreadsheets do to « 0530010Y ».
_SHORTEST = 7
#: Largest edit distance at which an unreadable code is near a known code. A near code confirms a
#: name; it identifies nothing by itself.
MAX_DISTANCE = 2
#: Length at most of a provisional key after the département, and of the digest in a long one.
_LONGEST_KEY, _DIGEST = 60, 8


class CodeReading(StrEnum):
    """Reading of a printed code."""

    NONE = "aucun"
    EXACT = "exact"
    REPAIRED = "réparé"
    UNKNOWN = "inconnu"
    UNREADABLE = "illisible"


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """Printed code, and its reading."""

    printed: str
    reading: CodeReading
    uai: str = ""  # The code that was read; empty if ``reading`` is ``NONE`` or ``UNREADABLE``.
    #: Whether an asterisk follows it, which marks a second site of the establishment.
    star: bool = False
    date: bool = False  # Whether the cell holds a date.


def read_code(printed: str, known: Container[str]) -> PrintedCode:
    """Read a cell as a UAI.

    A code with a correct key letter is taken unchanged; another is repaired if exactly one of
    its possible readings is in ``known``, the codes of the directory. Where ids are free, a code
    is taken as it is.
    """
    if scheme() is Scheme.FREE:
        return _free(printed, known)
    text = printed.strip().strip("'\"").upper()
    star = text.endswith("*")
    bare = _without_punctuation(text)
    if not bare:
        return PrintedCode(printed, CodeReading.NONE)
    if _DATE.fullmatch(text):
        return PrintedCode(printed, CodeReading.UNREADABLE, date=True)
    if is_uai(bare):
        reading = CodeReading.EXACT if bare in known else CodeReading.UNKNOWN
        return PrintedCode(printed, reading, bare, star)
    # the UAIs with a correct key letter that an optical reader may have read as text. Seven
    # characters are also tried with the first zero that a spreadsheet drops
    codes = []
    for whole in (bare, f"0{bare}") if len(bare) == _SHORTEST else (bare,):
        if len(whole) != _LENGTH or not _SHAPE.fullmatch(whole):
            continue
        number = "".join(_DIGITS.get(sign, sign) for sign in whole[:7])
        last = whole[7]
        keys = {last, _LETTERS.get(last, last)}
        codes += [number + key for key in sorted(keys) if number.isdecimal() and key.isalpha()]
    repaired = [code for code in tuple(code for code in codes if is_uai(code)) if code in known]
    if len(repaired) == 1:
        return PrintedCode(printed, CodeReading.REPAIRED, repaired[0], star)
    return PrintedCode(printed, CodeReading.UNREADABLE, star=star)


def _free(printed: str, known: Container[str]) -> PrintedCode:
    text = " ".join(printed.split())
    if not text:
        return PrintedCode(printed, CodeReading.NONE)
    if text in known:
        return PrintedCode(printed, CodeReading.EXACT, text)
    reading = CodeReading.UNKNOWN if is_free_id(text) else CodeReading.UNREADABLE
    return PrintedCode(printed, reading, text if reading is CodeReading.UNKNOWN else "")


def split_codes(printed: str) -> tuple[str, ...]:
    """Return the codes of a cell that may hold several: « 0440062D / 0440063E »."""
    parts = [part for part in _BETWEEN_CODES.split(printed) if part.strip()]
    several = len(parts) > 1 and all(len(part) >= _SHORTEST for part in parts)
    return tuple(parts) if several else (printed,)


def near_codes(printed: str, known: Sequence[str]) -> frozenset[str]:
    """Return the known codes at most `MAX_DISTANCE` edits away from an unreadable one."""
    bare = _without_punctuation(printed.upper())
    if not _SHORTEST - 1 <= len(bare) <= _SHORTEST + 3:
        return frozenset()
    plain = "".join(_DIGITS.get(sign, sign) for sign in bare[:7]) + bare[7:]
    return frozenset(
        code
        for text in dict.fromkeys((bare, plain))
        for code, _, _ in process.extract(
            text, known, scorer=Levenshtein.distance, score_cutoff=MAX_DISTANCE, limit=None
        )
    )


def provisional_key(departement: str, name: str, commune: str) -> str:
    """Return the id of a lycée without a published code: « X53-les-iris-craon »."""
    label = name if folded(commune) in folded(name) else f"{name} {commune}"
    slug = re.sub(r"[^a-z0-9]+", "-", folded(label)).strip("-")
    if len(slug) > _LONGEST_KEY:  # two long names may begin alike
        digest = sha256(slug.encode()).hexdigest()[:_DIGEST]
        slug = f"{slug[: _LONGEST_KEY - _DIGEST - 1].rstrip('-')}-{digest}"
    return f"X{departement}-{slug}"


def _without_punctuation(code: str) -> str:
    return re.sub(r"[\s.\-_*]", "", code)


#: West, south, east and north of a land, in degrees.
type Bounds = tuple[float, float, float, float]

#: Départements overseas, by code; the mainland and Corse under an empty code.
_PARTS: dict[str, Bounds] = {
    "": (-5.3, 41.2, 9.7, 51.2),
    "971": (-61.9, 15.7, -60.9, 16.6),
    "972": (-61.3, 14.3, -60.7, 15.0),
    "973": (-54.7, 2.0, -51.5, 5.9),
    "974": (55.1, -21.5, 55.9, -20.8),
    "976": (45.0, -13.1, 45.4, -12.6),
}
FRANCE = tuple(_PARTS.values())
#: Lambert 93, in metres: least and greatest of x, then of y.
_LAMBERT_X, _LAMBERT_Y = (0, 1_300_000), (6_000_000, 7_200_000)
#: A pair is swapped if it is further than this from the others as written, and nearer swapped.
_FAR_KM, _NEAR_KM = 500.0, 200.0
_KM_PER_DEGREE = 111.2
_COORDINATE = re.compile(r"([+-]?\d[\d\s]*(?:[.,]\d+)?)\s*(?:°|m)?")
_ANGLE = re.compile(r"[NSEWO]?\s*\d{1,3}\s*°\s*\d", re.IGNORECASE)
#: Two numbers with decimals or degrees, as a position in one cell has.
_TWO_NUMBERS = re.compile(r"\d[.,°].*\d[.,°]")


@dataclass(frozen=True, slots=True)
class WrittenPosition:
    """Position of a row as written: the cells of its latitude, its longitude, or of both."""

    line: int
    lat: str = ""
    lon: str = ""
    point: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the row has no coordinates at all."""
        return not (self.lat or self.lon or self.point)


@dataclass(frozen=True)
class ReadPositions:
    """Positions of a list: latitude and longitude (WGS84 degrees) by line.

    ``faults`` says, by line, why coordinates are no position; ``remarks`` are French sentences on
    how the whole list was read.
    """

    points: dict[int, tuple[float, float]]
    faults: dict[int, str]
    remarks: tuple[str, ...]


def is_coordinate(cell: str) -> bool:
    """Return whether a cell holds a number of degrees or of metres, or degrees and minutes."""
    return _COORDINATE.fullmatch(cell) is not None or _ANGLE.match(cell) is not None


def is_point(cell: str) -> bool:
    """Return whether a cell holds a latitude and a longitude."""
    return _TWO_NUMBERS.search(cell) is not None and _typed_pair(cell) is not None


def read_positions(
    written: Sequence[WrittenPosition], lands: Sequence[Bounds] = FRANCE
) -> ReadPositions:
    """Read the coordinates of a list as a whole: other rows settle what is ambiguous in one row.

    Sites are expected on ``lands``: a pair that is there only when swapped was written swapped.
    """
    faults: dict[int, str] = {}
    pairs: dict[int, tuple[float, float]] = {}
    for row in written:
        if row.is_empty:
            continue
        pair = _numbers(row)
        if isinstance(pair, str):
            faults[row.line] = pair
        else:
            pairs[row.line] = pair
    remarks = []
    metres = {line: pair for line, pair in pairs.items() if max(map(abs, pair)) > 180}
    degrees, unknown = _from_lambert(metres)
    faults |= unknown
    if degrees:
        what = plural(len(degrees), "position convertie", "positions converties")
        remarks.append(f"Lambert 93 : {what} en degrés.")
    pairs = {line: pair for line, pair in pairs.items() if line not in metres}
    pairs, swapped = _unswapped(pairs, lands)
    if swapped:
        what = plural(swapped, "ligne remise", "lignes remises")
        remarks.append(f"Latitude et longitude inversées : {what} dans l'ordre.")
    points = pairs | degrees
    for line, point in [*points.items()]:
        lat, lon = point
        if lat == lon == 0:
            fault = "les coordonnées 0 ; 0 ne sont pas une position"
        elif abs(lat) > 90 or abs(lon) > 180:
            fault = f"« {number(lat, 4)} ; {number(lon, 4)} » n'est pas une position"
        else:
            fault = ""
        if fault:
            faults[line] = fault
            del points[line]
    return ReadPositions(dict(sorted(points.items())), faults, tuple(remarks))


def _numbers(row: WrittenPosition) -> tuple[float, float] | str:
    """Return the two numbers of a row, or why there are none."""
    if row.point:
        pair = _typed_pair(row.point)
        return pair or f"« {shortened(row.point, 40)} » n'est pas une latitude et une longitude"
    for what, text in (("latitude", row.lat), ("longitude", row.lon)):
        if not text:
            return f"la {what} manque"
    plain = _number(row.lat), _number(row.lon)
    if plain[0] is not None and plain[1] is not None:
        return plain[0], plain[1]
    pair = _typed_pair(f"{row.lat} {row.lon}")
    return pair or f"« {shortened(f'{row.lat} ; {row.lon}', 40)} » n'est pas une position"


def _typed_pair(text: str) -> tuple[float, float] | None:
    """Return the position written in one text, in any notation of `read_coordinates`."""
    try:
        spot = read_coordinates(text.strip().strip("[]()"))
    except InputError:
        return None
    return spot.lat, spot.lon


def _number(text: str) -> float | None:
    match = _COORDINATE.fullmatch(text)
    return None if match is None else float(re.sub(r"\s", "", match[1]).replace(",", "."))


def _from_lambert(
    metres: dict[int, tuple[float, float]],
) -> tuple[dict[int, tuple[float, float]], dict[int, str]]:
    """Return the degrees of pairs in Lambert 93, whichever is first, and why others have none."""
    found, faults = {}, {}
    for line, (first, second) in metres.items():
        for x, y in ((second, first), (first, second)):
            if _within(x, _LAMBERT_X) and _within(y, _LAMBERT_Y):
                found[line] = (x, y)
                break
        else:
            faults[line] = (
                f"« {number(first)} ; {number(second)} » : ni des degrés (WGS84), ni du Lambert 93"
            )
    if not found:
        return {}, faults
    places = gpd.GeoSeries(gpd.points_from_xy(*zip(*found.values(), strict=True)), crs=2154)
    flat = places.to_crs(4326)
    points = zip(flat.y.round(6), flat.x.round(6), strict=True)
    degrees = {
        line: (float(lat), float(lon)) for line, (lat, lon) in zip(found, points, strict=True)
    }
    return degrees, faults


def _within(value: float, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _unswapped(
    pairs: dict[int, tuple[float, float]], lands: Sequence[Bounds]
) -> tuple[dict[int, tuple[float, float]], int]:
    """Return the pairs as latitude and longitude, and how many were written the other way.

    A pair is swapped if it cannot be a latitude first, or is on a land only when swapped, or is far
    from the others as written and near them swapped. The majority settles what lands leave open.
    """
    swapped = {line: _is_swapped(pair, lands) for line, pair in pairs.items()}
    votes = [vote for vote in swapped.values() if vote is not None]
    default = sum(votes) * 2 > len(votes) if votes else False
    read = {
        line: (pair[1], pair[0]) if (default if swapped[line] is None else swapped[line]) else pair
        for line, pair in pairs.items()
    }
    count = sum(read[line] != pair for line, pair in pairs.items())
    if len(read) < 3:
        return read, count
    middle = (median(lat for lat, _ in read.values()), median(lon for _, lon in read.values()))
    for line, (lat, lon) in read.items():
        far = _km((lat, lon), middle) > _FAR_KM
        if swapped[line] is None and far and _km((lon, lat), middle) < _NEAR_KM:
            read[line] = (lon, lat)
            count += 1
    return read, count


def _is_swapped(pair: tuple[float, float], lands: Iterable[Bounds]) -> bool | None:
    first, second = pair
    if abs(first) > 90:
        return abs(second) <= 90
    as_written = any(_is_on(land, first, second) for land in lands)
    other_way = any(_is_on(land, second, first) for land in lands)
    return None if as_written == other_way else other_way


def part_of_france(lat: float, lon: float) -> str | None:
    """Return the département overseas of a point, empty near the mainland; ``None`` abroad."""
    return next((code for code, land in _PARTS.items() if _is_on(land, lat, lon)), None)


def _is_on(land: Bounds, lat: float, lon: float) -> bool:
    west, south, east, north = land
    return south <= lat <= north and west <= lon <= east


def _km(first: tuple[float, float], second: tuple[float, float]) -> float:
    east = (first[1] - second[1]) * cos(radians((first[0] + second[0]) / 2))
    return _KM_PER_DEGREE * hypot(first[0] - second[0], east)


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
