"""Figures of publications and frozen versions: kept as they were made, or marked as of today."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geozones.domain import Publication, ScenarioStatus
from geozones.export import Dossier
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.metrics import Values, number_of
from geozones.metrics.metric_registry import metric, watch_list
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.ledger import read_ledger
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    ExportedPlan,
    ExportView,
    of_publication,
    of_work,
)
from helpers.stored import published_in

MADE = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
ADA = Actor("Ada", Role.ADMINISTRATOR)
KEPT = "Chiffres conservés : calculés le 1er septembre 2026 avec la méthode 3."
RECOMPUTED = "Chiffres recalculés le 28 novembre 2026 avec la méthode 3."
#: Road that a matrix of that time gave, in hours more than today's.
LONGER = 1000.0


class Shelf:
    """A store where a scenario was published, frozen and decided on the first of September."""

    def __init__(self, study: Study, store: Store, database: Path) -> None:
        self.study, self.store, self._database = study, store, database
        made = Scenarios(study.analysis, lambda: store, ADA, lambda: MADE)
        plan = study.plan
        home, away, *_ = next(
            plan.zones_of(sector.id) for sector in plan.sectors if not sector.is_draft
        )
        lycee = next(
            key for key in plan.members(home.id) if key != plan.sector(home.sector).support_centre
        )
        self.zones = (home, away)
        work = made.record(made.new(), "move", {"moves": {lycee: away.id}})
        self.token = made.links.freeze(work)
        publishing = Publications(study.analysis, lambda: store, ADA, lambda: MADE)
        work = made.decide(work, ScenarioStatus.KEPT, "oui")
        self.decided = work.saved.decisions[-1].frozen
        publishing.publish(work, Terms("2026-09-01", "Grace Hopper"), insist=True)

    def alter(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Change every kept figure in the database."""
        with closing(sqlite3.connect(self._database)) as base, base:
            for table, key in (("geozones_publications", "id"), ("geozones_frozen", "token")):
                for code, text in base.execute(f"SELECT {key}, figures FROM {table}").fetchall():  # noqa: S608 - fixed names
                    changed = json.dumps(change(json.loads(text)))
                    query = f"UPDATE {table} SET figures = ? WHERE {key} = ?"  # noqa: S608 - as above
                    base.execute(query, (changed, code))

    @property
    def publication(self) -> Publication:
        """The publication, as stored."""
        (found,) = published_in(self.store)
        return found

    def published(self) -> ExportedPlan:
        """Return the publication as files and pages open it today."""
        atlas = self.study.atlas
        ledger = read_ledger(atlas, lambda: self.store, TODAY.date().isoformat())
        return of_publication(self.study.analysis, ledger, self.publication)

    def version(self, token: str) -> Work:
        """Return a frozen version as its link opens it today."""
        opened = Scenarios(self.study.analysis, lambda: self.store, ADA, lambda: TODAY)
        return opened.links.open(token)


@pytest.fixture
def shelf(study: Study, tmp_path: Path) -> Iterator[Shelf]:
    store = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield Shelf(study, store, tmp_path / "scenarios.db")
    store.close()


def under_another_matrix(document: dict[str, Any]) -> dict[str, Any]:
    """Return figures as another matrix of that time would have made them: more road, everywhere."""
    for areas in (document["areas"], document["base"]):
        for figures in areas.values():
            figures["metrics"]["road_hours"] += LONGER
            if "cost" in figures:
                figures["cost"]["road_hours"] += LONGER
    return document


def road(values: Values) -> float:
    hours = number_of(values["road_hours"])
    assert hours is not None
    return hours


def shown(exported: ExportedPlan, kind: str = "region") -> Dossier:
    return dossier(exported, ExportView(kind))


def test_a_publication_shows_the_figures_of_its_making_although_drives_changed(
    shelf: Shelf,
) -> None:
    today = shown(shelf.published())
    assert KEPT in today.sources
    shelf.alter(under_another_matrix)
    kept = shown(shelf.published())
    assert KEPT in kept.sources
    assert road(kept.values) == road(today.values) + LONGER
    for then, now in zip(kept.sectors, today.sectors, strict=True):
        assert road(then.values) == road(now.values) + LONGER
    for old, new in zip(kept.zones, today.zones, strict=True):
        assert road(old.values) == road(new.values) + LONGER
        assert old.values["max_minutes"] == new.values["max_minutes"]


