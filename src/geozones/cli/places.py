"""« geocode »: from addresses to points, each with how precise it is."""

import argparse
import json
from pathlib import Path

from geozones.cli.answers import Add, Answer, Degrees, content, plain, progress
from geozones.domain.files import write_atomically
from geozones.domain.french import plural
from geozones.domain.places import Precision
from geozones.intake.documents import MAX_BYTES
from geozones.intake.place_table import read_places
from geozones.workspace import GEOCODERS, Workspace, find_places


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
    found = add("geocode", "Place des lycées d'après leur adresse.", _geocode, _text)
    found.add_argument(
        "file", type=Path, metavar="FICHIER", help="une liste : UAI, Adresse, Commune…"
    )
    found.add_argument(
        "--provider",
        action="append",
        metavar="SERVICE",
        help=f"service à employer, répété dans l'ordre ({', '.join(k.name for k in GEOCODERS)}) ; "
        "sinon, les réglages",
    )
    found.add_argument(
        "--insist",
        action="store_true",
        help="prendre aussi les points hors de leur commune ou loin de son centre",
    )
    found.add_argument("--out", type=Path, metavar="FICHIER", help="écrire aussi la réponse là")


def _geocode(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    queries, refused = read_places(content(arguments.file, "fichier", MAX_BYTES))
    found = find_places(
        workspace,
        queries,
        arguments.provider,
        insist=arguments.insist,
        progress=progress("lieux"),
    )
    unlocated = sorted((*refused, *found.unlocated), key=lambda entry: entry.row)
    answer: Answer = {
        "located": [
            {
                "id": place.id,
                "lat": Degrees(place.lat),
                "lon": Degrees(place.lon),
                "provider": place.provider,
                "score": place.score,
                "precision": place.precision.value,
                "row": place.row,
            }
            for place in found.located
        ],
        "unlocated": [{"row": entry.row, "why": entry.why} for entry in unlocated],
    }
    if found.remarks:
        answer["notes"] = [{"row": entry.row, "what": entry.what} for entry in found.remarks]
    if found.faults:
        answer["faults"] = [
            {"provider": fault.provider, "message": fault.message} for fault in found.faults
        ]
    if arguments.out is not None:
        write_atomically(
            arguments.out, json.dumps(plain(answer), ensure_ascii=False, indent=1) + "\n"
        )
    return answer


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
