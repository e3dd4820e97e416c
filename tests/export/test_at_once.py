"""Several people who draw at once: the server lives, and each gets the file of one who is alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from geozones.workspace.figures.study import Study


@pytest.mark.slow
def test_threads_that_draw_at_once_get_the_bytes_of_one_alone(study: Study) -> None:
    script = Path(__file__).with_name("draw_at_once.py")
    run = subprocess.run(
        [sys.executable, script, study.atlas.data.path], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
