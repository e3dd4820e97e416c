"""Jobs run in separate processes: drawing files, reading lists, searching for plans.

Each job has its own process, forked from one that has the modules imported and the data folder open
(`fork_server`). The process ends with its job: no data of a visitor stays for another visitor, a
crash does not harm the server, and the same job always gives the same bytes. `runner` has the
limits of concurrent jobs, memory and duration. `run_in_process` waits for the result; a `Job` does
so in the background.
"""

from geozones.jobs.job import Job, Steps
from geozones.jobs.runner import (
    FILES,
    SEARCHES,
    VISITOR_FILES,
    JobError,
    JobQueue,
    Listener,
    call,
    run_in_process,
)

__all__ = [
    "FILES",
    "SEARCHES",
    "VISITOR_FILES",
    "Job",
    "JobError",
    "JobQueue",
    "Listener",
    "Steps",
    "call",
    "run_in_process",
]
