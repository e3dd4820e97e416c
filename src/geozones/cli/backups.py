"""« scenarios backup » and « scenarios verify »: backups of the whole store."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

from geozones.cli.answers import Answer, local_clock
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, between, option
from geozones.cli.repeated import repeat, start_service_log
from geozones.cli.reply import Reply
from geozones.cli.scenarios import counted, written_text
from geozones.common.french import plural
from geozones.workspace.scenarios.backups import backup_into
from geozones.workspace.scenarios.stores import open_store, verify_backup
from geozones.workspace.scenarios.verified import note_verified


def backup(
    file: Annotated[
        Path, argument("FICHIER", "le fichier à écrire ; avec --keep ou --every, un dossier")
    ],
    /,
    *,
    keep: Annotated[
        int | None,
        option("N", "dans un dossier : garder les N dernières", check=between(1, 10_000)),
    ] = None,
    every: Annotated[
        float | None,
        option(
            "HEURES", "dans un dossier : recommencer, jusqu'à l'arrêt", check=between(0.01, 744)
        ),
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply | int:
    """Back up the whole store to a file, or to a new file of a folder."""
    if every is not None:
        return _again(file, keep, every * 3600, common)
    study = common.study()
    if keep is not None:
        return common.reply(study, _into(file, keep), _into_text)
    with closing(open_store()) as store:
        done = store.backup(file)
    note_verified(done, local_clock())
    return common.reply(study, counted(done), written_text)


def verify(
    file: Annotated[Path, argument("FICHIER", "un fichier écrit par « scenarios backup »")],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Verify a backup: read it as a restore would, and report its contents; write nothing."""
    study = common.study()
    done = verify_backup(file)
    note_verified(done, local_clock())
    return common.reply(study, counted(done), _verified_text)


def _verified_text(answer: Answer) -> str:
    return (
        f"{written_text(answer)} : tout le reste peut être rétabli."
        if answer["left_out"]
        else (f"{written_text(answer)} : tout peut être rétabli.")
    )


def _into(folder: Path, keep: int | None) -> Answer:
    with closing(open_store()) as store:
        kept = backup_into(store, folder, local_clock(), keep)
    return counted(kept.backup) | {"removed": list(kept.removed)}


def _again(folder: Path, keep: int | None, every_s: float, common: CommonOptions) -> int:
    """Back up until a signal stops it; a failed backup is reported, and tried again."""
    start_service_log()

    def act() -> str:
        answer = _into(folder, keep)
        return json.dumps(answer, ensure_ascii=False) if common.json else _into_text(answer)

    return repeat(act, every_s)


def _into_text(answer: Answer) -> str:
    removed = len(answer["removed"])
    gone = f" ; {plural(removed, 'ancienne supprimée', 'anciennes supprimées')}" if removed else ""
    return f"{written_text(answer)}{gone}"
