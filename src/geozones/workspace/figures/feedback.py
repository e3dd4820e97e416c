"""Feedback on plans for pages and files: sentences and marks of the feature that collects it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geozones import feature_list
from geozones.domain import Plan
from geozones.render.scene import FeedbackMark
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import UseCases

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, slots=True)
class PlanFeedback:
    """What people said of a plan: nothing here, more in the class of the feature that collects it.

    It is picklable, since files are made in other processes.
    """

    @property
    def sentences(self) -> tuple[str, ...]:
        """The feedback in sentences, empty without any."""
        return ()

    @property
    def line(self) -> str:
        """The feedback counted in one sentence, for the first page of files; empty without any."""
        return ""

    def in_sector(self, plan: Plan, sector_id: str) -> "PlanFeedback":  # noqa: ARG002 - of the heir
        """Return the feedback on a sector (id) of a plan, its zones and its lycées."""
        return self

    def marks(self, study: Study) -> tuple[FeedbackMark, ...]:  # noqa: ARG002 - of the heir
        """Return the marks of the places of a study's plan, on the screen map."""
        return ()


NO_FEEDBACK = PlanFeedback()


@dataclass(frozen=True, slots=True)
class FeedbackReaders:
    """Use cases of a feature that read feedback."""

    #: Returns the feedback on the versions of a scenario (id); empty for ``None``.
    of_scenario: Callable[[UseCases, str | None], PlanFeedback] = lambda *_: NO_FEEDBACK
    #: Returns the feedback on one version, by the token of its link.
    on_version: "Callable[[Callable[[], Store], str], PlanFeedback]" = lambda *_: NO_FEEDBACK


def feedback_readers() -> FeedbackReaders:
    """Return the readers of the feature that collects feedback; without one, they find none."""
    found: tuple[FeedbackReaders, ...] = feature_list.values("feedback")
    return (*found, FeedbackReaders())[0]
