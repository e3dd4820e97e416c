"""The command line, ``geozones …``: a table of commands, each a function that returns a `Reply`.

May import all rooms but `features`, whose commands `geozones.feature_list` names.
"""

import sys

try:
    from geozones.cli.command_line import commands, main
except KeyboardInterrupt:  # the libraries take a second to load: no traceback of them either
    sys.exit(130)

__all__ = ["commands", "main"]
