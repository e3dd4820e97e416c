"""Comments on shared versions and opinions of lycées: one suite over SQLite and PostgreSQL."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from geozones.common.files import new_code
from geozones.domain import Scenario
from geozones.domain.access import DeadLinkError
from geozones.domain.comments import (
    About,
    Comment,
    Opinion,
    PlaceKind,
    Question,
    Ruling,
    Stance,
    Treatment,
)
from geozones.features.comments.model import (
    MAX_RECENT_ANSWERS,
    PER_ADDRESS,
    PER_LINK,
    ClosedCommentsError,
    ClosedQuestionError,
    TooManyAnswersError,
    TooManyCommentsError,
    UnknownCommentError,
    UnknownOpinionError,
)
from geozones.store import Store, open_store
from geozones.workspace.roles import LOCAL
from geozones.workspace.upkeep import erase_person
from helpers.feedback import StoredComments, StoredOpinions
from helpers.stored import StoredLinks, StoredScenarios
from tests.store.test_processes import check_file, killings, start

TODAY = "2025-06-12"
AWKWARD = "« Ô'Brien » — <script>alert(1)</script>\n=1+1;\"'; DROP TABLE geozones_comments; -- 🏫"
MAMERS = About(PlaceKind.ZONE, "SAR-4", "Mamers")

type Share = Callable[..., str]


@pytest.fixture
def share(store: Store, scenario_of: Callable[..., Scenario]) -> Share:
    """Freeze a scenario of its own, whose link takes comments unless told."""

    def made(**options: object) -> str:
        key = StoredScenarios(store).create(scenario_of()).id
        given = {"version": 1, "comments": True} | options
        return StoredLinks(store).freeze(key, **given)  # type: ignore[arg-type]

    return made


def comment_on(token: str, key: str = "c1", **fields: object) -> Comment:
    usual = {"author": "Proviseure", "text": AWKWARD, "about": MAMERS, "scenario": ""}
    return Comment(**{**usual, "id": key, "version": token, **fields})  # type: ignore[arg-type]


def refusal(store: Store, comment: Comment, origin: str) -> str:
    """What who leaves a comment is told; nothing where it is taken."""
    try:
        StoredComments(store).leave(comment, origin, TODAY)
    except TooManyCommentsError as error:
        return str(error)
    return ""


def frozen_rows(store: Store) -> list[tuple[str, ...]]:
    with store.context.database.reading() as connection:
        query = text("SELECT token, at, content FROM geozones_frozen ORDER BY token")
        return [tuple(row) for row in connection.execute(query)]


def test_a_comment_is_read_as_it_was_left_and_changes_no_version(
    store: Store, share: Share
) -> None:
    token = share()
    before = frozen_rows(store)
    left = StoredComments(store).leave(comment_on(token), "here", TODAY)
    assert (left.text, left.scenario) == (
        AWKWARD,
        StoredLinks(store).links(left.scenario)[0].scenario,
    )
    StoredComments(store).answer("c1", "Ada", "Merci.")
    answered = StoredComments(store).answer("c1", "Grace", "Vu aussi.")
    ruled = StoredComments(store).rule("c1", Ruling(Treatment.DECLINED, "trop loin", "Ada"))
    assert [answer.text for answer in answered.answers] == ["Merci.", "Vu aussi."]
    assert (ruled.ruling.treatment, ruled.ruling.reason) == (Treatment.DECLINED, "trop loin")
    assert ruled.ruling.at > left.at
    assert (
        StoredComments(store).on_version(token)
        == StoredComments(store).list(left.scenario)
        == (ruled,)
    )
    assert frozen_rows(store) == before


def test_a_link_takes_comments_only_where_that_was_chosen_and_while_it_is_open(
    store: Store, share: Share
) -> None:
    closed, late, gone = share(comments=False), share(expires="2025-06-11"), share()
    StoredLinks(store).withdraw_link(gone)
    with pytest.raises(ClosedCommentsError, match="ne permet pas de laisser de commentaire"):
        StoredComments(store).leave(comment_on(closed), "", TODAY)
    with pytest.raises(DeadLinkError, match="a expiré"):
        StoredComments(store).leave(comment_on(late), "", TODAY)
    with pytest.raises(DeadLinkError, match="a été retiré"):
        StoredComments(store).leave(comment_on(gone), "", TODAY)
    for forged in ("", "nowhere", "é\0", "../x", "a" * 500):
        with pytest.raises(DeadLinkError, match="ne mène à aucun scénario"):
            StoredComments(store).leave(comment_on(forged), "", TODAY)
    assert StoredComments(store).list() == ()
    StoredComments(store).allow(closed, allowed=True)
    assert StoredComments(store).leave(comment_on(closed), "", TODAY).id == "c1"


def test_too_many_in_a_minute_are_refused_and_those_taken_are_kept(
    opened: Callable[..., Store], url: str, scenario_of: Callable[..., Scenario]
) -> None:
    now = ["2025-06-12T10:00:00.000+00:00"]
    store = opened(url, clock=lambda: now[0])
    token = StoredLinks(store).freeze(
        StoredScenarios(store).create(scenario_of()).id, version=1, comments=True
    )
    here = [refusal(store, comment_on(token, f"a{n}"), "one") for n in range(PER_ADDRESS + 5)]
    assert len(StoredComments(store).list()) == here.count("") == PER_ADDRESS
    assert "votre texte reste ci-dessous" in here[-1]
    assert "de votre adresse" in here[-1]
    spread = [refusal(store, comment_on(token, f"b{n}"), f"address {n}") for n in range(PER_LINK)]
    assert len(StoredComments(store).list()) == PER_LINK
    assert "par ce lien" in spread[-1]
    now[0] = "2025-06-12T10:11:00.000+00:00"
    StoredComments(store).leave(comment_on(token, "later"), "one", TODAY)
    # no print of an address outlives the minutes that it counts for
    with store.context.database.reading() as connection:
        kept = connection.execute(text("SELECT origin FROM geozones_comments WHERE origin <> ''"))
        assert kept.scalars().all() == ["one"]


def test_a_comment_is_hidden_and_its_name_erased_for_good(store: Store, share: Share) -> None:
    StoredComments(store).leave(comment_on(share()), "here", TODAY)
    assert StoredComments(store).hide("c1", "nomme une personne").hidden == "nomme une personne"
    assert StoredComments(store).hide("c1", "").hidden == ""
    assert StoredComments(store).erase_author("c1").signed == "nom effacé"
    with store.context.database.reading() as connection:
        dump = connection.execute(text("SELECT * FROM geozones_comments")).all()
    assert "Proviseure" not in str(dump)
    with pytest.raises(UnknownCommentError, match="n'existe pas"):
        StoredComments(store).answer("other", "Ada", "Merci.")


def ask(store: Store, token: str, **fields: str) -> Question:
    usual = {"scenario": "", "text": "Êtes-vous favorable ?", "closes": "2025-06-30"}
    question = Question(**{**usual, "version": token, "author": "Ada", **fields})
    StoredOpinions(store).ask(question, {"0720012X": "Racan", "0530012A": "Douanier"}, TODAY)
    return question


def links_of(store: Store, token: str) -> tuple[Opinion, ...]:
    """The personal links on a version."""
    link = StoredLinks(store).link(token)
    given = {
        each.version: links for each, links in StoredOpinions(store).personal_links(link.scenario)
    }
    return given[token]


def test_a_lycee_answers_once_and_may_change_it_until_the_last_day(
    store: Store, share: Share
) -> None:
    token = share()
    ask(store, token)
    racan = links_of(store, token)[1]
    assert racan.lycee == "0720012X"
    assert len(racan.token) > 30
    given = replace(racan, stance=Stance.RESERVED, reason=AWKWARD, author="Proviseur")
    first = StoredOpinions(store).give(given, TODAY)
    second = StoredOpinions(store).give(replace(given, stance=Stance.FAVOURABLE), "2025-06-30")
    assert (second.stance, second.first_at) == (Stance.FAVOURABLE, first.at)
    assert second.at > first.at
    with pytest.raises(ClosedQuestionError, match="30 juin 2025"):
        StoredOpinions(store).give(replace(given, stance=Stance.OPPOSED), "2025-07-01")
    assert StoredOpinions(store).asked(racan.token)[1] == second
    assert [each.stance for each in StoredOpinions(store).on_version(token)] == [
        None,
        Stance.FAVOURABLE,
    ]
    assert [(each.stance, each.at) for each in second.answers] == [
        (Stance.RESERVED, first.at),
        (Stance.FAVOURABLE, second.at),
    ]
    assert erase_person(lambda: store, LOCAL, " PROVISEUR ").opinions == 1
    erased = StoredOpinions(store).asked(racan.token)[1]
    assert {each.signed for each in (erased, *erased.answers)} == {"nom effacé"}


def test_answers_of_one_link_are_limited_in_a_few_minutes_and_none_is_lost(
    opened: Callable[..., Store], scenario_of: Callable[..., Scenario]
) -> None:
    now = ["2025-06-12T10:00:00.000+00:00"]
    store = opened(clock=lambda: now[0])
    token = StoredLinks(store).freeze(StoredScenarios(store).create(scenario_of()).id, version=1)
    ask(store, token)
    douanier, racan = links_of(store, token)
    given = replace(racan, stance=Stance.OPPOSED, reason="loin", author="Lou")
    for _ in range(MAX_RECENT_ANSWERS):
        StoredOpinions(store).give(given, TODAY)
    now[0] = "2025-06-12T10:09:59.000+00:00"
    with pytest.raises(TooManyAnswersError, match="renvoyez-le dans 10 minutes"):
        StoredOpinions(store).give(replace(given, stance=Stance.FAVOURABLE), TODAY)
    kept = StoredOpinions(store).asked(racan.token)[1]
    assert (kept.stance, len(kept.answers)) == (Stance.OPPOSED, MAX_RECENT_ANSWERS)
    StoredOpinions(store).give(replace(given, token=douanier.token), TODAY)
    now[0] = "2025-06-12T10:10:01.000+00:00"
    assert len(StoredOpinions(store).give(given, TODAY).answers) == MAX_RECENT_ANSWERS + 1


def test_what_a_clock_set_forward_dated_locks_no_link_once_it_is_right_again(
    opened: Callable[..., Store], scenario_of: Callable[..., Scenario]
) -> None:
    now = ["2031-06-12T10:00:00.000+00:00"]
    store = opened(clock=lambda: now[0])
    key = StoredScenarios(store).create(scenario_of()).id
    token = StoredLinks(store).freeze(key, version=1, comments=True)
    ask(store, token)
    racan = replace(links_of(store, token)[1], stance=Stance.FAVOURABLE, author="Lou")
    for rank in range(PER_LINK):
        assert not refusal(store, comment_on(token, f"{rank:03}"), f"{rank % 10}")
    for _ in range(MAX_RECENT_ANSWERS):
        StoredOpinions(store).give(racan, TODAY)
    now[0] = "2026-12-01T10:00:00.000+00:00"
    for rank in range(PER_ADDRESS):
        assert not refusal(store, comment_on(token, f"b{rank}"), "0")
    assert refusal(store, comment_on(token, "c"), "0")
    assert len(StoredOpinions(store).give(racan, TODAY).answers) == MAX_RECENT_ANSWERS + 1
    with store.context.database.reading() as connection:
        query = text("SELECT DISTINCT origin FROM geozones_comments WHERE at > '2031'")
        assert connection.execute(query).scalars().all() == [""]


def test_a_personal_link_that_is_forged_or_whose_version_is_withdrawn_writes_nothing(
    store: Store, share: Share
) -> None:
    token = share()
    ask(store, token)
    racan = links_of(store, token)[1]
    for forged in ("", "nowhere", "é\0", token, "a" * 500):
        with pytest.raises(UnknownOpinionError, match="ne mène à aucune demande d'avis"):
            StoredOpinions(store).give(replace(racan, token=forged, stance=Stance.OPPOSED), TODAY)
    StoredLinks(store).withdraw_link(token)
    with pytest.raises(DeadLinkError, match="a été retiré"):
        StoredOpinions(store).give(replace(racan, stance=Stance.OPPOSED), TODAY)
    with pytest.raises(DeadLinkError):
        ask(store, token)
    assert {each.stance for each in StoredOpinions(store).on_version(token)} == {None}


@pytest.mark.parametrize("kills", [10, pytest.param(20, marks=pytest.mark.slow)])
def test_every_acknowledged_comment_is_there_after_each_of_many_sigkills(
    opened: Callable[..., Store], url: str, scenario_of: Callable[..., Scenario], kills: int
) -> None:
    key = StoredScenarios(opened(url)).create(scenario_of()).id
    acknowledged: list[str] = []
    with start("kill-speaking", url, key) as killer:
        for number, killed in enumerate(killings(killer, kills)):
            acknowledged += killed
            store = opened(url)
            stored = StoredComments(store).list(key)
            store.close()
            assert set(acknowledged) <= {each.id for each in stored}
            assert len(stored) <= len(acknowledged) + number + 1
            assert {each.text for each in stored} <= {"Trop loin."}
    assert len(acknowledged) >= kills * 3 // 4
    check_file(url)


def test_a_backup_holds_what_was_said_and_brings_it_back(
    store: Store, share: Share, tmp_path: Path
) -> None:
    token = share()
    StoredComments(store).leave(comment_on(token), "here", TODAY)
    StoredComments(store).answer("c1", "Ada", AWKWARD)
    StoredComments(store).rule("c1", Ruling(Treatment.TAKEN, "revu", "Ada"))
    ask(store, token)
    racan = links_of(store, token)[1]
    StoredOpinions(store).give(
        replace(racan, stance=Stance.OPPOSED, reason="loin", author="Ada"), TODAY
    )
    StoredOpinions(store).give(
        replace(racan, stance=Stance.RESERVED, reason=AWKWARD, author="Lou"), TODAY
    )
    assert len(StoredOpinions(store).on_version(token)[1].answers) == 2
    store.backup(tmp_path / "all.json")
    with closing(open_store(f"sqlite:///{tmp_path / 'empty.db'}")) as empty:
        assert empty.restore(tmp_path / "all.json").feedback == 4
        assert StoredComments(empty).list() == StoredComments(store).list()
        assert (StoredOpinions(empty).questions(), StoredOpinions(empty).on_version(token)) == (
            StoredOpinions(store).questions(),
            StoredOpinions(store).on_version(token),
        )
        assert empty.restore(tmp_path / "all.json").feedback == 0
        document = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
        # asked elsewhere under another link: a lycée has one
        document["opinions"][1]["token"] = new_code(24)
        (tmp_path / "links.json").write_text(json.dumps(document), encoding="utf-8")
        assert empty.restore(tmp_path / "links.json").feedback == 0
        assert StoredOpinions(empty).on_version(token) == StoredOpinions(store).on_version(token)
        document["comments"][0]["ruling"]["treatment"] = "oublié"
        document["opinions"].append(document["opinions"][0])
        (tmp_path / "bad.json").write_text(json.dumps(document), encoding="utf-8")
        first, second = empty.restore(tmp_path / "bad.json").left_out
        assert "« ruling treatment » doit être l'un de" in str(first)
        assert second.kind == "avis"
        assert "y est déjà une fois" in second.reason
