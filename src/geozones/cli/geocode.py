"""« geocode »: positions of addresses, with their precision."""

import json
from pathlib import Path
from typing import Annotated

from geozones.cli.answers import Answer, Precise, content, plain, progress
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, flag, option
from geozones.cli.reply import Reply
from geozones.common.files import write_atomically
from geozones.common.french import plural
from geozones.domain.places import Precision
from geozones.geocode.provider_registry import REGISTRY as GEOCODERS
from geozones.intake.documents import MAX_BYTES
from geozones.intake.place_table import read_places
from geozones.workspace.imports.geocoding import find_places

_PROVIDERS = ", ".join(kind.name for kind in GEOCODERS)


def geocode(
    file: Annotated[Path, argument("FICHIER", "une liste : UAI, Adresse, Commune…")],
    /,
    *,
    provider: Annotated[
        list[str] | None,
        option(
            "SERVICE",
            f"service à employer, répété dans l'ordre ({_PROVIDERS}) ; sinon, les réglages",
        ),
    ] = None,
    insist: Annotated[
        bool, flag("prendre aussi les points hors de leur commune ou loin de son centre")
    ] = False,
    out: Annotated[Path | None, option("FICHIER", "écrire aussi la réponse là")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Geocode the addresses of a list."""
    study = common.study()
    queries, refused = read_places(content(file, "fichier", MAX_BYTES))
    search = find_places(
        study.territory, queries, provider, insist=insist, progress=progress("lieux")
    )
    unlocated = sorted((*refused, *search.unlocated), key=lambda entry: entry.row)
    answer: Answer = {
        "located": [
            {
                "id": place.id,
                "lat": Precise(place.lat),
                "lon": Precise(place.lon),
                "provider": place.provider,
                "score": place.score,
                "precision": place.precision.value,
                "row": place.row,
            }
            for place in search.located
        ],
        "unlocated": [{"row": entry.row, "why": entry.why} for entry in unlocated],
    }
    if search.remarks:
        answer["notes"] = [{"row": entry.row, "what": entry.what} for entry in search.remarks]
    if search.faults:
        answer["faults"] = [
            {"provider": fault.provider, "message": fault.message} for fault in search.faults
        ]
    if out is not None:
        write_atomically(out, json.dumps(plain(answer), ensure_ascii=False, indent=1) + "\n")
    return common.reply(study, answer, _text)


def _text(answer: Answer) -> str:
    kinds = [place["precision"] for place in answer["located"]]
    lines = [f"{plural(len(kinds), 'lieu trouvé', 'lieux trouvés')} :"]
    lines += [
        f"- {kinds.count(kind.value)} {kind.about}" for kind in Precision if kind.value in kinds
    ]
    lines += [f"Ligne {entry['row']} : {entry['why']}" for entry in answer["unlocated"]]
    lines += [f"Ligne {entry['row']} : {entry['what']}" for entry in answer.get("notes", [])]
    lines += [fault["message"] for fault in answer.get("faults", [])]
    return "\n".join(lines)
