"""Parameters of a test, of which some are slow: `make test` runs the others."""

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet


def slow_but[T](values: Iterable[T], *quick: T) -> list[T | ParameterSet]:
    """Return parameters in their order, marked slow but for the ``quick`` ones.

    A quick one that is no parameter is a mistake: `ValueError`.
    """
    every = list(values)
    if unknown := [value for value in quick if value not in every]:
        msg = f"No such parameters: {unknown}"
        raise ValueError(msg)
    return [each if each in quick else pytest.param(each, marks=pytest.mark.slow) for each in every]
