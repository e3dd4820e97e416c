"""Registry of the items of the yearly cost, in the order of display.

A new item takes three edits: its module in ``items``, a line below, a row in ``docs/reference.md``.
"""

from geozones.cost.item import Item
from geozones.cost.items import absences, non_servi, tis, tournees, visites

ITEMS: dict[str, Item] = {
    item.key: item
    for item in (
        tournees.ITEM,
        visites.ITEM,
        absences.ITEM,
        tis.ITEM,
        non_servi.ITEM,
    )
}
