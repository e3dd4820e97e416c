"""Comments, questions and opinions as JSON objects of a backup, and back, each field checked."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.days import is_day
from geozones.common.errors import InputError
from geozones.domain import DamagedScenarioError
from geozones.domain.opinions import Opinion, OpinionAnswer, Question, Stance
from geozones.domain.voices import About, Answer, Comment, PlaceKind, Ruling, Treatment
from geozones.store import opinions, voices
from geozones.store.checks import is_date, is_id, text_faults
from geozones.store.tables import COMMENTS, OPINIONS, QUESTIONS

_NAMES = {"comments": "commentaire", "questions": "question", "opinions": "avis"}


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of all versions."""

    comments: tuple[Comment, ...] = ()
    questions: tuple[Question, ...] = ()
    opinions: tuple[Opinion, ...] = ()

    @property
    def count(self) -> int:
        """How many comments, questions and opinions there are."""
        return len(self.comments) + len(self.questions) + len(self.opinions)


#: Where nobody said anything.
NOTHING = Said()


def read_said(connection: Connection) -> tuple[Said, tuple[DamagedScenarioError, ...]]:
    """Read all that people said; return also what is wrong with what could not be restored."""
    read: dict[str, list[Any]] = {
        "comments": list(voices.read_all(connection)),
        "questions": list(opinions.read_questions(connection)),
        "opinions": list(opinions.read_opinions(connection)),
    }
    damaged = []
    for name, make in _MAKERS.items():
        for each in tuple(read[name]):
            if _made(make, asdict(each)) is None:
                read[name].remove(each)
                key = each.id if isinstance(each, Comment) else each.version
                damaged.append(DamagedScenarioError(key, "", f"{_NAMES[name]} illisible"))
    return Said(**{name: tuple(items) for name, items in read.items()}), tuple(damaged)


def _made(make: Callable[[Any], Any], item: Any) -> Any:  # noqa: ANN401 - a comment, a question…
    """Return what an object says; ``None`` where it says none."""
    try:
        return make(item)
    except (InputError, TypeError, KeyError, ValueError):
        return None


def said_as(said: Said) -> dict[str, list[dict[str, Any]]]:
    """Return what people said as JSON objects; lists that are empty are left out."""
    listed = {name: [_as(each) for each in getattr(said, name)] for name in _NAMES}
    return {name: items for name, items in listed.items() if items}


def _as(each: Comment | Question | Opinion) -> dict[str, Any]:
    """Return a JSON object; answers that say no more than the opinion are left out, as before."""
    values = asdict(each)
    if isinstance(each, Opinion) and each.answers == each.last:
        del values["answers"]
    return values


def said_of(document: Mapping[str, Any], faults: list[str]) -> Said:
    """Read what people said; what is wrong is added to ``faults``.

    A file without a list has none, as those made before there were.
    """
    read: dict[str, list[Any]] = {}
    for name, make in _MAKERS.items():
        items = document.get(name, [])
        if not isinstance(items, list):
            faults.append(f"« {name} » n'est pas une liste")
            items = []
        made = [_made(make, item) for item in items]
        faults.extend(
            f"{_NAMES[name]} {rank} : illisible" for rank, one in enumerate(made, 1) if one is None
        )
        read[name] = [one for one in made if one is not None]
    said = Said(**{name: tuple(items) for name, items in read.items()})
    keys = (
        [comment.id for comment in said.comments],
        [question.version for question in said.questions],
        [opinion.token for opinion in said.opinions],
        [(opinion.version, opinion.lycee) for opinion in said.opinions],
    )
    if any(len(listed) > len(set(listed)) for listed in keys):
        faults.append("un commentaire, une question ou un avis y est deux fois")
    known = {question.version for question in said.questions}
    lost = sum(opinion.version not in known for opinion in said.opinions)
    if lost:
        faults.append(f"{lost} avis ne répondent à aucune question")
    return said


