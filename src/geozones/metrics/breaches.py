"""Numbers of rule breaches, of points to watch and of whole posts, as metrics.

Other rooms count them, so they are not in the registry: callers that have the numbers add them to
the values.
"""

from geozones.metrics.format import COUNT
from geozones.metrics.metric import Better, Metric, MetricPlace

BREACHES = Metric(
    key="breaches",
    label="Règles non respectées",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({MetricPlace.COMPARISON}),
    order=80,
)
VIGILANCE = Metric(
    key="vigilance",
    label="Points de vigilance",
    narrow="Vigilance",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({MetricPlace.COMPARISON, MetricPlace.HEADLINE}),
    order=81,
    classes=(0.0, 1.0, 2.0),
)
WHOLE_POSTS = Metric(key="whole_posts", label="Postes", format=COUNT, better=Better.LOWER)
#: Breaches and points, in the order of display.
COUNTED = (BREACHES, VIGILANCE)
