"""A feature's folder and its line of the list are deleted in a copy, and the tool works there."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from geozones.common.clock import today
from geozones.domain import ScenarioStatus
from geozones.domain.field_journal import Intervention, JournalFile, by_month, journal_of
from geozones.feature_list import FEATURES
from geozones.features.comments.use_cases import Comments
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.scenarios.service import Scenarios
from helpers.stored import store_journal
from scripts.without_feature import PAGES, copy_without, run_in

ROOT = Path(__file__).parents[1]
RACAN = "0720012X"


@pytest.fixture
def database(tmp_path: Path, shipped_study: Study) -> str:
    """The address of a store with a comment, a publication, and an old and a new month."""
    url = f"sqlite:///{tmp_path}/scenarios.db"
    with closing(open_store(url)) as store:
        scenarios = Scenarios(shipped_study.analysis, lambda: store, LOCAL)
        new = scenarios.new()
        here = new.plan.zone_by_lycee[RACAN]
        zone = next(each.id for each in new.plan.zones if each.id != here)
        work = scenarios.record(new, "move", {"moves": {RACAN: zone}}, "essai")
        work = scenarios.decide(work, ScenarioStatus.KEPT, "Retenu.")
        token = scenarios.links.freeze(work, comments=True)
        shown = study_of_work(shipped_study.analysis, work)
        said = ("Proviseure", "Trop loin.")
        Comments(lambda: store, VISITOR).leave(token, shown, f"lycee:{RACAN}", said, "")
        publications = Publications(shipped_study.analysis, lambda: store, LOCAL)
        publications.publish(work, Terms("2030-09-01", "Ada"), insist=True)
        rows = [Intervention(day, 0, RACAN, "tip-1") for day in (date(2019, 3, 4), today())]
        file = JournalFile(
            "0" * 64, "glpi.csv", "", "Ada", 2, "2019-03-04", str(today()), invented=False
        )
        store_journal(store, file, by_month(journal_of(rows)))
    return url


@pytest.mark.slow
@pytest.mark.parametrize("feature", FEATURES)
def test_the_tool_works_without_a_feature_and_keeps_what_it_stored(
    feature: str, database: str
) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "without_feature.py", feature],
        env=os.environ | {"GEOZONES_DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("page « ") == len(PAGES) + 1
    assert "backup: 1 publications, 1 comments" in done.stdout
    assert "1 journal, 2 journal_months" in done.stdout
    assert "nightly: 2019-03 forgotten" in done.stdout
    assert ("page: 0 « commentaire »" in done.stdout) is (feature == "comments")


def test_a_core_that_imports_a_feature_fails_without_it(tmp_path: Path) -> None:
    copy_without("comments", tmp_path)
    module = tmp_path / "src" / "geozones" / "cli" / "plans.py"
    module.write_text(f"import geozones.features.comments\n{module.read_text('utf-8')}", "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        run_in(tmp_path, "-m", "geozones.cli", "metrics")
