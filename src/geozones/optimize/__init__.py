"""Proposals of zones: the best plans under a planner's options, proven.

``model`` is the formulation; ``propose`` and ``frontier`` are the searches.
"""

from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.cluster import DaskCluster
from geozones.optimize.executor import Executor, InProcess, LocalProcesses
from geozones.optimize.frontier import Frontier, FrontierPoint, frontier
from geozones.optimize.move_order import ProposedMove
from geozones.optimize.problem import PartitionOptions
from geozones.optimize.propose import propose
from geozones.optimize.result import Result

__all__ = [
    "DaskCluster",
    "Executor",
    "Frontier",
    "FrontierPoint",
    "InProcess",
    "LocalProcesses",
    "PartitionOptions",
    "ProofStatus",
    "ProposedMove",
    "Result",
    "frontier",
    "propose",
]
