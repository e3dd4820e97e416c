"""Limit on the pages drawn at once, and their order: Streamlit draws all pages at once.

Streamlit 1.67 starts a thread for each session that draws, and gives none of them precedence:
twenty drawings at once each take twenty times as long (`session_limit.RenderQueue`).
"""

from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from geozones.ui.server.auth import current_caller
from geozones.ui.server.session_limit import RenderQueue


def serialise_rendering() -> None:
    """Patch Streamlit so that every page of this process waits for a render slot."""
    queue, run = RenderQueue(), script_runner.ScriptRunner._run_script  # noqa: SLF001 - no public access

    def run_in_slot(runner: script_runner.ScriptRunner, asked: RerunData) -> None:
        with queue.slot(current_caller(asked.query_string)):
            run(runner, asked)

    script_runner.ScriptRunner._run_script = run_in_slot  # type: ignore  # noqa: PGH003, SLF001
