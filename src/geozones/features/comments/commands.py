"""« scenarios comments » and « scenarios opinions »: on shared versions, and asked of lycées."""

from pathlib import Path
from typing import Annotated

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, scenarios_of
from geozones.cli.parameters import Reply, argument, group, one_of, option
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import number, plural
from geozones.common.settings_file import VARIABLE, public_address
from geozones.domain.comments import Comment, Opinion, Question, Treatment
from geozones.domain.terms import terms, worded
from geozones.export.attributes import rows_bytes
from geozones.features.comments.model import called
from geozones.features.comments.summary import (
    Row,
    comment_rows,
    count_line,
    mailing_rows,
    opinion_rows,
    stance_line,
)
from geozones.features.comments.use_cases import Comments, Opinions
from geozones.records.kinds import COMMENT, OPINION, QUESTION
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import store_opener
from geozones.workspace.scenarios.open_scenario import study_of_work

_TREATMENTS = {
    "a-traiter": Treatment.OPEN,
    "pris-en-compte": Treatment.TAKEN,
    "non-retenu": Treatment.DECLINED,
}
ScenarioCode = Annotated[str, argument("SCENARIO", "code du scénario")]
CommentCode = Annotated[str, argument("COMMENTAIRE", "code du commentaire")]
Out = Annotated[Path, option("FICHIER", "le fichier à écrire")]

comments = group("comments")
opinions = group("opinions")


