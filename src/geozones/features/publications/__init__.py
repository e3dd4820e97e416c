"""Publications: the list, the form that publishes a scenario from a date on, withdrawal."""

from geozones.feature_list import FeatureDeclaration

FEATURE = FeatureDeclaration(
    commands=(
        ("publish", "commands:publish", "Met un scénario en vigueur à partir d'une date."),
        (
            "withdraw",
            "commands:withdraw",
            "Retire une publication : le plan d'avant reprend sa place.",
        ),
        (
            "publications",
            "commands:publications",
            "Plan de départ, et plans publiés : en vigueur, passés, à venir, retirés.",
        ),
    ),
    replaced={
        "publications": "scenarios publications",
        "publications publish": "scenarios publish",
        "publications withdraw": "scenarios withdraw",
    },
    parts="parts:PARTS",
)
