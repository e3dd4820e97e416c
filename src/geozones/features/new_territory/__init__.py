"""New territory: a data folder made from a list of sites, or from an area of France."""

from geozones.feature_list import FeatureDeclaration

FEATURE = FeatureDeclaration(
    root_commands=(
        ("new", "commands:new", "Nouveau territoire, d'une liste de sites ; ou un premier plan."),
    ),
    parts="parts:PARTS",
)
