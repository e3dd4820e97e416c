"""Ids of sites, UAI codes, codes of départements, and areas of France.

A network of schools has UAI codes; another network has ids of its own, of 1 to 64 characters.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from geozones.common.french import folded

_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_UAI = re.compile(r"([0-9]{7})([A-Z])")
_PROVISIONAL = re.compile(r"X(?:[0-9]{2}|2[AB]|97[0-9])-[a-z0-9-]+")


def uai_key(number: str) -> str:
    """Return the key letter of a seven-digit UAI number.

    The rule of the Répertoire national des établissements: the 23 letters without I, O and Q,
    taken at the number modulo 23.
    """
    return _KEYS[int(number) % len(_KEYS)]


def is_uai(code: str) -> bool:
    """Return whether ``code`` is seven digits followed by their key letter."""
    match = _UAI.fullmatch(code)
    return match is not None and uai_key(match[1]) == match[2]


def is_provisional(code: str) -> bool:
    """Return whether ``code`` is the key of a lycée without a published code: ``X44-…``."""
    return _PROVISIONAL.fullmatch(code) is not None


#: Longest free id, in characters.
MAX_ID_LENGTH = 64
#: Beginning of the id of a commune among places: no id of a site may begin so.
_COMMUNE = "commune:"


def commune_place(code: str) -> str:
    """Return the id of a commune (INSEE code) among places: ``commune:CODE``."""
    return _COMMUNE + code


def commune_code(place: str) -> str | None:
    """Return the INSEE code of a commune's id among places; ``None`` for another place."""
    return place.removeprefix(_COMMUNE) if place.startswith(_COMMUNE) else None


class Scheme(StrEnum):
    """Form of the ids of sites, by the word that a data folder writes."""

    UAI = "UAI"
    FREE = "libre"


_in_use = Scheme.UAI


def use_scheme(given: Scheme) -> None:
    """Set the scheme of ids for the whole process: when a data folder is opened."""
    global _in_use  # noqa: PLW0603 - one network a process, as one data folder
    _in_use = given


def scheme() -> Scheme:
    """Return the scheme of ids of the network of this process."""
    return _in_use


def is_valid_id(code: str) -> bool:
    """Return whether ``code`` can identify a site: a UAI or a provisional key, else a free id."""
    if _in_use is Scheme.UAI:
        return is_uai(code) or is_provisional(code)
    return is_free_id(code)


def is_temporary(code: str) -> bool:
    """Return whether a valid id is a provisional key, for a school without a published code."""
    return _in_use is Scheme.UAI and is_provisional(code)


def is_code(code: str) -> bool:
    """Return whether ``code`` can be a code that a directory gives, not a provisional key."""
    return is_uai(code) if _in_use is Scheme.UAI else is_free_id(code)


def is_free_id(code: str) -> bool:
    """Return whether ``code`` is 1 to 64 printable characters, fit for a link and a command.

    It has no slash or backslash, no space at either end, no hyphen at the start, which commands
    take for an option, and does not start like the id of a commune (``commune:``).
    """
    return (
        0 < len(code) <= MAX_ID_LENGTH
        and code.isprintable()
        and code == code.strip()
        and not any(sign in code for sign in "/\\")
        and not code.startswith(("-", _COMMUNE))
    )


def id_form() -> str:
    """Describe the form of an id in French, to end a sentence or stand between brackets."""
    if _in_use is Scheme.UAI:
        return "7 chiffres et une lettre"
    return f"1 à {MAX_ID_LENGTH} caractères, sans barre oblique"


