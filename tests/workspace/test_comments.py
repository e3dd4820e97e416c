"""What people say of a shared version: who may, what is refused, what the note says of it."""

import io
import re
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain.access import DeadLinkError
from geozones.domain.comments import Comment, Stance, Treatment
from geozones.export.registry import format_of
from geozones.features.comments.model import (
    MAX_COMMENT_LENGTH,
    ClosedQuestionError,
    places_of,
)
from geozones.features.comments.parts.views import thread
from geozones.features.comments.summary import comment_rows, history_line, opinion_rows
from geozones.features.comments.use_cases import Comments, Opinions, feedback_of
from geozones.store import Store, open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR, Actor, NotAllowedError, Role
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, open_exported_plan
from geozones.workspace.upkeep import erase_person
from helpers.feedback import StoredComments, StoredOpinions

READER = Actor("Lou", Role.READER)
RACAN, LAVAL = "0720012X", "0530012A"


def noon() -> datetime:
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def scenarios(study: Study, store: Store) -> Scenarios:
    return Scenarios(study.analysis, lambda: store, LOCAL, noon)


@pytest.fixture
def work(scenarios: Scenarios) -> Work:
    return scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près")


@pytest.fixture
def token(scenarios: Scenarios, work: Work) -> str:
    return scenarios.links.freeze(work, comments=True)


def by(actor: Actor, store: Store) -> Comments:
    return Comments(lambda: store, actor, noon)


def left(store: Store, token: str, study: Study, text: str = "Trop loin.") -> Comment:
    said = ("  Proviseure\u202e de Racan ", text)
    return by(VISITOR, store).leave(token, study, f"lycee:{RACAN}", said, "192.0.2.1")


def test_a_comment_is_kept_without_its_control_signs_and_a_hidden_one_is_not_shown(
    study: Study, store: Store, token: str
) -> None:
    comment = left(store, token, study, "Trop loin <b>pour nous</b>.\n\x07Merci")
    assert comment.author == "Proviseure de Racan"
    assert comment.text == "Trop loin <b>pour nous</b>.\nMerci"
    by(LOCAL, store).hide(comment.id, "nomme une personne")
    assert by(VISITOR, store).by_link(token) == (True, ())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("", "Ada", "Trop loin."), "Choisissez ce dont vous parlez, tout le plan"),
        (
            ("zone:nulle-part", "Ada", "Trop loin."),
            "Choisissez ce dont vous parlez, tout le plan",
        ),
        (("zone:SAR-4", "  ", "Trop loin."), "Indiquez votre nom ou votre fonction"),
        (("zone:SAR-4", "a" * 81, "Trop loin."), "raccourcissez-le"),
        (("zone:SAR-4", "Ada", " \n "), "est vide"),
        (
            ("zone:SAR-4", "Ada", "é" * 100_000),
            f"fait 100\u202f000 signes, {number(MAX_COMMENT_LENGTH)} au plus",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(
    study: Study, store: Store, token: str, given: tuple[str, str, str], said: str
) -> None:
    place, name, text = given
    with pytest.raises(InputError, match=said) as refused:
        by(VISITOR, store).leave(token, study, place, (name, text), "")
    assert "\n" not in str(refused.value)
    assert len(text) <= MAX_COMMENT_LENGTH or "votre texte reste" in str(refused.value)
    assert StoredComments(store).list() == ()


def first_page(key: str, content: bytes) -> str:
    """Return the text of the first page of a file: its first slide, its sheet of what changes."""
    if key == "pptx":
        first = Presentation(io.BytesIO(content)).slides[0].shapes
        said = " ".join(shape.text_frame.text for shape in first if shape.has_text_frame)
    elif key == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(content))["Ce qui change"].values
        said = " ".join(str(row[0]) for row in rows)
    elif key == "pdf":
        asked = ["pdftotext", "-l", "1", "-", "-"]
        said = subprocess.run(asked, input=content, capture_output=True, check=True).stdout.decode()
    else:
        said = content.decode()
    return re.sub(r"\s+", " ", said)


