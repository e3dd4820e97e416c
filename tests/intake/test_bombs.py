"""Files that expand without bound are refused before they do, in one sentence."""

import pytest

from geozones.jobs import FILES, run_in_process
from helpers.bombs import BOMBS, read
from helpers.slow_params import slow_but

#: Lists whose every line fits, and which are read.
READ = {"ods, repeated rows": "25000 lignes lues", "json, levels": "1 lignes lues"}


@pytest.mark.parametrize(
    "name",
    slow_but(BOMBS, "xlsx, fonts", "json, levels", "csv, lines"),
)
def test_a_bomb_is_refused_before_it_fills_the_memory(name: str) -> None:
    said, megabytes = run_in_process(FILES, read, name)
    assert megabytes < 250
    refused = "demanderait trop de mémoire" in said or "trop d'éléments" in said
    assert said == READ[name] if name in READ else refused or "d'un million de lignes" in said
