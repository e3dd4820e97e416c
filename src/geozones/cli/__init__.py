"""The command line, `geozones …`."""

from geozones.cli.command_line import main, parser

__all__ = ["main", "parser"]
