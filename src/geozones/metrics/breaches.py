"""The number of breaches of rules, as a figure among metrics.

The rules count them, so it is not in the registry: who has the rules adds it to the values.
"""

from geozones.metrics.format import COUNT
from geozones.metrics.record import Better, Metric, Place

BREACHES = Metric(
    key="breaches",
    label="Alertes",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({Place.COMPARISON}),
    order=80,
    classes=(0.0, 1.0, 2.0),
)
