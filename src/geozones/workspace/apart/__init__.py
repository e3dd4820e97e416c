"""Work done in processes of its own: files drawn, lists read, plans sought.

Each job has a process, forked from one that has the modules imported and the data folder open
(`zygote`), and ended with the job: nothing of one visitor stays there for another, what it does
cannot harm the server, and the same job gives the same bytes each time. The number of jobs at once,
their memory and their seconds are bounded (`bounds`).
"""

from geozones.workspace.apart.jobs import (
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
