"""`python -m geozones.cli`."""

import sys

from geozones.cli.command_line import main

sys.exit(main())
