"""Write docs/rgaa.md, the grid of the criteria of RGAA 4.1, from the grid of the app."""

from pathlib import Path

from geozones.ui.notices import DATE, AuditStatus, grid, share_met, verdict

PAGE = Path(__file__).parents[1] / "docs" / "rgaa.md"


def page() -> str:
    """Return the page."""
    counts = {kind: sum(one.status is kind for one in grid()) for kind in AuditStatus}
    counted = ", ".join(f"{count} {kind.value}" for kind, count in counts.items())
    rows = [
        f"| {one.number} | {one.subject} | {one.status.value} | {one.why} | {_proof(one.proof)} |"
        for one in grid()
    ]
    return "\n".join(
        [
            "# Accessibilité : les 106 critères du RGAA 4.1",
            "",
            "Écrit par `scripts/rgaa_grid.py` d'après `src/geozones/ui/notices/grid.csv`, que",
            "l'app montre aussi (lien « Accessibilité » au bas de chaque page). Auto-évaluation de",
            f"l'équipe, le {DATE} ; pas un audit indépendant. L'objet d'un critère est dit en nos",
            "mots ; son texte est au [référentiel](https://accessibilite.numerique.gouv.fr).",
            "",
            f"{len(grid())} critères : {counted}. Des critères applicables,",
            f"{share_met():.0%} sont respectés : **{verdict()}**.".replace("%", " %"),
            "",
            "| critère | objet | état | pourquoi | preuve |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _proof(proof: str) -> str:
    file, _, test = proof.partition("::")
    return f"[{test}](../{file})" if test else proof


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
