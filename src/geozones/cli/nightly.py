"""« nightly »: nightly maintenance, once or repeatedly."""

import json
from typing import Annotated

from geozones.cli.answers import local_clock, store_opener
from geozones.cli.parameters import between, flag, option
from geozones.cli.repeated import repeat, start_service_log
from geozones.cli.reply import Reply
from geozones.common.french import short_month
from geozones.workspace.nightly import Night, run_nightly
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.stores import store_is_there


def nightly(
    *,
    every: Annotated[
        float | None, option("HEURES", "recommencer, jusqu'à l'arrêt", check=between(0.01, 744))
    ] = None,
    as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False,
) -> Reply | int:
    """Run the nightly maintenance: forget an old month, purge erased content, note the last seal.

    Exit with status 1 if the log contradicts the last noted seal.
    """
    start_service_log()
    if every is not None:
        return repeat(lambda: _report(_run(), as_json=as_json), every * 3600)
    night = _run()
    return Reply(_report(night, as_json=as_json), status=1 if night.fault else 0)


def _run() -> Night:
    if not store_is_there():
        return Night(None, purged=True, fault="")
    with store_opener() as opener:
        return run_nightly(opener, LOCAL, local_clock().date())


def _report(night: Night, *, as_json: bool) -> str:
    if as_json:
        answer = {
            "forgotten": night.forgotten,
            "purged": night.purged,
            "fault": night.fault or None,
        }
        return json.dumps(answer, ensure_ascii=False)
    forgotten = (
        f"Mois du journal de l'expérimentation oublié : {short_month(night.forgotten + '-01')}."
        if night.forgotten
        else "Aucun mois du journal de l'expérimentation n'est à oublier."
    )
    purged = (
        "Rien de ce qui a été effacé ne reste dans les fichiers de la base."
        if night.purged
        else "Ce qui a été effacé n'a pas pu être retiré des fichiers de la base (en cours de "
        "lecture, ou disque plein). Nouvel essai à la prochaine écriture, ou la nuit prochaine."
    )
    sealed = night.fault or "Dernier sceau du journal des actions noté."
    return f"{forgotten}\n{purged}\n{sealed}"
