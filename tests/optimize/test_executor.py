"""The same answer wherever it is searched; and what is said when it cannot be."""

import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster

from geozones.common.errors import InputError
from geozones.domain import ExecutorError, SearchCancelledError, UnknownLyceeError
from geozones.domain.terms import SITES, using_terms
from geozones.optimize import PartitionOptions, ProofStatus, Result, cluster, processes, propose
from geozones.optimize import executor as executor_module
from geozones.optimize.answer import solve_problem
from geozones.optimize.problem import build_problem
from geozones.optimize.result import SearchMonitor
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but
from helpers.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
#: Four sectors, whose zones are searched at once in a tenth of a second; all seven take twenty.
FOUR = frozenset({"nantes", "nord-loire", "sarthe", "vendee"})


@pytest.fixture(scope="module")
def started() -> Iterator[LocalCluster]:
    """A real cluster: a scheduler here, two workers in processes of their own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster


@pytest.fixture
def dask(started: LocalCluster) -> LocalCluster:
    """The cluster, whole again after a test that killed workers."""
    started.wait_for_workers(2, timeout=PATIENCE)
    return started


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with processes(2) as pool:
        yield pool


@pytest.fixture(params=slow_but(["in process", "processes", "dask"], "in process", "processes"))
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    if request.param == "in process":
        yield None
    elif request.param == "processes":
        yield request.getfixturevalue("pool")
    else:
        with cluster(request.getfixturevalue("dask").scheduler_address) as workers:
            yield workers


def test_sectors_apart_give_what_one_search_of_them_all_gives(
    study: Study, executor: Executor | None
) -> None:
    options = PartitionOptions(sectors=FOUR, max_minutes=60, locked_zones={"VEN-1"})
    problem = build_problem(study.plan, study.times, options)
    whole = solve_problem(problem, SearchMonitor(offset=problem.locked_cost))
    apart = propose(study.plan, study.times, options, executor=executor)
    assert apart.status is whole.status is ProofStatus.OPTIMAL
    assert apart.objective_after == pytest.approx(whole.objective_after, abs=1e-9)
    assert apart.candidates == whole.candidates
    assert apart.plan == whole.plan
    assert apart.moves == whole.moves


def test_what_no_sector_can_do_is_told_wherever_it_is_searched(
    study: Study, executor: Executor | None
) -> None:
    options = PartitionOptions(max_minutes=40, size_min=3)
    result = propose(study.plan, study.times, options, names=study.name, executor=executor)
    assert result.status is ProofStatus.INFEASIBLE
    assert "Aucun découpage ne respecte toutes ces options" in result.why
    assert result.plan is study.plan


def test_sentences_have_the_nouns_of_the_territory_wherever_it_is_searched(
    study: Study, executor: Executor | None
) -> None:
    options = PartitionOptions(sectors={"mayenne", "sarthe"}, max_minutes=40, size_min=3)
    with using_terms(SITES):
        there = propose(study.plan, study.times, options, names=study.name, executor=executor).why
    assert "sites impossibles à placer : " in there
    assert "lycée" not in there.replace("Lycée", "")


def test_a_search_stopped_anywhere_keeps_its_best(study: Study, executor: Executor | None) -> None:
    reports: list[tuple[str, float, float]] = []

    def stop(phase: str, bound: float, incumbent: float, _gap: float) -> None:
        reports.append((phase, bound, incumbent))
        raise SearchCancelledError

    plan, times = study.plan, study.times
    result = propose(plan, times, PartitionOptions(), progress=stop, executor=executor)
    assert len(reports) == 1
    assert result.status in {ProofStatus.FEASIBLE, ProofStatus.OPTIMAL}
    optimum = propose(plan, times, PartitionOptions()).objective_after
    assert result.bound <= optimum + 1e-6 <= result.objective_after + 2e-6
    assert result.gap == pytest.approx(
        (result.objective_after - result.bound) / result.objective_after, abs=1e-9
    )


def test_progress_adds_up_over_the_sectors(study: Study, executor: Executor | None) -> None:
    reports: list[tuple[float, float]] = []

    def listen(_phase: str, bound: float, incumbent: float, _gap: float) -> None:
        reports.append((bound, incumbent))

    result = propose(study.plan, study.times, progress=listen, executor=executor)
    bounds, incumbents = zip(*reports, strict=True)
    # sums over sectors: equal ones may differ by the last digit
    assert all(after >= before - 1e-9 for before, after in pairwise(bounds))
    assert all(after <= before + 1e-9 for before, after in pairwise(incumbents))
    assert bounds[-1] <= result.objective_after + 1e-6
    assert incumbents[-1] >= result.objective_after - 1e-6


def test_a_time_limit_is_shared_by_the_sectors(study: Study, executor: Executor | None) -> None:
    options = PartitionOptions(time_limit=1e-6)
    result = propose(study.plan, study.times, options, executor=executor)
    assert result.status is ProofStatus.FEASIBLE
    assert result.plan == study.plan
    assert 0 < result.gap <= 1


@pytest.mark.slow
def test_processes_do_not_run_the_program_that_starts_them(tmp_path: Path) -> None:
    """A script without the usual guard, as the page of an app is: it runs once."""
    script = tmp_path / "page.py"
    script.write_text(
        "from geozones.optimize import processes, propose\n"
        "from geozones.workspace.figures.study import open_study\n"
        "study = open_study()\n"
        "with processes(2) as pool:\n"
        "    result = propose(study.plan, study.times, executor=pool)\n"
        "print(result.status.value, flush=True)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout == "optimal\n"


def killed_workers() -> int:
    """Kill the processes of a pool; return how many there were."""
    killed = 0
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # one that ended by itself meanwhile
            if any("popen_loky" in word for word in child.cmdline()):
                child.kill()
                killed += 1
    return killed


def test_a_process_that_dies_is_told_at_once(study: Study) -> None:
    killed = 0

    def kill(*_: object) -> None:
        nonlocal killed
        killed = killed or killed_workers()

    with processes(2) as pool, pytest.raises(ExecutorError, match="calcul s'est arrêté"):
        propose(study.plan, study.times, progress=kill, executor=pool)
    assert killed


def killer(dask: LocalCluster, killed: set[int]) -> Callable[..., None]:
    """Kill both workers at the first news of a search; one that is only starting is left alone."""

    def kill(*_: object) -> None:
        for worker in dask.workers.values():
            if worker.pid is not None and len(killed) < 2:
                killed.add(worker.pid)
                os.kill(worker.pid, signal.SIGKILL)

    return kill


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced_and_the_answer_is_the_same(
    study: Study, dask: LocalCluster
) -> None:
    killed: set[int] = set()
    here = propose(study.plan, study.times)
    with cluster(dask.scheduler_address) as workers:
        there = propose(study.plan, study.times, progress=killer(dask, killed), executor=workers)
    assert len(killed) == 2
    assert replace(there, seconds=0.0) == replace(here, seconds=0.0)


def found_on(dask: LocalCluster, study: Study) -> Result:
    with cluster(dask.scheduler_address) as workers:
        return propose(study.plan, study.times, executor=workers)


@pytest.mark.slow
def test_two_territories_at_once_have_their_own_answers(
    study: Study, toy: Study, dask: LocalCluster
) -> None:
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(partial(found_on, dask), (study, toy)))
    for each, there in zip((study, toy), answers, strict=True):
        here = propose(each.plan, each.times)
        assert replace(there, seconds=0.0) == replace(here, seconds=0.0)


def test_workers_that_are_none_or_of_another_version_and_a_scheduler_out_of_reach_are_told(
    monkeypatch: pytest.MonkeyPatch, dask: LocalCluster
) -> None:
    monkeypatch.setattr(executor_module, "_CONNECT_S", 0.5)
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty:
        refused(empty.scheduler_address, "n'a aucun ouvrier")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    refused(f"tcp://127.0.0.1:{port}", f"Dask tcp://127.0.0.1:{port} ne répond pas")
    monkeypatch.undo()
    monkeypatch.setattr(executor_module, "__version__", "9.9.9")
    refused(dask.scheduler_address, r"n'ont pas geozones 9\.9\.9")


def refused(address: str, match: str) -> None:
    with pytest.raises(ExecutorError, match=match), cluster(address):
        raise AssertionError


def test_dask_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused("tcp://127.0.0.1:8786", r"pip install 'geozones\[dask\]'")


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://:8786", "tcp://host", "tcp://h:99999"],
)
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="tcp://machine:port"), cluster(address):
        raise AssertionError


def test_errors_and_plans_are_the_same_after_a_journey(study: Study) -> None:
    error = pickle.loads(pickle.dumps(UnknownLyceeError("X")))  # noqa: S301 - our own bytes
    assert (type(error), str(error)) == (UnknownLyceeError, str(UnknownLyceeError("X")))
    stopped = pickle.loads(pickle.dumps(SearchCancelledError()))  # noqa: S301
    assert str(stopped) == "La recherche a été arrêtée."
    plan = pickle.loads(pickle.dumps(study.plan))  # noqa: S301
    assert plan == study.plan
    assert plan.lycees == study.plan.lycees
