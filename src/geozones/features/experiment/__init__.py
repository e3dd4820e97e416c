"""Journal of an experiment, its bilan against the plan, and the hypotheses retained from it."""

from geozones.feature_list import FeatureDeclaration

FEATURE = FeatureDeclaration(
    root_commands=(
        ("bilan", "commands:bilan", "Bilan d'une expérimentation, dans un document."),
        ("journal", "commands:journal", "Journal d'une expérimentation : observé et attendu."),
    ),
    replaced={"journal sample": "journal FICHIER"},
    parts="parts:PARTS",
)
