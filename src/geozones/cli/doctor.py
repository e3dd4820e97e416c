"""« doctor »: health check of this installation."""

import json
from typing import Annotated

from geozones.cli.parameters import flag
from geozones.cli.reply import Reply
from geozones.workspace.doctor import FindingState, examine

_SIGNS = {FindingState.OK: "✓", FindingState.WARNING: "!", FindingState.FAULT: "✗"}


def doctor(
    *, as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False
) -> Reply:
    """Run the health check; exit with status 1 on a fault."""
    found = [(check, finding) for check, finding in examine()]
    faulty = any(finding.state is FindingState.FAULT for _, finding in found)
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
