"""Reader of ``organisation.json`` of a data folder: the organisation in the source document."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from geozones.common.errors import DataFileError
from geozones.domain.organisation import (
    EscalationStep,
    Organisation,
    Quote,
    QuoteCard,
    QuoteChapter,
    StaffRole,
)
from geozones.intake.json_files import altered, read_json_object

NAME = "organisation.json"
#: Version of the file that this code reads.
VERSION = 1
_REPAIR = "corrigez-le (voir docs/data.md), ou retirez-le pour ne pas montrer l'organisation"


def read_organisation(folder: Path) -> Organisation | None:
    """Read the organisation of a data folder; ``None`` without such a file.

    Raises
    ------
    DataFileError
        If the file cannot be read, has an empty text or a quote without its source, or names a role
        that it lacks.
    """
    if not (folder / NAME).exists():
        return None
    content = read_json_object(folder / NAME, VERSION, _REPAIR)
    try:
        organisation = _organisation(content)
    except KeyError as error:
        msg = f"il y manque le champ « {error.args[0]} »"
        raise _wrong(msg) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise altered(NAME, error, _REPAIR) from error
    _check_names(organisation)
    return organisation


def _organisation(content: Mapping[str, Any]) -> Organisation:
    source, work = content["source"], content["travail"]
    return Organisation(
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
        msg = f"{value!r} n'est pas un texte"
        raise TypeError(msg)
    return value


def _check_names(organisation: Organisation) -> None:
    counted = Counter(role.id for role in organisation.roles)
    chapters = Counter(chapter.id for chapter in organisation.chapters)
    for what, counts in (("le rôle", counted), ("le chapitre", chapters)):
        for name, count in counts.items():
            if count > 1:
                msg = f"{what} « {name} » y est deux fois"
                raise _wrong(msg)
    for level in organisation.escalation:
        if level.role not in counted:
            msg = f"l'escalade appelle « {level.role} », qui n'est aucun rôle"
            raise _wrong(msg)


def _wrong(what: str) -> DataFileError:
    return DataFileError(f"Le fichier de données {NAME} n'est pas valable : {what} ; {_REPAIR}.")
