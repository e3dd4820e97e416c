"""Registry of the items of the yearly cost, in the order of display.

A new item takes three edits: its module in ``items``, a line below, a row in ``docs/reference.md``.
"""

from geozones.cost.item import Item
from geozones.cost.items import absences, ruptures, sans_poste, tis, tournees, visites

ITEMS: dict[str, Item] = {
    item.key: item
    for item in (
        tournees.ITEM,
        visites.ITEM,
        absences.ITEM,
        ruptures.ITEM,
        sans_poste.ITEM,
        tis.ITEM,
    )
}
