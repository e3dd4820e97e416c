"""The numbers of breaches of rules and of points to watch, as figures among metrics.

Other rooms count them, so they are not in the registry: who has the numbers adds them to values.
"""

from geozones.metrics.format import COUNT
from geozones.metrics.record import Better, Metric, Place

BREACHES = Metric(
    key="breaches",
    label="Règles non respectées",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({Place.COMPARISON}),
    order=80,
)
VIGILANCE = Metric(
    key="vigilance",
    label="Points de vigilance",
    narrow="Vigilance",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({Place.COMPARISON, Place.HEADLINE}),
    order=81,
    classes=(0.0, 1.0, 2.0),
)
#: Both, in the order in which they are shown.
COUNTED = (BREACHES, VIGILANCE)
