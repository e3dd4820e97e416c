"""Files that expand without bound are refused before they do, in one sentence."""

import pytest

from geozones.jobs import FILES, run_in_process
from helpers.bombs import BOMBS, read
from helpers.slow_params import slow_but

#: Lists whose every line fits, and which are read; or that hold nothing.
READ = {
    "json, levels": "1 lignes lues",
    "ods, cells of one row": "aucune ligne remplie",
    "xlsx, cells of one row": "aucune ligne remplie",
}
REFUSED = ("demanderait trop de mémoire", "trop d'éléments", "d'un million de lignes", "colonnes")


@pytest.mark.parametrize(
    "name",
    slow_but(BOMBS, "xlsx, fonts", "xlsx, one text in every cell", "csv, columns", "csv, lines"),
)
def test_a_bomb_is_refused_before_it_fills_the_memory(name: str) -> None:
    said, megabytes = run_in_process(FILES, read, name)
    assert megabytes < 250
    assert any(words in said for words in ([READ[name]] if name in READ else REFUSED))
