"""« fetch »: files from public services, where the settings or the person allow it."""

import json
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import Answer, Reply, argument, flag, group, option, progress
from geozones.common.errors import InputError
from geozones.common.french import listing, number, plural
from geozones.domain import FetchError
from geozones.fetch.extracts import RemoteExtract
from geozones.workspace.fetching import (
    FetchedFile,
    FetchRequest,
    PublicService,
    fetch_commune_file,
    fetch_extracts,
    fetch_lycee_list,
    public_services,
    settings_file,
)

fetch = group("fetch")
_AREA = argument("TERRITOIRE", "région ou département, par son nom ou son numéro : bretagne, 29")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class FetchOptions:
    """Options of the commands that fetch a file."""

    out: Annotated[Path | None, option("FICHIER", "fichier à écrire (sinon, ici)")] = None
    allow: Annotated[bool, flag("autoriser les appels au service, pour cette fois")] = False
    replace: Annotated[bool, flag("remplacer le fichier, s'il existe")] = False
    json: Annotated[bool, flag("répondre par un objet JSON")] = False

    def request(self, area: str, *, private: bool = False) -> FetchRequest:
        """Return the request for the file of an area."""
        return FetchRequest(area, self.out, self.allow, self.replace, private)


_DEFAULTS = FetchOptions()


@fetch.default
def services(
    *,
    listed: Annotated[
        bool, flag("montrer les services publics : adresse, autorisation", name="--list")
    ] = False,
    as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False,
) -> Reply:
    """Print every public service: what it gives, its address, whether it may be called."""
    if not listed:
        raise InputError(
            "Donnez lycees, communes ou roads et un territoire, par exemple « geozones fetch "
            "lycees bretagne », ou --list pour voir les services."
        )
    found = public_services()
    if as_json:
        rows = [
            {
                "key": each.key,
                "name": each.name,
                "gives": each.gives,
                "url": each.url,
                "url_setting": each.url_setting,
                "allowed": each.allowed,
                "allowed_by": each.allowed_by,
            }
            for each in found
        ]
        return Reply(json.dumps({"services": rows}, ensure_ascii=False))
    where = (
        f"Réglages : {settings_file()}. Pour une seule commande : --allow (fetch), --provider "
        "(geocode), --engine (times build)."
    )
    return Reply("\n".join([*map(_service_line, found), where]))


def _service_line(each: PublicService) -> str:
    state = "autorisé" if each.allowed else "non autorisé"
    return (
        f"{'✓' if each.allowed else '-'} {each.name} : {each.gives}.\n"
        f"    Adresse : {each.url} ({each.url_setting}). Appels : {state} ({each.allowed_by})."
    )


@fetch.command(help="Liste des lycées publics d'un territoire, pour « geozones new ».")
def lycees(
    area: Annotated[str, _AREA],
    /,
    *,
    private: Annotated[bool, flag("garder aussi les lycées privés")] = False,
    options: FetchOptions = _DEFAULTS,
) -> Reply:
    """Write the list of the lycées of an area; print how many were left out, and why."""
    asked = options.request(area, private=private)
    made = _uncut(lambda: fetch_lycee_list(asked))
    nouns = ("lycée", "lycées") if private else ("lycée public", "lycées publics")
    return _reply(made, nouns, as_json=options.json)


@fetch.command(help="Contours des communes d'un territoire, pour « geozones new --communes ».")
def communes(
    area: Annotated[str, _AREA],
    /,
    *,
    options: FetchOptions = _DEFAULTS,
) -> Reply:
    """Write the outlines of the communes of an area."""
    asked = options.request(area)
    made = _uncut(lambda: fetch_commune_file(asked, progress("départements")))
    return _reply(made, ("commune", "communes"), as_json=options.json)


@fetch.command(help="Extraits de routes d'OpenStreetMap, pour « geozones new --extract ».")
def roads(
    area: Annotated[
        str,
        argument(
            "TERRITOIRE", "territoire de « geozones new --list », ou adresse d'un fichier .osm.pbf"
        ),
    ],
    /,
    *,
    yes: Annotated[bool, flag("télécharger sans demander, quelle que soit la taille")] = False,
    options: FetchOptions = _DEFAULTS,
) -> Reply:
    """Download road extracts, once their sizes are told; resume them if an earlier run was cut."""
    asked = options.request(area)
    confirm = _confirmed if yes else _confirm
    made = _uncut(lambda: fetch_extracts(asked, confirm, progress("Mo")))
    if options.json:
        return Reply(json.dumps({"files": [_answer(each) for each in made]}, ensure_ascii=False))
    return Reply("\n\n".join(_text(each, None) for each in made))


def _confirmed(_remotes: Mapping[Path, RemoteExtract]) -> None:
    """Accept a download of any size."""


def _confirm(remotes: Mapping[Path, RemoteExtract]) -> None:
    """Ask on the terminal whether to download extracts; raise ``InputError`` if not."""
    what = listing(
        [f"{each.name}, {each.megabytes(path)}, de {each.url}" for path, each in remotes.items()]
    )
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(f"À télécharger : {what}. Ajoutez --yes pour l'accepter sans question.")
    print(f"Télécharger {what} ? [o/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in {"o", "oui", "y", "yes"}:
        raise InputError("Rien n'est téléchargé.")


def _uncut[T](run: Callable[[], T]) -> T:
    """Return what a fetch wrote; an interruption is told on one line."""
    try:
        return run()
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # below the progress
        raise FetchError(
            "Interrompu : le fichier en cours n'est pas écrit. Un extrait reprendra où il en est "
            "par la même commande."
        ) from None


def _reply(made: FetchedFile, nouns: tuple[str, str], *, as_json: bool) -> Reply:
    return Reply(json.dumps(_answer(made), ensure_ascii=False) if as_json else _text(made, nouns))


def _answer(made: FetchedFile) -> Answer:
    return {
        "file": str(made.path),
        "source_file": str(made.note_file),
        "count": made.count,
        "left_out": dict(made.left_out),
        "source": made.note.source,
        "licence": made.note.licence,
        "day": made.note.day,
        "address": made.note.address,
        "remarks": list(made.remarks),
    }


def _text(made: FetchedFile, nouns: tuple[str, str] | None) -> str:
    lines = [f"{plural(made.count, *nouns)} : {made.path}" if nouns else f"Extrait : {made.path}"]
    if made.left_out:
        reasons = [f"{reason} ({number(count)})" for reason, count in made.left_out.items()]
        lines.append(f"Laissés de côté : {', '.join(reasons)}.")
    lines += made.remarks
    lines.append(f"Source : {made.note.credit} (écrit aussi dans {made.note_file.name}).")
    used = shlex.quote(made.path.name)
    lines.append(
        {
            ".csv": f"Pour en faire un territoire : geozones new NOM {used}",
            ".geojson": f"À donner à « geozones new » : --communes {used}",
        }.get(made.path.suffix, f"À donner à « geozones new » : --extract {used}")
    )
    return "\n".join(lines)
