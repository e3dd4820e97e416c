"""The command line, `geozones …`."""

from geozones.cli.command_line import commands, main

__all__ = ["commands", "main"]
