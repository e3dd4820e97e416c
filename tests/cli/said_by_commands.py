"""Program that prints what every command says of the configured territory, in its own process.

The help of a command is written when its module is imported: with the nouns in use then.
"""

import contextlib
import io
import json
import sys

from cyclopts import App

from geozones.cli.command_line import commands, main
from geozones.intake.manifest_file import use_configured_territory

#: Commands that print an answer in sentences: of a site and a zone that are given.
ANSWERS = (
    ("plan",),
    ("metrics",),
    ("cost",),
    ("vigilance",),
    ("move", "{site}", "{zone}"),
    ("destinations", "{site}"),
    ("move", "0", "{zone}"),
    ("teams", "needs"),
)


def _every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]

    def look(app: App, path: tuple[str, ...]) -> None:
        for name in app:
            if not name.startswith("-"):
                found.append((*path, name))
                look(app[name], (*path, name))

    look(commands(), ())
    return found


def _said(arguments: list[str]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main(arguments)
    return out.getvalue()


if __name__ == "__main__":
    site, zone, *more = sys.argv[1:]
    use_configured_territory()
    asked = [[*command, "--help"] for command in _every_command()] if more else []
    asked += [[part.format(site=site, zone=zone) for part in answer] for answer in ANSWERS]
    json.dump({" ".join(arguments): _said(arguments) for arguments in asked}, sys.stdout)
