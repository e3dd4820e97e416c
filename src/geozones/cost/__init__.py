"""What a plan costs in a year: hours on the road and hours of service not given.

Items (`registry`) are counted from what the posts of a zone do (`activity`): exactly where they are
defined (`exact`), from needs, minutes and a number of posts where they are not (`closed_form`).
"""

from geozones.cost.hours_model import HoursModel
from geozones.cost.registry import ITEMS

__all__ = ["ITEMS", "HoursModel"]
