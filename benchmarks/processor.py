"""Seconds of processor, which other work on the machine does not lengthen."""

import resource


def processor_seconds() -> float:
    """Return the seconds of processor of this process and of those that it has ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
