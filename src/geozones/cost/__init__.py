"""Yearly cost of a plan: hours on the road and without technician.

Each item (``items``) is counted from the `items.Activity` of a zone's posts: exactly if the posts
are defined (``zone_cost``), else from needs, minutes and a number of posts (``closed_form``).
"""

from geozones.cost.hours_model import HoursModel
from geozones.cost.items import ITEMS

__all__ = ["ITEMS", "HoursModel"]
