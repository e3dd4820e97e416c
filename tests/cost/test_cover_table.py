"""The table of covers is computed once, whoever asks at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from geozones.cost.cover_table import CoverTable, cover_table


def test_those_who_ask_at_the_same_time_get_the_one_table_that_is_computed() -> None:
    together = Barrier(6)

    def ask(_: int) -> CoverTable:
        together.wait()
        return cover_table(0.0713, 5.0, 2)  # hypotheses that no other test has

    with ThreadPoolExecutor(6) as threads:
        tables = list(threads.map(ask, range(6)))
    assert len(set(map(id, tables))) == 1
