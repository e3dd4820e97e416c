"""Table rows of comments and opinions, for exports."""

from collections.abc import Iterable, Mapping

from geozones.common.public_address import OPINION, link_to
from geozones.domain import Plan
from geozones.domain.comments import Comment
from geozones.domain.links import SharedLink
from geozones.domain.opinions import Opinion, OpinionAnswer, Question
from geozones.records import kinds
from geozones.workspace.comments.places import called, sector_of

type Row = dict[str, str]

#: Columns of a table of comments, in order, with the field of each; columns without a field are
#: computed.
COMMENT_COLUMNS = {
    "commentaire": "id",
    "version_du": "",
    "lieu": "",
    "nature": "about.kind",
    "code": "about.id",
    "secteur": "",
    "auteur": "author",
    "date": "at",
    "texte": "text",
    "suite": "ruling.treatment",
    "motif": "ruling.reason",
    "decide_par": "ruling.author",
    "decide_le": "ruling.at",
    "reponses": "",
    "masque": "hidden",
}
#: The same for opinions.
OPINION_COLUMNS = {
    "question": "",
    "jusqu_au": "",
    "uai": "lycee",
    "lycee": "name",
    "avis": "stance",
    "motif": "reason",
    "auteur": "author",
    "premiere_reponse": "first_at",
    "derniere_reponse": "at",
    "reponses": "",
    "reponses_precedentes": "",
}


def comment_rows(comments: Iterable[Comment], plan: Plan, links: Iterable[SharedLink]) -> list[Row]:
    """Return one row per comment; its sector is the place's sector in a plan, or empty.

    ``links`` give the date of each version; rows have no token.
    """
    sectors = {sector.id: sector.name for sector in plan.sectors}
    made = {link.token: link.at for link in links}
    return [
        kinds.COMMENT.to_csv(
            each,
            COMMENT_COLUMNS,
            version_du=made.get(each.version, ""),
            lieu=called(each.about),
            secteur=sectors.get(sector_of(plan, each.about) or "", ""),
            reponses="\n".join(f"{one.author} : {one.text}" for one in each.answers),
        )
        for each in comments
    ]


def opinion_rows(question: Question, opinions: Iterable[Opinion]) -> list[Row]:
    """Return one row per lycée asked, with its answer, without its link."""
    return [
        kinds.OPINION.to_csv(
            each,
            OPINION_COLUMNS,
            question=question.text,
            jusqu_au=question.closes,
            reponses=str(len(each.answers)),
            reponses_precedentes="\n".join(map(_dated_line, each.earlier)),
        )
        for each in opinions
    ]


def _dated_line(answer: OpinionAnswer) -> str:
    """Return an answer on one line, with its time and author."""
    why = f" : {answer.reason}" if answer.reason else ""
    return f"{answer.at} : {answer.stance}, {answer.signed}{why}"


def mailing_rows(
    question: Question,
    opinions: Iterable[Opinion],
    base: str,
    communes: Mapping[str, str],
) -> list[Row]:
    """Return one row per lycée with its personal link, for a mail merge.

    ``base`` is the address of the app; ``communes`` has the commune's name of each lycée (id).
    """
    return [
        {
            "uai": each.lycee,
            "lycee": each.name,
            "commune": communes.get(each.lycee, ""),
            "lien": opinion_link(base, each),
            "question": question.text,
            "jusqu_au": question.closes,
            "repondu": "non" if each.stance is None else "oui",
        }
        for each in opinions
    ]


def opinion_link(base: str, opinion: Opinion) -> str:
    """Return the whole personal link of a lycée, under the address of the app."""
    return link_to(base, "", {OPINION: opinion.token})
