"""What changes between two plans, said in sentences."""

from geozones.export.dossier import Moved
from geozones.export.sentences import of_moves

NBSP = "\u00a0"


def test_lycees_that_come_or_go_are_not_told_as_moved() -> None:
    moves = [
        Moved("Racan", "A", "B", changes_sector=False),
        Moved("Neuf", "", "B", changes_sector=False),
        Moved("Autre", "", "B", changes_sector=False),
        Moved("Ancien", "A", "", changes_sector=False),
    ]
    assert of_moves(moves) == (
        f"1{NBSP}lycée change de zone, 2{NBSP}lycées sont ajoutés et 1{NBSP}lycée est retiré"
    )
