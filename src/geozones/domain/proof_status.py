"""Proof status of a search's answer, shared by searches for zones and for posts."""

from enum import StrEnum


class ProofStatus(StrEnum):
    """Proof status of a search's answer."""

    #: No answer that respects the options is better.
    OPTIMAL = "optimal"
    #: The answer respects the options; the gap bounds how much better another could be.
    FEASIBLE = "feasible"
    #: No answer respects the options; the result says why.
    INFEASIBLE = "infeasible"
    #: Stopped before finding an answer that respects the options.
    UNKNOWN = "unknown"
