"""Comments on shared versions of scenarios, and opinions that lycées are asked on them."""

from geozones.feature_list import FeatureDeclaration

FEATURE = FeatureDeclaration(
    commands=(
        ("comments", "commands:comments", "Commentaires sur les versions partagées."),
        ("opinions", "commands:opinions", "Avis demandés sur les versions partagées."),
    ),
    replaced={
        "voices": "scenarios comments",
        "voices ask": "scenarios opinions ask",
        "voices erase": "admin erase",
        "voices export": "scenarios comments export",
    },
    parts="parts:PARTS",
    feedback="use_cases:READERS",
)
