"""Jobs run in separate processes: drawing files, reading lists, searching for plans.

Each job has its own process, forked from one that has the modules imported and the data folder open
(`zygote`). The process ends with its job: no data of a visitor stays for another visitor, a crash
does not harm the server, and the same job always gives the same bytes. `bounds` limits the number
of concurrent jobs, their memory and their duration.
"""

from geozones.workspace.jobs.runner import (
    FILES,
    SEARCHES,
    VISITOR_FILES,
    Listener,
    WorkApartError,
    called,
    work_apart,
)

__all__ = [
    "FILES",
    "SEARCHES",
    "VISITOR_FILES",
    "Listener",
    "WorkApartError",
    "called",
    "work_apart",
]