#: Corse as postcodes and UAI codes write it: they have no letter.
_CORSE_POSTCODES = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
_CORSE_UAIS = {"620": "2A", "720": "2B"}
_OVERSEAS = ("97", "98")
_NAMES = {
    "01": "Ain", "02": "Aisne", "03": "Allier", "04": "Alpes-de-Haute-Provence",
    "05": "Hautes-Alpes", "06": "Alpes-Maritimes", "07": "Ardèche", "08": "Ardennes",
    "09": "Ariège", "10": "Aube", "11": "Aude", "12": "Aveyron", "13": "Bouches-du-Rhône",
    "14": "Calvados", "15": "Cantal", "16": "Charente", "17": "Charente-Maritime", "18": "Cher",
    "19": "Corrèze", "21": "Côte-d'Or", "22": "Côtes-d'Armor", "23": "Creuse", "24": "Dordogne",
    "25": "Doubs", "26": "Drôme", "27": "Eure", "28": "Eure-et-Loir", "29": "Finistère",
    "2A": "Corse-du-Sud", "2B": "Haute-Corse", "30": "Gard", "31": "Haute-Garonne", "32": "Gers",
    "33": "Gironde", "34": "Hérault", "35": "Ille-et-Vilaine", "36": "Indre",
    "37": "Indre-et-Loire", "38": "Isère", "39": "Jura", "40": "Landes", "41": "Loir-et-Cher",
    "42": "Loire", "43": "Haute-Loire", "44": "Loire-Atlantique", "45": "Loiret", "46": "Lot",
    "47": "Lot-et-Garonne", "48": "Lozère", "49": "Maine-et-Loire", "50": "Manche", "51": "Marne",
    "52": "Haute-Marne", "53": "Mayenne", "54": "Meurthe-et-Moselle", "55": "Meuse",
    "56": "Morbihan", "57": "Moselle", "58": "Nièvre", "59": "Nord", "60": "Oise", "61": "Orne",
    "62": "Pas-de-Calais", "63": "Puy-de-Dôme", "64": "Pyrénées-Atlantiques",
    "65": "Hautes-Pyrénées", "66": "Pyrénées-Orientales", "67": "Bas-Rhin", "68": "Haut-Rhin",
    "69": "Rhône", "70": "Haute-Saône", "71": "Saône-et-Loire", "72": "Sarthe", "73": "Savoie",
    "74": "Haute-Savoie", "75": "Paris", "76": "Seine-Maritime", "77": "Seine-et-Marne",
    "78": "Yvelines", "79": "Deux-Sèvres", "80": "Somme", "81": "Tarn", "82": "Tarn-et-Garonne",
    "83": "Var", "84": "Vaucluse", "85": "Vendée", "86": "Vienne", "87": "Haute-Vienne",
    "88": "Vosges", "89": "Yonne", "90": "Territoire de Belfort", "91": "Essonne",
    "92": "Hauts-de-Seine", "93": "Seine-Saint-Denis", "94": "Val-de-Marne", "95": "Val-d'Oise",
    "971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion",
    "976": "Mayotte",
}  # fmt: skip
_CODE_BY_NAME = {folded(name): code for code, name in _NAMES.items()}
_CODE = re.compile(r"(?!00)[0-9]{2}|2[AB]|9[78][0-9]")


def departement_code(text: str) -> str:
    """Return a département as files write it, in its usual form; unchanged if it is none.

    « 1 » and « 001 » are 01, « 2a » and « 02A » 2A, « 0974 » 974.
    """
    code = text.strip().upper()
    short = code[1:] if code.startswith("0") and len(code) > 2 else code.zfill(2)
    return short if _CODE.fullmatch(short) else text


def departement_of_insee(insee: str) -> str:
    """Return the département of a commune by its INSEE code: 44 of 44109, 974 of 97411."""
    return insee[:3] if insee.startswith(_OVERSEAS) else insee[:2]


def departement_of_postcode(postcode: str) -> str:
    """Return the département of a postcode, CEDEX or not; empty if it is empty."""
    return _CORSE_POSTCODES.get(postcode[:3]) or departement_of_insee(postcode)


def departement_of_uai(uai: str) -> str:
    """Return the département of a UAI: 44 of 0440001M, 2A of 6200001G, 974 of 9740001A."""
    academy = uai[:3]
    return _CORSE_UAIS.get(academy) or (academy.removeprefix("0"))


def departement_named(text: str) -> str:
    """Return the code of a département written by its name or its code, as `departement_code`."""
    return _CODE_BY_NAME.get(folded(text)) or departement_code(text)


def departement_name(code: str) -> str:
    """Return the name of a département by its code; the code itself if it is none of France."""
    return _NAMES.get(code, code)


class AreaKind(StrEnum):
    """Kind of an area, by its French word."""

    REGION = "région"
    DEPARTEMENT = "département"
    EPCI = "intercommunalité"


@dataclass(frozen=True, slots=True)
class KnownArea:
    """Région, département or intercommunalité (EPCI)."""

    kind: AreaKind  # Code of INSEE, or SIREN of an EPCI; the name in full.
    code: str
    name: str
    departements: tuple[str, ...]  # Codes of the départements that its communes are in.
    communes: int  # Number of communes, and of lycées in the data of France.
    lycees: int

    @property
    def label(self) -> str:
        """Name with its kind, code or départements: « Ille-et-Vilaine (35) »."""
        match self.kind:
            case AreaKind.REGION:
                return f"{self.name} (région)"
            case AreaKind.DEPARTEMENT:
                return f"{self.name} ({self.code})"
        return f"{self.name} ({', '.join(self.departements)})"


@dataclass(frozen=True, slots=True)
class RoadExtract:
    """OpenStreetMap extract of a service: file name, address, size and the day of that size (ISO).

    ``size`` is in bytes, ``None`` if unknown.
    """

    file: str
    name: str
    address: str
    size: int | None
    sized_on: str
