"""The command line, `geozones …`."""

import sys

try:
    from geozones.cli.command_line import commands, main
except KeyboardInterrupt:  # the libraries take a second to load: no traceback of them either
    sys.exit(130)

__all__ = ["commands", "main"]
