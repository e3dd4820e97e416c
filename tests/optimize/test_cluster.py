"""Territories searched at once on one cluster: each has the answer that it has alone."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from distributed import Client, Event, LocalCluster, SchedulerPlugin

from geozones.common.errors import InputError
from geozones.common.files import DATA_FOLDER
from geozones.domain import ExecutorError
from geozones.intake.manifest_file import find_data_folder
from geozones.optimize import DaskCluster, propose
from geozones.optimize import cluster as cluster_module
from geozones.workspace.study import Study
from helpers.frozen_plan import write_frozen_data

WORKERS, THREADS = 2, 2


def slower_territory(folder: Path) -> Path:
    """Write the same lycées, zones and sectors, whose drives are a third longer."""
    write_frozen_data(folder)
    file = folder / "travel_times.parquet"
    table = pq.read_table(file)
    for name in ("minutes", "low", "high"):
        longer = np.asarray(table[name]) * np.float32(4 / 3)
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), [longer])
    file.unlink()
    pq.write_table(table, file)
    return folder


#: Prints the best plan of a territory, searched here or on a cluster.
SEARCH = """
import json, sys
from geozones import optimize
from geozones.domain.proposal_conditions import ProposalConditions
from geozones.workspace.proposals.solve import constrained, search_options
from geozones.workspace.study import open_study

study = open_study()
asked = constrained(study, search_options(study, ProposalConditions()))
where = optimize.DaskCluster(sys.argv[1]) if len(sys.argv) > 1 else None
found = optimize.propose(study.plan, study.times, asked, names=study.name, executor=where)
moves = [(move.lycee, move.origin, move.target) for move in found.moves]
print(json.dumps({"objective_after": found.objective_after, "moves": moves}))
"""


def proposing(folder: Path, *cluster: str) -> subprocess.Popen[str]:
    """Start a search of the best plan of a territory, in a process of its own."""
    command = [sys.executable, "-c", SEARCH, *cluster]
    environment = os.environ | {DATA_FOLDER: str(folder)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def found_by(search: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = search.communicate(timeout=300)
    assert search.returncode == 0
    answer: dict[str, Any] = json.loads(out)
    return answer


class Runs(SchedulerPlugin):
    """What the scheduler is asked: the tasks of each run of geozones, and when two have some."""

    def __init__(self) -> None:
        self.tasks: dict[str, set[str]] = {}
        self.two = threading.Event()

    def transition(self, key: str, start: str, *_: object, **__: object) -> None:
        """Note a task that begins to be known."""
        if start == "released" and key.startswith("geozones-"):
            self.tasks.setdefault(key.rpartition("-")[0], set()).add(key)
        if len(self.tasks) == 2:
            self.two.set()


def kill_a_worker(cluster: LocalCluster) -> None:
    """Kill the worker that has most tasks to do."""
    states = cluster.scheduler.workers.values()
    address = max(states, key=lambda state: len(state.processing)).address
    (worker,) = (each for each in cluster.workers.values() if each.worker_address == address)
    os.kill(worker.pid, signal.SIGKILL)


@pytest.mark.slow
def test_two_territories_at_once_have_their_own_answers_though_a_worker_is_killed(
    tmp_path: Path,
) -> None:
    folders = (find_data_folder(), slower_territory(tmp_path / "slower"))
    runs = Runs()
    with LocalCluster(
        n_workers=WORKERS, threads_per_worker=THREADS, host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster, Client(cluster, set_as_default=False) as client:  # fmt: skip
        cluster.scheduler.add_plugin(runs)
        # the workers are held until both searches have sent their sectors
        held = client.map(
            lambda _: Event("go").wait(), range(WORKERS * THREADS), pure=False, priority=9
        )
        searches = [proposing(folder, cluster.scheduler_address) for folder in folders]
        assert runs.two.wait(120)
        Event("go", client=client).set()
        kill_a_worker(cluster)
        there = [found_by(search) for search in searches]
        # what the workers were held for: the seven sectors of each
        assert [len(tasks) for tasks in [*runs.tasks.values()][:2]] == [7, 7]
        del held
        forgotten(cluster, client)
    here = [found_by(proposing(folder)) for folder in folders]
    assert there == here
    assert here[0]["objective_after"] < here[1]["objective_after"]
    assert here[0]["moves"] != here[1]["moves"]


def forgotten(cluster: LocalCluster, client: Client) -> None:
    """Check that neither the scheduler nor a worker holds anything of the searches any more."""
    deadline = time.monotonic() + 60
    while cluster.scheduler.tasks and time.monotonic() < deadline:
        client.run(lambda: None)
    assert not cluster.scheduler.tasks
    cluster.wait_for_workers(WORKERS, timeout=60)
    kept = client.run(lambda dask_worker: (len(dask_worker.data), len(dask_worker.state.tasks)))
    assert set(kept.values()) == {(0, 0)}
    ours = [name for name in cluster.scheduler._broker._topics if name.startswith("geozones")]
    assert ours == ["geozones"]
    assert not cluster.scheduler._broker._topics["geozones"].subscribers


def test_a_cluster_out_of_reach_is_one_sentence_that_says_what_to_do(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ExecutorError, match=f"L'ordonnanceur Dask {address} ne répond pas"):
        propose(study.plan, study.times, executor=DaskCluster(address))
    with pytest.raises(InputError, match="tcp://machine:port"):
        DaskCluster("cluster:8786")
