"""The solver, HiGHS, as every program here uses it: silent, on one thread, always the same answer.

Docs: https://ergo-code.github.io/HiGHS/stable/options/definitions/
"""

import highspy

_SAME_ANSWER = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0}


class _Silent(highspy.Highs):
    """HiGHS without the banner that it would print when callbacks are enabled."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is the library's
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def solver(**options: float) -> highspy.Highs:
    """Return a solver without any program; ``options`` are HiGHS's own, by name."""
    made = _Silent()  # type: ignore[no-untyped-call]
    for option, value in (_SAME_ANSWER | options).items():
        made.setOptionValue(option, value)
    return made
