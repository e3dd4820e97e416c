"""HiGHS solver with the options shared by every program: silent, one thread, deterministic.

Docs: https://ergo-code.github.io/HiGHS/stable/options/definitions/
"""

import highspy

#: One thread, so that the same program has the same answer on any machine. The relative gap is 0
#: because HiGHS's default, 1e-4, ends at a plan that may be 0.01 % worse, and calls it optimal.
_SAME_ANSWER = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0}


class _Silent(highspy.Highs):
    """HiGHS without the banner that it prints when callbacks are enabled."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is the library's
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def solver(**options: float) -> highspy.Highs:
    """Return a solver without a program; ``options`` are HiGHS's own, by name."""
    made = _Silent()  # type: ignore[no-untyped-call]
    for option, value in (_SAME_ANSWER | options).items():
        made.setOptionValue(option, value)
    return made
