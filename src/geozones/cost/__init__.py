"""Yearly cost of a plan: hours on the road, ruptures, needs without a post.

Items (`item_registry`) are counted from the activity of a zone's posts (`activity`): exactly if the
posts are defined (`exact`), else from needs, minutes and a number of posts (`closed_form`).
"""

from geozones.cost.hours_model import HoursModel
from geozones.cost.item_registry import ITEMS

__all__ = ["ITEMS", "HoursModel"]
