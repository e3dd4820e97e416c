"""« doctor » and « admin »: backups, restores, names erased, nightly upkeep."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts.completion.detect import ShellDetectionError

from geozones.cli.command_line import commands, repeat, start_service_log
from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    left_out_lines,
    picked,
)
from geozones.cli.parameters import Reply, argument, between, flag, group, option
from geozones.cli.scenarios import left_out, written_text
from geozones.common.clock import now, today
from geozones.common.errors import InputError
from geozones.common.files import why
from geozones.common.french import plural, short_month
from geozones.workspace.doctor import FindingState, examine
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import (
    backup_into,
    note_verified,
    open_store,
    store_is_there,
    store_opener,
    verify_backup,
)
from geozones.workspace.upkeep import Night, erase_person, run_nightly

if TYPE_CHECKING:
    from geozones.workspace.scenarios.backups import Backup


#: The option of a command that reads no plan.
AsJson = Annotated[bool, flag("répondre par un objet JSON", name="--json")]

admin = group("admin")
_SIGNS = {FindingState.OK: "✓", FindingState.WARNING: "!", FindingState.FAULT: "✗"}


def doctor(*, as_json: AsJson = False) -> Reply:
    """Run the health check; exit with status 1 on a fault."""
    found = [(check, finding) for check, finding in examine()]
    faulty = any(finding.state is FindingState.FAULT for _, finding in found)
    checks = [{"key": check.key, **picked(finding, "state", "message")} for check, finding in found]
    lines = [
        f"{_SIGNS[finding.state]} {check.label} : {finding.message}" for check, finding in found
    ]
    reply = CommonOptions(json=as_json).answered(
        {"ok": not faulty, "checks": checks}, lambda _: "\n".join(lines)
    )
    return replace(reply, status=int(faulty))


def install_completion() -> Reply:
    """Install the completion of commands in the shell of this terminal."""
    try:
        path = commands().install_completion()
    except ShellDetectionError as error:
        raise InputError(
            "L'interpréteur de ce terminal n'est pas reconnu : lancez cette commande dans bash, "
            "zsh ou fish."
        ) from error
    except OSError as error:
        raise InputError(f"La complétion ne peut pas être installée : {why(error)}.") from error
    return Reply(f"{path} : ouvrez un nouveau terminal, puis complétez par la touche Tab.")


@admin.command(help="Entretien de chaque nuit : oublis, effacements.")
def nightly(
    *,
    every: Annotated[
        float | None, option("HEURES", "recommencer, jusqu'à l'arrêt", check=between(0.01, 744))
    ] = None,
    as_json: AsJson = False,
) -> Reply | int:
    """Run the nightly maintenance: forget an old month, purge erased content."""
    start_service_log()
    common = CommonOptions(json=as_json)
    return _night(common) if every is None else repeat(lambda: _night(common), every * 3600)


def _night(common: CommonOptions) -> Reply:
    night = Night(None, purged=True)
    if store_is_there():
        with store_opener() as opener:
            night = run_nightly(opener, LOCAL, today())
    return common.answered(asdict(night), _night_text)


def _night_text(answer: Answer) -> str:
    forgotten = (
        f"Mois du journal de l'expérimentation oublié : {short_month(answer['forgotten'] + '-01')}."
        if answer["forgotten"]
        else "Aucun mois du journal de l'expérimentation n'est à oublier."
    )
    purged = (
        "Rien de ce qui a été effacé ne reste dans les fichiers de la base."
        if answer["purged"]
        else "Ce qui a été effacé n'a pas pu être retiré des fichiers de la base (en cours de "
        "lecture, ou disque plein). Nouvel essai à la prochaine écriture, ou la nuit prochaine."
    )
    return f"{forgotten}\n{purged}"


@admin.command(help="Sauvegarde toute la base : dans un fichier, ou dans un dossier à intervalles.")
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
        start_service_log()
        return repeat(lambda: _into(file, keep, common), every * 3600)
    if keep is not None:
        return _into(file, keep, common)
    with closing(open_store()) as store:
        done = store.backup(file)
    note_verified(done, now())
    return _written(_counted(done), written_text, common)


@admin.command(
    help="Vérifie une sauvegarde et liste ce qui peut en être rétabli, sans rien écrire."
)
def verify(
    file: Annotated[Path, argument("FICHIER", "un fichier écrit par « admin backup »")],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Verify a backup: read it as a restore would, and report its contents; write nothing."""
    study = common.study()
    done = verify_backup(file)
    note_verified(done, now())
    return common.reply(study, _counted(done), _verified_text)


@admin.command(help="Rétablit ce qui manque ici d'une sauvegarde.")
def restore(
    file: Annotated[Path, argument("FICHIER", "un fichier écrit par « admin backup »")],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Restore what the store lacks of a backup."""
    study = common.study()
    with closing(open_store()) as store:
        done = store.restore(file)
    answer = _counted(done) | {
        "skipped": done.skipped,
        "renamed": [{"from": old, "to": new} for old, new in done.renamed],
    }
    return common.reply(study, answer, written_text)


@admin.command(help="Efface définitivement un nom de tout ce qui le porte.")
def erase(
    name: Annotated[str, argument("NOM", "le nom ou la fonction, tel qu'il est écrit")],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Erase a name from comments, opinions, posts and the journal."""
    with store_opener() as opener:
        done = erase_person(opener, LOCAL, name)
    answer = {
        "erased": done.comments + done.opinions,
        **picked(done, "comments", "opinions", "posts", "journal", "purged"),
    }
    return common.reply(common.study(), answer, lambda _: done.sentence)


def _verified_text(answer: Answer) -> str:
    rest = "tout le reste" if answer["left_out"] else "tout"
    return f"{written_text(answer)} : {rest} peut être rétabli."


def _into(folder: Path, keep: int | None, common: CommonOptions) -> Reply:
    with closing(open_store()) as store:
        kept = backup_into(store, folder, now(), keep)
    return _written(_counted(kept.backup) | {"removed": list(kept.removed)}, _into_text, common)


def _into_text(answer: Answer) -> str:
    removed = len(answer["removed"])
    gone = f" ; {plural(removed, 'ancienne supprimée', 'anciennes supprimées')}" if removed else ""
    return f"{written_text(answer)}{gone}"


def _written(answer: Answer, text: Callable[[Answer], str], common: CommonOptions) -> Reply:
    """Return the reply of a written backup: what it lacks is a warning, as the rest is safe.

    With another status than 0, a timer would not go on to the nightly maintenance.
    """
    missing = len(answer["left_out"])
    lines = left_out_lines(answer)
    if missing:
        what = plural(missing, "élément illisible n'y est pas", "éléments illisibles n'y sont pas")
        lines = (f"La sauvegarde est écrite, mais {what}.", *lines)
    return replace(common.answered(answer, text, lines), status=0)


def _counted(done: "Backup") -> Answer:
    """Return the path of a backup, and its counts of written or restored items."""
    return {
        "path": str(done.path),
        "file": str(done.path),
        "restorable": True,
        **picked(done, "scenarios", "events", "publications"),
    } | left_out(done.left_out)
