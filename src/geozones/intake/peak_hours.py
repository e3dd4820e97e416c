"""Reader of ``heures_de_pointe.json`` of a data folder: the factors of peak hours, by place."""

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from geozones.common.errors import DataFileError
from geozones.domain.peak import PeakArea, PeakFactors, PeakProfile
from geozones.intake.json_files import altered, read_json_object

NAME = "heures_de_pointe.json"
#: Version of the file that this code reads.
VERSION = 1
_REPAIR = "corrigez-le (voir docs/data.md), ou retirez-le pour des durées égales à toute heure"
_MOST = 3.0
_MEASURED = {"mesuré": True, "hypothèse": False}


def read_peak_profile(folder: Path, communes: Collection[str]) -> PeakProfile:
    """Read the peak hours of a data folder; a flat profile without such a file.

    Parameters
    ----------
    communes
        The communes of the region (INSEE codes).

    Raises
    ------
    DataFileError
        If the file cannot be read, names a commune that is not of the region or twice, or has a
        factor that is not a number from 1 to 3.
    """
    if not (folder / NAME).exists():
        return PeakProfile()
    content = read_json_object(folder / NAME, VERSION, _REPAIR)
    try:
        areas = tuple(_area(row) for row in content["agglomerations"])
        elsewhere = _factors("ailleurs", content["ailleurs"])
    except KeyError as error:
        msg = f"il y manque le champ « {error.args[0]} »"
        raise _wrong(msg) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise altered(NAME, error, _REPAIR) from error
    _check_communes(areas, communes)
    return PeakProfile(areas, elsewhere)


def _area(row: Mapping[str, Any]) -> PeakArea:
    name = _text(row["nom"])
    towns = tuple(
        (_text(town["nom"]), frozenset(_text(code) for code in town["communes"]))
        for town in row["villes"]
    )
    return PeakArea(name, _factors(name, row), towns)


def _factors(name: str, row: Mapping[str, Any]) -> PeakFactors:
    origin = row["origine"]
    if origin not in _MEASURED:
        msg = f"l'origine de « {name} » est « {origin} » au lieu de « mesuré » ou « hypothèse »"
        raise _wrong(msg)
    morning, evening = (_factor(name, when, row[when]) for when in ("matin", "soir"))
    return PeakFactors(morning, evening, _MEASURED[origin], _text(row["source"]))


def _factor(name: str, when: str, value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 1 <= float(str(value)) <= _MOST:
        msg = f"le facteur « {when} » de « {name} » est {value!r} au lieu d'un nombre de 1 à 3"
        raise _wrong(msg)
    return float(str(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"{value!r} n'est pas un texte"
        raise TypeError(msg)
    return value


def _check_communes(areas: tuple[PeakArea, ...], communes: Collection[str]) -> None:
    named = Counter(code for area in areas for _, codes in area.towns for code in codes)
    for code, count in sorted(named.items()):
        if code not in communes:
            msg = f"« {code} » n'est le code d'aucune commune du territoire"
            raise _wrong(msg)
        if count > 1:
            msg = f"la commune {code} est dans deux villes"
            raise _wrong(msg)


def _wrong(what: str) -> DataFileError:
    return DataFileError(f"Le fichier de données {NAME} n'est pas valable : {what} ; {_REPAIR}.")
