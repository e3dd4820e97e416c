"""Parameters of a test, of which some are slow: `make test` runs the others."""

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet


def slow_but[T](values: Iterable[T], *quick: T) -> list[T | ParameterSet]:
    """Return parameters in their order, marked slow but for the ``quick`` ones.

    A tuple holds the values of several parameters. A quick one that is none of them is a mistake:
    `ValueError`.
    """
    every = list(values)
    if unknown := [value for value in quick if value not in every]:
        msg = f"No such parameters: {unknown}"
        raise ValueError(msg)
    return [each if each in quick else _slow(each) for each in every]


def _slow(value: object) -> ParameterSet:
    values = value if isinstance(value, tuple) else (value,)
    return pytest.param(*values, marks=pytest.mark.slow)