def write_missing_said(connection: Connection, said: Said) -> int:
    """Write what the store has not; return how many. Nothing that is there changes."""
    comments = set(connection.execute(select(COMMENTS.c.id)).scalars())
    asked = set(connection.execute(select(QUESTIONS.c.version)).scalars())
    pairs = {tuple(row) for row in connection.execute(select(OPINIONS.c.version, OPINIONS.c.lycee))}
    tokens = set(connection.execute(select(OPINIONS.c.token)).scalars())
    new = [comment for comment in said.comments if comment.id not in comments]
    for comment in new:
        voices.insert(connection, comment)
    questions = [question for question in said.questions if question.version not in asked]
    for question in questions:
        opinions.write_question(connection, question)
    given = [
        each
        for each in said.opinions
        if each.token not in tokens and (each.version, each.lycee) not in pairs
    ]
    opinions.insert_opinions(connection, given)
    return len(new) + len(questions) + len(given)


def _comment(item: Any) -> Comment:  # noqa: ANN401 - whatever a file holds
    values = _texts(item, Comment, others=("about", "ruling", "answers"))
    about, ruling = _texts(item["about"], About), _texts(item["ruling"], Ruling)
    answers = tuple(Answer(**_texts(each, Answer)) for each in item["answers"])
    comment = Comment(
        **values,
        about=About(PlaceKind(about["kind"]), about["id"], about["name"]),
        ruling=Ruling(**ruling | {"treatment": Treatment(ruling["treatment"])}),  # type: ignore[arg-type]
        answers=answers,
    )
    dates = (comment.at, *(answer.at for answer in answers))
    ruled = comment.ruling.at
    if any(voices.comment_faults(comment)) or not all(map(is_date, dates)):
        raise ValueError(comment.id)
    if ruled and not is_date(ruled):
        raise ValueError(ruled)
    return comment


def _question(item: Any) -> Question:  # noqa: ANN401 - whatever a file holds
    question = Question(**_texts(item, Question))
    if any(opinions.question_faults(question, ())) or not is_date(question.at):
        raise ValueError(question.version)
    if not is_day(question.closes):
        raise ValueError(question.closes)
    return question


def _opinion(item: Any) -> Opinion:  # noqa: ANN401 - whatever a file holds
    values = _texts({"answers": (), **item}, Opinion, others=("stance", "answers"))
    stance = None if item["stance"] is None else Stance(item["stance"])
    opinion = Opinion(**values, stance=stance)  # type: ignore[arg-type]
    given = [_texts(each, OpinionAnswer) for each in item.get("answers", ())]
    answers = tuple(
        OpinionAnswer(**each | {"stance": Stance(each["stance"])})  # type: ignore[arg-type]
        for each in given
    )
    opinion = replace(opinion, answers=answers or opinion.last)
    dates = [date for date in (opinion.at, opinion.first_at) if date]
    dates += [answer.at for answer in answers]
    if not all(map(is_id, (opinion.token, opinion.version, opinion.lycee))):
        raise ValueError(opinion.lycee)
    if not all(map(is_date, dates)):
        raise ValueError(opinion.at)
    return opinion


def _texts(item: Any, kind: type, others: tuple[str, ...] = ()) -> dict[str, str]:  # noqa: ANN401
    """Return the texts of an object, one a field of ``kind`` but ``others``.

    Raises
    ------
    InputError, KeyError, TypeError
        If it is no object, lacks a field, has one more or one that is no text.
    """
    names = [field.name for field in fields(kind)]
    if not isinstance(item, dict) or item.keys() != set(names):
        raise TypeError(kind.__name__)
    values = {name: item[name] for name in names if name not in others}
    for name, value in values.items():
        for fault in text_faults(value, name):
            raise InputError(fault)
    return values


_MAKERS: Mapping[str, Callable[[Any], Any]] = {
    "comments": _comment,
    "questions": _question,
    "opinions": _opinion,
}