def test_the_note_says_what_was_said_and_what_becomes_of_it(
    study: Study, store: Store, scenarios: Scenarios, work: Work, token: str
) -> None:
    first = left(store, token, study, "Trop loin <b>pour nous</b>.")
    hidden = left(store, token, study, "Un nom à taire.")
    left(store, token, study, "Et les vendredis ?")
    planner = by(LOCAL, store)
    planner.rule(first.id, Treatment.TAKEN, "la zone est revue")
    planner.hide(hidden.id, "nomme une personne")
    asked = Opinions(lambda: store, LOCAL, noon)
    links = asked.ask(token, study, "Êtes-vous favorable ?", [RACAN, LAVAL], "2026-03-31")
    racan = next(each.token for each in links if each.lycee == RACAN)
    Opinions(lambda: store, VISITOR, noon).give(racan, Stance.OPPOSED, "55 minutes", "Proviseur")

    subject = open_exported_plan(study.analysis, scenarios, work.saved.id)
    whole = dossier(subject, ExportView())
    assert whole.feedback[0] == "2\u00a0commentaires : 1\u00a0pris en compte, 1\u00a0à traiter."
    assert whole.feedback[1].endswith("; pris en compte : la zone est revue.")
    assert "1\u00a0défavorable, 1\u00a0sans réponse" in whole.feedback[2]
    assert not any("nom à taire" in said for said in whole.feedback)
    page = format_of("html").make(whole).decode()
    assert "Trop loin &lt;b&gt;pour nous&lt;/b&gt;" in page
    book = openpyxl.load_workbook(io.BytesIO(format_of("xlsx").make(whole)))
    cells = [row[0].value for row in book["Avis et commentaires"].iter_rows()]
    assert any("la zone est revue" in str(cell) for cell in cells)
    counted = "2 lycées interrogés : 1 défavorable, 1 sans réponse ; 2 commentaires : 1 pris en"
    for key in ("html", "pptx", "pdf", "xlsx"):
        assert counted in first_page(key, format_of(key).make(whole)), key
    mayenne = dossier(subject, ExportView("sector", "mayenne")).feedback
    assert [said for said in mayenne if "commentaire" in said] == []
    assert "1\u00a0lycée interrogé" in mayenne[0]


def test_a_file_gives_the_reasons_of_the_moves_that_it_shows(
    study: Study, scenarios: Scenarios, work: Work
) -> None:
    more = scenarios.record(work, "move", {"moves": {"0850027T": "VEN-1"}}, "un collègue de plus")
    subject = open_exported_plan(study.analysis, scenarios, more.saved.id)
    reasons = {
        view: " ".join(dossier(subject, ExportView(*view)).reasons)
        for view in (("region",), ("sector", "sarthe"), ("sector", "vendee"))
    }
    for view, near, colleague in zip(
        reasons, (True, True, False), (True, False, True), strict=True
    ):
        assert ("plus près" in reasons[view]) is near, view
        assert ("un collègue de plus" in reasons[view]) is colleague, view


def test_a_lycee_answers_by_its_link_until_the_last_day(
    study: Study, store: Store, scenarios: Scenarios, work: Work, token: str
) -> None:
    planner = Opinions(lambda: store, LOCAL, noon)
    with pytest.raises(NotAllowedError):
        Opinions(lambda: store, READER, noon).ask(token, study, "?", [RACAN], "2026-03-31")
    with pytest.raises(InputError, match="dernier jour pour répondre est passé"):
        planner.ask(token, study, "?", [RACAN], "2026-03-01")
    with pytest.raises(InputError, match="Choisissez de 1 à 500 lycées"):
        planner.ask(token, study, "?", ["nulle-part"], "2026-03-31")
    (opinion,) = planner.ask(token, study, "Êtes-vous favorable ?", [RACAN], "2026-03-02")
    lycee = Opinions(lambda: store, VISITOR, noon)
    with pytest.raises(InputError, match="Choisissez un avis"):
        lycee.give(opinion.token, None, "", "Proviseur")
    with pytest.raises(InputError, match="Le motif est vide"):
        lycee.give(opinion.token, Stance.RESERVED, "", "Proviseur")
    lycee.give(opinion.token, Stance.OPPOSED, "55 minutes", "Inconnu")
    lycee.give(opinion.token, Stance.FAVOURABLE, "", "Proviseur")
    assert lycee.asked(opinion.token)[1].stance is Stance.FAVOURABLE
    ((question, (answered,)),) = planner.questions(work.saved.id)
    (row,) = opinion_rows(question, [answered])
    assert (row["avis"], row["reponses"]) == ("favorable", "2")
    assert row["reponses_precedentes"].endswith(" : défavorable, Inconnu : 55 minutes")
    assert history_line(answered, lambda _: "2 mars") == (
        "2e réponse ; avant : défavorable (Inconnu, 2 mars)"
    )
    late = Opinions(lambda: store, VISITOR, lambda: datetime(2026, 3, 3, 12, tzinfo=UTC))
    with pytest.raises(ClosedQuestionError, match=r"jusqu'au 2.mars.2026"):
        late.give(opinion.token, Stance.OPPOSED, "55 minutes", "Proviseur")
    scenarios.links.withdraw(token)
    with pytest.raises(DeadLinkError, match="retiré"):
        lycee.asked(opinion.token)


