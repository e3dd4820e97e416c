"""JSON files of the data folder: their reader, organisation, school calendar."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary, why
from geozones.domain.organisation import (
    EscalationStep,
    Organisation,
    Quote,
    QuoteCard,
    QuoteChapter,
    StaffRole,
)
from geozones.domain.school_calendar import NO_CALENDAR, Period, SchoolCalendar, SchoolYear
from geozones.intake.manifest_file import ORGANISATION


def read_json_object(
    path: Path, version: int | None, repair: str, name: str = ""
) -> dict[str, Any]:
    """Return the JSON object that a data file holds.

    ``version`` is required of its field of that name (``None``: no such field); ``repair`` ends the
    French sentence on a fault; ``name`` stands for the file's in messages.
    """
    name = name or path.name
    try:
        content = json.loads(ordinary(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataFileError(
            f"Il manque le fichier {name} dans le dossier {path.parent} : {repair}."
        ) from None
    except OSError as error:
        raise DataFileError(
            f"Le fichier de données {name} ne peut pas être lu : {why(error)}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataFileError(
            f"Le fichier de données {name} est tronqué ou altéré : {repair}."
        ) from error
    if not isinstance(content, dict):
        raise DataFileError(f"Le fichier de données {name} n'a pas la forme attendue : {repair}.")
    if version is not None and content.get("version") != version:
        raise DataFileError(
            f"Le fichier de données {name} est d'une autre version que {version} : {repair}."
        )
    return content


def altered(name: str, error: Exception, repair: str) -> DataFileError:
    """Return the error to raise for a missing value, or one of the wrong type, in a data file."""
    return DataFileError(f"Le fichier de données {name} est altéré ({error}) : {repair}.")


def as_text(value: object) -> str:
    """Return a value that is a text; raise ``TypeError``, as `altered` words it, for another."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} n'est pas un texte")
    return value


class _InvalidContentError(Exception):
    """What is not valid in a data file, in French: the middle of a sentence."""


@contextmanager
def _checked(name: str, repair: str) -> Iterator[None]:
    """Raise the faults of a file's content as ``DataFileError``, with its name and its repair."""
    try:
        yield
    except (_InvalidContentError, KeyError) as error:
        what = error.args[0]
        if isinstance(error, KeyError):
            what = f"il y manque le champ « {what} »"
        raise DataFileError(
            f"Le fichier de données {name} n'est pas valable : {what} ; {repair}."
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise altered(name, error, repair) from error


#: Version of the file that this code reads.
VERSION = 1
_ORGANISATION_REPAIR = (
    "corrigez-le (voir docs/data.md), ou retirez-le pour ne pas montrer l'organisation"
)


def read_organisation(folder: Path) -> Organisation | None:
    """Read the organisation of a data folder; ``None`` without such a file."""
    if not (folder / ORGANISATION).exists():
        return None
    content = read_json_object(folder / ORGANISATION, VERSION, _ORGANISATION_REPAIR)
    with _checked(ORGANISATION, _ORGANISATION_REPAIR):
        source, work = content["source"], content["travail"]
        organisation = Organisation(
            author=_text(source["auteur"]),
            date=date.fromisoformat(source["date"]).isoformat(),
            chapters=tuple(
                QuoteChapter(_text(row["id"]), _text(row["titre"]), _cards(row["fiches"]))
                for row in content.get("chapitres", ())
            ),
            principles=_quotes(content["principes"]),
            roles=tuple(_role(row) for row in content["roles"]),
            escalation=tuple(
                EscalationStep(_text(row["niveaux"]), _text(row["role"]), _quote(row["dit"]))
                for row in content["escalade"]
            ),
            work_title=_text(work["titre"]),
            work=_cards(work["regles"]),
            occasion=_text(source.get("presentation", ""), empty=True),
        )
        counted = Counter(role.id for role in organisation.roles)
        chapters = Counter(chapter.id for chapter in organisation.chapters)
        for what, counts in (("le rôle", counted), ("le chapitre", chapters)):
            for name, count in counts.items():
                if count > 1:
                    raise _InvalidContentError(f"{what} « {name} » y est deux fois")
        for level in organisation.escalation:
            if level.role not in counted:
                raise _InvalidContentError(
                    f"l'escalade appelle « {level.role} », qui n'est aucun rôle"
                )
    return organisation


def _cards(rows: list[Mapping[str, Any]]) -> tuple[QuoteCard, ...]:
    return tuple(
        QuoteCard(
            _text(row["nom"]), _quotes(row["dit"]), _text(row.get("precision", ""), empty=True)
        )
        for row in rows
    )


def _role(row: Mapping[str, Any]) -> StaffRole:
    short, count = (_text(row.get(name, ""), empty=True) for name in ("sigle", "effectif"))
    return StaffRole(_text(row["id"]), _text(row["nom"]), short, count, _quotes(row["dit"]))


def _quotes(rows: list[Mapping[str, Any]]) -> tuple[Quote, ...]:
    return tuple(_quote(row) for row in rows)


def _quote(row: Mapping[str, Any]) -> Quote:
    reading, label = (_text(row.get(name, ""), empty=True) for name in ("lecture", "libelle"))
    return Quote(_text(row["texte"]), _text(row["source"]), reading, label)


def _text(value: object, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (empty or value.strip()):
        raise TypeError(f"{value!r} n'est pas un texte")
    return value


SCHOOL_CALENDAR = "calendrier_scolaire.json"
_SCHOOL_REPAIR = (
    "corrigez-le (voir docs/data.md), ou retirez-le pour compter les vacances scolaires"
)


def read_school_calendar(folder: Path) -> SchoolCalendar:
    """Read the school calendar of a data folder; one without any year if there is no such file.

    A file that cannot be read, or whose days are not in order, raises ``DataFileError``.
    """
    if not (folder / SCHOOL_CALENDAR).exists():
        return NO_CALENDAR
    content = read_json_object(folder / SCHOOL_CALENDAR, VERSION, _SCHOOL_REPAIR)
    with _checked(SCHOOL_CALENDAR, _SCHOOL_REPAIR):
        years = tuple(
            SchoolYear(
                _period(row["du"], row["au"]), tuple(_period(*pair) for pair in row["vacances"])
            )
            for row in content["annees"]
        )
        calendar = SchoolCalendar(as_text(content["zone"]), years)
        _check_order([year.days for year in years])
        for year in years:
            _check_order([*year.holidays])
    return calendar


def _period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def _check_order(periods: list[Period]) -> None:
    days = [day for period in periods for day in (period.first, period.last)]
    if days != sorted(days):
        raise _InvalidContentError("ses dates ne se suivent pas")
