"""Imports of lists of sites: read, repaired, placed, made a scenario; the page « Liste »."""

from geozones.feature_list import FeatureDeclaration

FEATURE = FeatureDeclaration(
    root_commands=(
        (
            "import",
            "commands:import_list",
            "{Sites} et zones d'une liste, vérifiés, réparés, placés.",
        ),
    ),
    replaced={"geocode": "import --geocode"},
    parts="parts:PARTS",
)
