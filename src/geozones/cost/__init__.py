"""Yearly cost of a plan: hours on the road and without technician.

It comes from the weeks of posts (`zone_cost`), or from needs and minutes (`closed_form`). May
import `common`, `domain`, `teams`.
"""

from geozones.cost.hours_model import HoursModel
from geozones.cost.items import ITEMS

__all__ = ["ITEMS", "HoursModel"]
