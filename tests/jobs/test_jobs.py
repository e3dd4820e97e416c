"""Work in processes of its own: the same answer as here, and one sentence past a bound."""

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from geozones.common.errors import GeozonesError, InputError
from geozones.export.registry import format_of
from geozones.jobs import FILES, JobError, JobQueue, run_in_process
from geozones.jobs.runner import FORK_SERVER, ServerBusyError, read_bounds
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan
from helpers import job_functions
from helpers.waiting import PATIENCE


class GoneError(GeozonesError):
    """The visitor closed the tab."""


@pytest.mark.parametrize("key", ["png", "gpkg"])
def test_a_file_made_apart_has_the_bytes_of_one_made_here(study: Study, key: str) -> None:
    shown = dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))
    assert run_in_process(FILES, job_functions.made, shown, key) == format_of(key).make(shown)


def test_two_plans_compared_go_there_with_their_figures(study: Study) -> None:
    subject = of_plan(study.with_plan(study.plan.move("0720012X", "SAR-4")), "essai.json")
    shown = dossier(subject, ExportView("before-after"))
    assert run_in_process(FILES, job_functions.made, shown, "html") == format_of("html").make(shown)


@pytest.mark.slow
def test_a_study_goes_there_and_back_with_its_data_only_named(study: Study, toy: Study) -> None:
    for here in (study, toy):  # one of the data folder, and one that no folder has
        back, pair = run_in_process(FILES, job_functions.same_study, here)
        assert pair == here.area()["worst_pair"]
        assert back.plan == here.plan
        assert back.territory.is_shipped
    assert run_in_process(FILES, job_functions.same_study, study)[0].atlas is study.atlas


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (
            lambda: run_in_process(FILES, job_functions.fattened, 1_000),
            "200\u202fMo|200\xa0Mo|200 Mo",
        ),
        (lambda: run_in_process(FILES, job_functions.killed), "s'est arrêté avant la fin"),
        (lambda: run_in_process(FILES, job_functions.failed), "erreur interne"),
    ],
    ids=["memory", "killed", "failed"],
)
def test_a_job_past_its_memory_or_dead_is_one_sentence_and_the_next_one_works(
    job: Callable[[], object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_WORK_MEMORY_MB", "200")
    with pytest.raises(JobError, match=said) as error:
        job()
    assert "rien n'a changé" in str(error.value)
    with pytest.raises(InputError, match="pas une liste"):  # what a job refuses is said as it is
        run_in_process(FILES, job_functions.refused)


def test_a_job_past_its_time_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOZONES_WORK_SECONDS", "1")
    with pytest.raises(JobError, match="le temps que le serveur accorde"):
        run_in_process(FILES, job_functions.endless, tmp_path / "pid")
    assert not _runs(tmp_path / "pid")


def test_a_job_that_nobody_waits_for_is_ended_at_once(tmp_path: Path) -> None:
    begun = Event()

    def gone() -> None:
        if begun.is_set():
            raise GoneError

    with pytest.raises(GoneError):
        run_in_process(
            FILES,
            job_functions.endless,
            tmp_path / "pid",
            on_progress=lambda *_: begun.set(),
            check=gone,
        )
    assert not _runs(tmp_path / "pid")
    assert FILES.running == FILES.waiting == 0


def test_a_job_told_to_stop_gives_what_it_has() -> None:
    stop = Event()
    told: list[object] = []

    def on_progress(*said: object) -> None:
        told.extend(said)
        stop.set()

    assert (
        run_in_process(FILES, job_functions.until_told, on_progress=on_progress, stop=stop)
        == "the best so far"
    )
    assert "going on" in told


@pytest.mark.slow
def test_a_process_that_jobs_are_forked_from_is_replaced_when_it_dies(study: Study) -> None:
    run_in_process(FILES, job_functions.same_study, study)
    before = FORK_SERVER.pid
    assert before is not None
    os.kill(before, 9)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert run_in_process(FILES, job_functions.same_study, study)[0].plan == study.plan
    assert FORK_SERVER.pid != before


def test_a_server_with_too_much_waiting_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOZONES_WORK_FILES", "1")
    queue = JobQueue(lambda bounds: bounds.files, niceness=0, waiting_each=1)
    let_go = Event()

    def wait() -> None:
        with queue.slot(read_bounds(), lambda: None):
            let_go.wait(PATIENCE)

    threads = [Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    while (queue.running, queue.waiting) != (1, 1):
        pass
    with pytest.raises(ServerBusyError, match="Réessayez dans quelques minutes"):
        run_in_process(queue, job_functions.failed)
    let_go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert (queue.running, queue.waiting) == (0, 0)


def test_a_bound_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOZONES_WORK_MEMORY_MB", "beaucoup")
    with pytest.raises(InputError, match="GEOZONES_WORK_MEMORY_MB : « beaucoup »"):
        run_in_process(FILES, job_functions.failed)


def _runs(pid: Path) -> bool:
    return _is_there(int(pid.read_text(encoding="utf-8")), seconds=5)


def _is_there(pid: int, seconds: float) -> bool:
    """Tell whether a process is there and does not end within some seconds."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    with os.fdopen(process):
        return select.select([process], [], [], seconds)[0] == []


@pytest.mark.slow
def test_the_process_that_jobs_are_forked_from_ends_with_the_server_however_soon() -> None:
    """It was killed before the other had imported anything."""
    script = (
        "import os; from geozones.jobs.runner import FORK_SERVER; "
        "FORK_SERVER.start(); "
        "print(FORK_SERVER.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert not _is_there(int(run.stdout), seconds=30)
