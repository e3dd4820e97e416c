"""Best plans under a planner's options, with proof.

``model`` is the formulation; ``propose`` and ``frontier`` are the searches. May import `common`,
`domain`, `territory`.
"""

from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.executor import cluster, processes
from geozones.optimize.move_order import ProposedMove
from geozones.optimize.problem import PartitionOptions
from geozones.optimize.propose import Frontier, FrontierPoint, frontier, propose
from geozones.optimize.result import Result

__all__ = [
    "Frontier",
    "FrontierPoint",
    "PartitionOptions",
    "ProofStatus",
    "ProposedMove",
    "Result",
    "cluster",
    "frontier",
    "processes",
    "propose",
]
