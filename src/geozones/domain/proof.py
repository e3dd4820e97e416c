"""What a search has proven of the answer it gives: the same words for zones and for posts."""

from enum import StrEnum


class ProofStatus(StrEnum):
    """What is proven of a search's answer."""

    #: Nothing that respects the options is better.
    OPTIMAL = "optimal"
    #: It respects the options; the gap says how much better another could be at most.
    FEASIBLE = "feasible"
    #: Nothing respects the options; the answer says why.
    INFEASIBLE = "infeasible"
    #: Stopped before anything that respects the options was found.
    UNKNOWN = "unknown"
