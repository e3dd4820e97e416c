"""Strip of team figures under the key figures, if the scenario has posts."""

import htpy

from geozones.common.french import minutes
from geozones.domain import Plan
from geozones.metrics.metric import MetricPlace
from geozones.metrics.metric_changes import Change
from geozones.metrics.metric_registry import shown_in
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import card, difference
from geozones.workspace.study import Study


def team_figures(
    study: Study, sector: str | None, zone: str | None, base: Plan | None = None
) -> None:
    """Show the team figures of the selection, compared with ``base``; nothing without posts."""
    if not study.teams.posts:
        return
    values = study.area(sector, zone)
    before = None if base is None else study.with_plan(base).area(sector, zone)
    near = minutes(study.settings.teams.near_minutes)
    labels = {"cover_near_share": f"Relèves en moins de {near}"}
    cards = []
    for record in shown_in(MetricPlace.STRIP, posts=True):
        if record.needs_posts:
            value = values[record.key]
            change = Change(record, None if before is None else before[record.key], value)
            label = labels.get(record.key, record.short)
            cards.append(card(label, record.write(value), record.about, difference(change)))
    label = "Chiffres des équipes"
    html.show(htpy.section(".gz-figures.gz-teams", tabindex="0", aria_label=label)[cards])