@pytest.mark.parametrize("state", ["without figures", "another method", "unreadable"])
def test_a_publication_without_figures_of_this_method_is_marked_as_of_today(
    shelf: Shelf, state: str
) -> None:
    before = shown(shelf.published())
    shelf.alter(
        lambda found: {
            "without figures": {},
            "another method": under_another_matrix(found) | {"method": 1},
            "unreadable": {"method": 3, "day": 3, "areas": []},
        }[state]
    )
    after = shown(shelf.published())
    assert RECOMPUTED in after.sources
    assert KEPT not in after.sources
    assert after.values == before.values
    version = of_work(shelf.study.analysis, shelf.version(shelf.token))
    assert RECOMPUTED in shown(version).sources


@pytest.mark.parametrize("of", ["token", "decided"])
def test_a_frozen_version_keeps_its_figures_and_those_of_the_plan_before(
    shelf: Shelf, of: str
) -> None:
    token = getattr(shelf, of)
    before = shown(of_work(shelf.study.analysis, shelf.version(token)), "before-after").comparison
    shelf.alter(under_another_matrix)
    exported = of_work(shelf.study.analysis, shelf.version(token))
    found = shown(exported, "before-after")
    assert KEPT in found.sources
    assert before is not None
    old, new = (
        next(change for change in made.changes if change.metric is metric("road_hours"))
        for made in (before, found.comparison)
    )
    assert number_of(new.before) == (number_of(old.before) or 0) + LONGER
    assert number_of(new.after) == (number_of(old.after) or 0) + LONGER
    assert new.after == road(found.values)
    assert new.before == road(found.comparison.earlier.values)
    for sector in {zone.sector for zone in shelf.zones}:
        part = dossier(exported, ExportView("sector", sector))
        change = next(
            each for each in part.comparison.changes if each.metric is metric("road_hours")
        )
        assert change.after == road(part.values)
        assert change.before == road(part.comparison.earlier.values)


def test_two_plans_decided_at_different_times_are_compared_with_figures_of_today(
    shelf: Shelf,
) -> None:
    today = shown(shelf.published()).values["road_hours"]
    shelf.alter(under_another_matrix)
    found = shown(shelf.published(), "before-after")  # against the starting plan, never kept
    change = next(each for each in found.comparison.changes if each.metric is metric("road_hours"))
    assert (change.after, road(found.values)) == (today, today)
    assert RECOMPUTED in found.sources


def test_figures_under_another_threshold_posts_or_hypotheses_are_of_today(shelf: Shelf) -> None:
    shelf.alter(under_another_matrix)
    study, work = shelf.study, shelf.version(shelf.token)
    kept = study_of_work(study.analysis, work)
    assert not kept.kept.recomputed
    assert road({**kept.area(), **kept.kept_metrics()}) == road(kept.area())
    strict = study_of_work(study.analysis.with_max_minutes(40), work)
    assert strict.kept.sentence == RECOMPUTED
    fresh = road(kept.with_kept(None).area())
    assert road(kept.area()) == fresh + LONGER
    dearer = replace(study.settings.cost, euros_per_km=2.0)
    other = kept.with_plan(study.plan)
    assert road(other.area()) == road(study.area())
    assert road(kept.with_cost_settings(dearer).area()) == fresh


def test_the_kept_points_to_watch_and_longest_drive_are_those_that_pages_count(
    shelf: Shelf,
) -> None:
    work = shelf.version(shelf.token)
    kept = study_of_work(shelf.study.analysis, work)
    fresh = kept.with_kept(None)
    assert kept.area() == fresh.area()
    counts = kept.kept_metrics()
    assert counts["breaches"] == len(fresh.alerts())
    assert counts["vigilance"] == watch_list(vigilance(fresh)).count
    cost = kept.kept.cost()
    assert cost["total_hours"] == fresh.cost().total_hours
    assert cost["posts"] == fresh.cost().posts
    assert cost["unstaffed_hours"] == fresh.cost().unstaffed_hours