def test_an_administrator_erases_a_name_wherever_it_signed(
    study: Study, store: Store, token: str
) -> None:
    left(store, token, study)
    planner = Opinions(lambda: store, LOCAL, noon)
    (opinion,) = planner.ask(token, study, "Favorable ?", [RACAN], "2026-03-31")
    planner.give(opinion.token, Stance.FAVOURABLE, "", "proviseure de racan")
    with pytest.raises(NotAllowedError):
        erase_person(lambda: store, Actor("Max", Role.PLANNER), "Proviseure de Racan")
    erasure = erase_person(lambda: store, LOCAL, "Proviseure de Racan")
    assert (erasure.comments, erasure.opinions) == (1, 1)
    signed = (*StoredComments(store).list(), *StoredOpinions(store).on_version(token))
    assert {each.author for each in signed} == {""}
    with pytest.raises(InputError, match="Rien n'est signé"):
        erase_person(lambda: store, LOCAL, "Proviseure de Racan")


def test_places_that_people_spoke_of_are_marked_on_the_map(
    study: Study, store: Store, work: Work, token: str
) -> None:
    comment = left(store, token, study)
    visitor = by(VISITOR, store)
    visitor.leave(token, study, "zone:SAR-4", ("Ada", "Trop grande."), "")
    hidden = visitor.leave(token, study, "sector:mayenne", ("Ada", "Un nom."), "")
    by(LOCAL, store).rule(comment.id, Treatment.DECLINED, "plus tard")
    by(LOCAL, store).hide(hidden.id, "nomme une personne")
    Opinions(lambda: store, LOCAL, noon).ask(token, study, "?", [RACAN, LAVAL], "2026-03-31")
    shown = study_of_work(study.analysis, work)
    marks = {mark.of: mark for mark in feedback_of(by(LOCAL, store), work.saved.id).marks(shown)}
    assert marks.keys() == {f"lycee:{RACAN}", f"lycee:{LAVAL}", "zone:SAR-4"}
    assert (marks["zone:SAR-4"].count, marks["zone:SAR-4"].waits) == (1, True)
    racan = marks[f"lycee:{RACAN}"]
    assert (racan.count, racan.waits, racan.stance) == (1, False, "attendu")


def test_a_comment_on_the_whole_plan_is_kept_named_and_marks_no_place(
    study: Study, store: Store, work: Work, token: str, tmp_path: Path
) -> None:
    assert next(iter(places_of(study))) == "plan:plan"
    comment = by(VISITOR, store).leave(token, study, "plan:plan", ("Ada", "Trop cher."), "")
    file = store.backup(tmp_path / "sauvegarde.json").path
    with closing(open_store(f"sqlite:///{tmp_path / 'other.db'}")) as other:
        assert other.restore(file).left_out == ()
        assert StoredComments(other).list() == StoredComments(store).list() == (comment,)
    (row,) = comment_rows([comment], study.plan, [])
    assert (row["lieu"], row["nature"], row["secteur"]) == ("Tout le plan", "plan", "")
    feedback = feedback_of(by(LOCAL, store), work.saved.id)
    assert feedback.marks(study_of_work(study.analysis, work)) == ()
    assert feedback.in_sector(study.plan, "sarthe").comments == ()
    link = thread(comment, leads=True)
    assert "gz-go" not in str(link)


def test_a_comment_waits_until_it_is_treated_or_hidden(
    study: Study, store: Store, work: Work, token: str
) -> None:
    first, second, third = (left(store, token, study) for _ in range(3))
    planner = by(LOCAL, store)
    assert planner.waiting() == {work.saved.id: 3}
    planner.rule(first.id, Treatment.TAKEN, "revu")
    planner.hide(second.id, "un nom")
    assert planner.waiting() == {work.saved.id: 1}
    planner.show(second.id)
    planner.rule(third.id, Treatment.DECLINED, "trop tard")
    assert planner.waiting() == {work.saved.id: 1}
    planner.hide(second.id, "un nom")
    assert planner.waiting() == {}
