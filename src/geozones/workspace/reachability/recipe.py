"""Recipe for minutes computed on OpenStreetMap: from an extract to a matrix in use, in commands.

The page « Données » and the guide show it; a test follows it on a real extract.
"""

from dataclasses import dataclass

#: Files that the commands name: the reader puts names of their own.
EXTRACT, MATRIX, MEASURED = "region.osm.pbf", "nouvelle.parquet", "mesures.csv"


@dataclass(frozen=True, slots=True)
class RecipeStep:
    """Command of a recipe, and what it is for, in French."""

    command: str
    aim: str


RECIPE = (
    RecipeStep(
        f"geozones roads build {EXTRACT}",
        "prépare les routes d'un extrait d'OpenStreetMap de la région entière",
    ),
    RecipeStep(
        f"geozones times build --engine valhalla --engine shipped --out {MATRIX}",
        "calcule les durées sans les mettre en service",
    ),
    RecipeStep(
        f"geozones times compare shipped {MATRIX}",
        "donne leur écart aux durées livrées, et le biais par genre de trajet",
    ),
    RecipeStep(
        "geozones times build --engine valhalla --engine shipped",
        "met les nouvelles durées en service",
    ),
    RecipeStep(
        f"geozones times accuracy --reference {MEASURED}",
        "donne leur biais par genre face à vos trajets mesurés, et la part qui tombe dans "
        "l'intervalle",
    ),
)
