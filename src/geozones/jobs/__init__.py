"""Jobs: functions called in processes of their own, for drawings, lists and searches.

Each is forked from `fork_server`, which has the data open; `runner` limits their number, memory and
time. May import `common`, `domain`.
"""

from geozones.jobs.runner import (
    FILES,
    SEARCHES,
    VISITOR_FILES,
    Job,
    JobError,
    JobQueue,
    Listener,
    Steps,
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
