"""« doctor »: whether this installation is fit to serve."""

import json
from typing import Annotated

from geozones.cli.parameters import flag
from geozones.cli.reply import Reply
from geozones.workspace.doctor import State, examine

_SIGNS = {State.OK: "✓", State.WARNING: "!", State.FAULT: "✗"}


def doctor(
    *, as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False
) -> Reply:
    """Look at what the installation stands on; a fault exits with status 1."""
    found = [(check, finding) for check, finding in examine()]
    faulty = any(finding.state is State.FAULT for _, finding in found)
    if as_json:
        rows = [
            {"key": check.key, "state": finding.state, "message": finding.message}
            for check, finding in found
        ]
        text = json.dumps({"ok": not faulty, "checks": rows}, ensure_ascii=False)
    else:
        text = "\n".join(
            f"{_SIGNS[finding.state]} {check.label} : {finding.message}" for check, finding in found
        )
    return Reply(text, status=1 if faulty else 0)