@comments.command(name="list", help="Commentaires et avis sur les versions d'un scénario.")
def list_feedback(code: ScenarioCode, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """List the comments, including hidden ones, and the questions to lycées."""
    study = common.study()
    with store_opener() as opener:
        listed = Comments(opener, LOCAL).of_scenario(code)
        asked = Opinions(opener, LOCAL).questions(code)
        if not listed and not asked:
            scenarios_of(study.analysis, opener).open(code)  # refuses a code that no scenario has
    answer: Answer = {
        "comments": [_described(comment) for comment in listed],
        "questions": [_question(question, given) for question, given in asked],
    }
    lines = [f"{count_line(listed)}."] if listed else ["Aucun commentaire."]
    lines += [_line(comment) for comment in listed]
    lines += [f"« {question.text} » {stance_line(given)}." for question, given in asked]
    return common.reply(study, answer, lambda _: "\n".join(lines))


@comments.command(name="export", help="Écrit les commentaires dans un fichier CSV.")
def export_comments(code: ScenarioCode, /, *, out: Out, common: CommonOptions = DEFAULTS) -> Reply:
    """Write a CSV of the comments."""
    study = common.study()
    with store_opener() as opener:
        stored = scenarios_of(study.analysis, opener)
        listed = Comments(opener, LOCAL).of_scenario(code)
        plan = study_of_work(study.analysis, stored.open(code)).plan
        rows = comment_rows(listed, plan, stored.links.of_scenario(code))
    return _written(common, rows, out)


@opinions.command(name="export", help="Écrit les avis dans un fichier CSV.")
def export_opinions(code: ScenarioCode, /, *, out: Out, common: CommonOptions = DEFAULTS) -> Reply:
    """Write a CSV of the opinions."""
    with store_opener() as opener:
        asked = Opinions(opener, LOCAL).questions(code)
    rows = [row for question, given in asked for row in opinion_rows(question, given)]
    return _written(common, rows, out)


@opinions.command(help=worded("Écrit les liens personnels {of_plural_site}, pour un publipostage."))
def links(code: ScenarioCode, /, *, out: Out, common: CommonOptions = DEFAULTS) -> Reply:
    """Write a CSV of the personal links, for a mail merge."""
    base = public_address()
    if not base:
        raise InputError(
            f"Indiquez par {VARIABLE} l'adresse publique de l'outil : les liens en ont besoin."
        )
    communes = {key: each.commune for key, each in common.study().territory.lycees.items()}
    with store_opener() as opener:
        asked = Opinions(opener, LOCAL).personal_links(code)
    rows = [
        row for question, given in asked for row in mailing_rows(question, given, base, communes)
    ]
    return _written(common, rows, out)


@opinions.command(help=worded("Demande l'avis {of_plural_site} sur une version partagée."))
def ask(
    version: Annotated[str, argument("VERSION", "jeton du lien de la version")],
    /,
    *,
    question: Annotated[str, option("TEXTE", "la question posée")],
    until: Annotated[str, option("DATE", "dernier jour pour répondre : année-mois-jour")],
    lycees: Annotated[
        list[str] | None,
        option(
            terms().code.short.upper(),
            "{a_site} interrogé, à répéter (sinon, tous)",
        ),
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Ask lycées a question; `export` gives their personal links."""
    study = common.study()
    with store_opener() as opener:
        stored = scenarios_of(study.analysis, opener)
        shown = study_of_work(study.analysis, stored.links.open(version))
        asked = Opinions(opener, LOCAL)
        given = asked.ask(version, shown, question, lycees or shown.plan.lycees, until)
    answer: Answer = {"asked": len(given), "lycees": [opinion.lycee for opinion in given]}
    sent = plural(len(given), "lien personnel", "liens personnels")
    return common.reply(
        study, answer, lambda _: f"{sent} à envoyer (geozones scenarios opinions links)."
    )


@comments.command(help="Répond à un commentaire.")
def answer(
    comment: CommentCode,
    /,
    *,
    text: Annotated[str, option("TEXTE", "la réponse, lue par toute personne qui a le lien")],
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Answer a comment."""
    with store_opener() as opener:
        return _comment_reply(common, Comments(opener, LOCAL).answer(comment, text))


@comments.command(help="Donne une suite à un commentaire, avec son motif.")
def rule(
    comment: CommentCode,
    /,
    *,
    treatment: Annotated[
        str,
        option("SUITE", ", ".join(_TREATMENTS), name="--as", check=one_of(tuple(_TREATMENTS))),
    ],
    reason: Annotated[str, option("TEXTE", "le motif, lu par toute personne qui a le lien")] = "",
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Record the treatment of a comment."""
    with store_opener() as opener:
        ruled = Comments(opener, LOCAL).rule(comment, _TREATMENTS[treatment], reason)
    return _comment_reply(common, ruled)


@comments.command(help="Masque un commentaire sur le lien ; il reste ici, avec le motif.")
def hide(
    comment: CommentCode,
    /,
    *,
    reason: Annotated[str, option("TEXTE", "pourquoi il est masqué")],
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Hide a comment."""
    with store_opener() as opener:
        return _comment_reply(common, Comments(opener, LOCAL).hide(comment, reason))


@comments.command(help="Montre à nouveau un commentaire masqué.")
def show(comment: CommentCode, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Show a hidden comment again."""
    with store_opener() as opener:
        return _comment_reply(common, Comments(opener, LOCAL).show(comment))


def _described(comment: Comment) -> Answer:
    fields = COMMENT.to_json(comment)
    # leave out the token of the version, which opens the version
    del fields["version"]
    return fields


def _question(question: Question, given: tuple[Opinion, ...]) -> Answer:
    asked = QUESTION.to_json(question)
    fields = {name: asked[name] for name in ("text", "closes", "author", "at")}
    return fields | {"opinions": [_opinion(opinion) for opinion in given]}


def _opinion(opinion: Opinion) -> Answer:
    """Return the answer of a lycée as JSON, without the tokens of its link and version."""
    given = OPINION.to_json(opinion)
    # leave out the tokens, which open the link and the version; the first answer is in ``earlier``
    for name in ("token", "version", "first_at"):
        del given[name]
    return given | {"earlier": given.get("earlier", [])}


def _line(comment: Comment) -> str:
    hidden = " (masqué)" if comment.hidden else ""
    text = " ".join(comment.text.split())
    return f"{comment.id}  {called(comment.about)} · {comment.ruling.treatment}{hidden} : {text}"


def _comment_reply(common: CommonOptions, comment: Comment) -> Reply:
    return common.reply(common.study(), {"comment": _described(comment)}, lambda _: _line(comment))


def _written(common: CommonOptions, rows: list[Row], out: Path) -> Reply:
    """Write a CSV, and return the reply that says so."""
    content = rows_bytes(rows)
    write_atomically(out, content)
    answer: Answer = {"path": str(out), "rows": len(rows), "bytes": len(content)}
    lines, size = plural(len(rows), "ligne"), number(len(content))
    return common.reply(common.study(), answer, lambda _: f"{out} : {lines}, {size} octets")
