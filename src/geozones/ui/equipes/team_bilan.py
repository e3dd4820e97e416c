"""Bilan of the experiment: journal files, expected and observed figures, what to adopt."""

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import capital, long_date, number, plural
from geozones.domain.field_journal import BilanVerdict, Journal, JournalFile
from geozones.domain.terms import terms, worded
from geozones.export.bilan import FORMATS
from geozones.export.bilan.content import BAR_KEY, interval_svg
from geozones.export.messages import FEEDBACK_TITLE
from geozones.render.first_picture import zone_picture
from geozones.render.signs import swatch_css
from geozones.ui import current_scenario, opened_data, state
from geozones.ui.opened_data import ledger
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor
from geozones.ui.state import address
from geozones.ui.state.page_views import BilanView, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import begin_job, job_card, prepared
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.experiment.areas import (
    HEADS,
    PART_NAMES,
    AreaRow,
    ObservedMap,
    as_supposed,
    observed_map,
    observer,
)
from geozones.workspace.experiment.bilan import (
    DECISIONS_TITLE,
    INVENTED_NOTICE,
    Bilan,
    bilan_of,
)
from geozones.workspace.experiment.document import MOVES, Reproposal, content_of, reproposal_job
from geozones.workspace.experiment.field_journal import KEPT_MONTHS, MAX_BYTES, Journals
from geozones.workspace.experiment.findings import HypothesisRow, hypothesis_rows
from geozones.workspace.feedback import NO_FEEDBACK, PlanFeedback, feedback_readers
from geozones.workspace.roles import Role
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_work
from geozones.workspace.sharing.making import BilanJob, BilanRequest, bilan_job
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

_FILE = "bilan.fichier"
_MAX_REMARKS = 4


def journals() -> Journals:
    """Return the use cases of the journal for this user."""
    return Journals(opened_data.store, actor(), today())


def has_journal() -> bool:
    """Tell whether a file of a journal is kept; the page says by itself if the store is closed."""
    try:
        return bool(journals().files())
    except GeozonesError:
        return False


def files_panel(study: Study, files: tuple[JournalFile, ...]) -> None:
    """Draw the import and the list of files, and what is kept of them for how long."""
    may = actor().role >= Role.PLANNER
    with st.expander(
        f"Le journal : {plural(len(files), 'fichier')}" if files else "Importer un journal",
        expanded=not files,
        key="bilan.journal",
    ):
        html.show(_what())
        if may:
            _upload(study)
        else:
            html.show(html.remark("Seul un planificateur importe des fichiers."))
        if files:
            html.show(_files_table(files))
            _altered()
            _remarks(files)
        if files and may:
            _deleting(files)
        html.show(_kept())


def _altered() -> None:
    """Show how many months cannot be read, if any."""
    months = journals().altered_months()
    if months:
        counted = plural(months, "mois du journal est illisible", "mois du journal sont illisibles")
        html.show(
            html.warning(
                f"{counted} : le bilan est calculé sans. Supprimez le fichier, puis importez-le "
                "à nouveau."
            )
        )


def _what() -> htpy.Element:
    return html.note(
        worded(
            "Ce que les équipes ont vraiment fait : un export de GLPI (CSV), ou un classeur "
            "d'interventions (date et {site}), d'absences ({technician}, début et fin), de trajets "
            "(date, départ, arrivée, durée). Les colonnes sont reconnues ; les lignes non "
            "importées sont signalées ; une ligne déjà lue n'est pas comptée deux fois."
        )
    )


def _kept() -> htpy.Element:
    return html.sources(
        f"Données personnelles : les {terms().technician.plural} deviennent "
        f"{capital(terms().proximity_technician.singular)} 1, 2… ; ni leur nom (sauf si "
        "vous cochez la case), ni le motif d'une absence, ni le texte des demandes ne sont "
        f"gardés. Chaque mois est effacé la nuit, {KEPT_MONTHS} mois après sa fin, ou dès que "
        "vous supprimez le fichier ; les sauvegardes faites avant "
        "l'ont encore, aussi longtemps qu'elles sont gardées."
    )


def _upload(study: Study) -> None:
    state.bound(BilanView, "names").draw(st.checkbox, worded("Garder les noms des {technicians}"))
    uploads.uploader(
        _FILE,
        "Fichier du journal",
        MAX_BYTES // 1_000_000,
        type=["csv", "xlsx", "ods", "txt"],
        on_change=_import,
        args=(study,),
    )


@state.reporting_errors(after="Aucun fichier n'a été gardé.")
def _import(study: Study) -> None:
    upload = uploads.take(_FILE)
    if upload is None:
        return
    names = state.of(BilanView).names
    done = journals().add(study, upload.name, upload.content, keep_names=names, in_process=True)
    state.notify("ok", done.sentence)


def _files_table(files: tuple[JournalFile, ...]) -> htpy.Element:
    rows = [
        (
            f"{file.name}{' (inventé)' if file.invented else ''}",
            number(file.rows),
            f"{long_date(file.first)} – {long_date(file.last)}" if file.first else "—",
            f"{long_date(file.at)}, {file.author}",
        )
        for file in files
    ]
    heads = ("Fichier", "Lignes", "Période", "Importé")
    return html.table("Fichiers du journal", heads, rows, numeric=frozenset({1}))


def _remarks(files: tuple[JournalFile, ...]) -> None:
    """List the remarks on the rows of each file, the last imported first."""
    for file in reversed(files):
        if file.report:
            sentences = [remark if remark.endswith(".") else f"{remark}." for remark in file.report]
            left = len(sentences) - _MAX_REMARKS
            more = [f"et {plural(left, 'autre remarque', 'autres remarques')}."] if left > 0 else []
            html.show(html.subtitle(file.name, heading=htpy.h3))
            html.show(html.bullets([*sentences[:_MAX_REMARKS], *more], "gz-steps"))


def _deleting(files: tuple[JournalFile, ...]) -> None:
    names = {None: "Choisir un fichier…"} | {file.id: file.name for file in files}
    choice, act = st.columns([2, 1], vertical_alignment="bottom")
    with choice:
        chooser("Fichier à supprimer", names, state.bound(BilanView, "file"))
    chosen = state.of(BilanView).file
    act.button(
        "Supprimer ses lignes",
        key="bilan.supprimer",
        icon=":material/delete:",
        disabled=chosen not in names or chosen is None,
        on_click=_drop,
        args=(chosen,),
    )


@state.reporting_errors()
def _drop(file: str) -> None:
    journals().drop(file)
    state.update(BilanView, file=None)
    state.notify("ok", "Les lignes de ce fichier sont supprimées.")


def invented_mark(*, invented: bool) -> htpy.Node:
    """Return the mark after a title about an invented journal."""
    return (
        htpy.fragment[" ", htpy.span(".gz-pill.gz-changed")["journal inventé"]]
        if invented
        else None
    )


def hypotheses_panel(rows: tuple[HypothesisRow, ...], *, invented: bool) -> None:
    """Show the hypotheses that the journal may replace, each with its buttons; then the others."""
    mark = invented_mark(invented=invented)
    html.show(html.subtitle("Hypothèses, d'après le journal", mark))
    html.show(
        html.note(
            "Adopter une valeur observée change ce scénario, et lui seul\u00a0: les coûts et les "
            "propositions la suivent. C'est une étape de son historique, qui s'annule. "
            "Les valeurs sont celles de tout le journal."
        )
    )
    for row in rows:
        if row.event is not None or row.adopted or _is_ours(row):
            _row(row)
    others = [row for row in rows if not _is_ours(row)]
    with st.expander("Les autres hypothèses", key="bilan.autres"):
        html.show(_table(others))


def _is_ours(row: HypothesisRow) -> bool:
    """Tell whether a journal with enough observations can correct the hypothesis."""
    return not row.why_not.startswith("un choix")


#: Key of the button that gives a hypothesis its value back, before its name.
_BACK = "bilan-rendre-"


def _row(row: HypothesisRow) -> None:
    text_side, adopt, back = st.columns([3, 1, 1.3], vertical_alignment="center")
    detail = [f"Supposé : {row.supposed}"]
    if row.observed:
        detail.append(f"observé : {row.observed}, {row.counted}")
    if row.why_not:
        detail.append(row.why_not)
    text = " ; ".join(part.rstrip(".") for part in detail)
    held = htpy.span(".gz-pill.gz-changed")[f"adopté : {row.adopted}"] if row.adopted else None
    html.show(
        html.stack(htpy.div[htpy.strong[row.label], " ", held], html.remark(f"{text}.")), text_side
    )
    adopt.button(
        "Adopter",
        key=f"bilan.adopter.{row.name}",
        icon=":material/check:",
        disabled=row.event is None,
        help=row.why_not or None,
        on_click=_adopt,
        args=(row,),
    )
    if row.adopted:
        back.button(
            "Rétablir la valeur de l'outil",
            key=_BACK + row.name,
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_give_back,
            args=(row,),
        )


def _adopt(row: HypothesisRow) -> None:
    if row.event is None:
        return
    kind, data = row.event
    done = f"{row.label} : {row.observed}, adopté dans ce scénario."
    if current_scenario.record(kind, dict(data), "bilan de l'expérimentation", done=done):
        state.ask_focus(_BACK + row.name)


def _give_back(row: HypothesisRow) -> None:
    done = f"{row.label} : valeur de l'outil rétablie."
    if row.name == "drives":
        current_scenario.record("correct_drives", {"groups": []}, done=done)
    else:
        data: dict[str, object] = {"hypothesis": row.name, "observed": None}
        current_scenario.record("adopt_hypothesis", data, done=done)


def _table(rows: list[HypothesisRow]) -> htpy.Element:
    cells = [
        (row.label, row.supposed, f"{row.observed} {row.counted}".strip() or "—", row.why_not)
        for row in rows
    ]
    heads = ("Hypothèse", "Valeur actuelle", "Observé", "Pourquoi")
    return html.table("Hypothèses que le journal ne corrige pas", heads, cells)


#: Seconds to wait for a short search.
_SHORT_S = 0.4


def files_of_bilan(study: Study, journal: Journal, files: tuple[JournalFile, ...]) -> None:
    """Offer a new proposal under the observed hypotheses, and the bilan as a file."""
    sector = state.of(TeamView).sector
    feedback = current_feedback()
    key = (*_key(study, files, sector), repr(feedback.sentences))
    reproposal = _reproposal(study, journal, key, sector)
    names = {end: f"{kind.label} (.{end})" for end, kind in FORMATS.items()}
    choice, act = st.columns([1, 1], vertical_alignment="bottom")
    with choice:
        chooser("Le bilan en fichier", names, state.bound(BilanView, "format"))
    end = state.of(BilanView).format
    with act:
        prepared(
            "bilan.preparer",
            "Préparer le fichier",
            ("bilan", end, str(hash(study.settings)), *key, str(reproposal is not None)),
            FORMATS[end].media,
            lambda: _job(study, journal, end, reproposal, feedback),
        )


def _key(study: Study, files: tuple[JournalFile, ...], sector: str | None) -> tuple[str, ...]:
    """Return the inputs of the bilan as a cache key."""
    study = as_supposed(study)  # adopted hypotheses change neither the bilan nor the proposal
    held = (f"{file.id}{file.first}" for file in files)
    return (str(hash((study.plan, study.settings, study.teams))), str(sector), *held)


def _reproposal(
    study: Study, journal: Journal, key: tuple[str, ...], sector: str | None
) -> Reproposal | None:
    """Offer to search a new proposal; show its progress, or show its result and return it."""
    job = state.of(BilanView).job
    if job is not None and job.asked.key == key:
        running = job_card(
            job,
            "Recherche des déplacements",
            lambda found: html.show(html.bullets(found.sentences(study), "gz-steps")),
        )
        if running or job.outcome is not None:
            return None if running else job.outcome
    st.button(
        "Proposer à nouveau, avec les valeurs observées",
        key="bilan.proposer",
        icon=":material/auto_awesome:",
        help=f"{MOVES} déplacements au plus, avec les hypothèses puis avec les valeurs observées.",
        on_click=_begin,
        args=(study, journal, key, sector),
    )
    return None


def _begin(study: Study, journal: Journal, key: tuple[str, ...], sector: str | None) -> None:
    job = begin_job(BilanView, lambda: reproposal_job(study, observer(study, journal), sector, key))
    if job is not None:
        job.wait(_SHORT_S)


def current_feedback() -> PlanFeedback:
    """Return comments and opinions on the current scenario; none if it is not saved."""
    scenario = current_scenario.current().scenario
    try:
        service = current_scenario.scenarios()
        return feedback_readers().of_scenario(service, None if scenario is None else scenario.id)
    except GeozonesError:  # the store does not answer: the page shows the error where it matters
        return NO_FEEDBACK


def _job(
    study: Study, journal: Journal, end: str, reproposal: Reproposal | None, feedback: PlanFeedback
) -> BilanJob:
    """Return the job that makes the file, for the sector in view or for the whole region."""
    sector = state.of(TeamView).sector
    content = content_of(study, journal, sector, reproposal, feedback)
    work, scenarios = current_scenario.current(), current_scenario.scenarios()
    saved = None if work.scenario is None else work.scenario.id
    exported = of_work(
        study.analysis, work, feedback_readers().of_scenario(scenarios, saved), ledger()
    )
    view = ExportView("region") if sector is None else ExportView("sector", sector)
    exported = exported.at(address.app_address(), scenarios.sharing.frozen_version(work))
    shown = dossier(exported, view)
    return bilan_job(BilanRequest(shown, content, end))


def bilan_part(staff: Staff) -> None:
    """Show the bilan of the area in view, the hypotheses, and the files of the journal."""
    study = staff.study
    kept = journals()
    files, journal = kept.files(), kept.read()
    if not journal.rows:
        html.show(
            html.note(
                htpy.strong["Aucune observation pour l'instant. "],
                "Le bilan comparera ce que l'outil a supposé à ce que les équipes ont fait : "
                "interventions, présence, visites, absences, relèves, trajets. Importez un "
                "journal pour commencer.",
            )
        )
        files_panel(study, files)
        return
    _bilan(study, journal)
    files_of_bilan(study, journal, files)
    rows = hypothesis_rows(study, observer(study, journal))
    hypotheses_panel(rows, invented=journal.invented)
    files_panel(study, files)


def _bilan(study: Study, journal: Journal) -> None:
    view = state.of(TeamView)
    bilan = bilan_of(study, journal, sector=view.sector, zone=view.zone)
    if bilan.invented:
        html.show(html.notice("error", INVENTED_NOTICE))
    mark = invented_mark(invented=bilan.invented)
    told = [f"{finding.text}." for finding in bilan.findings[1:]]
    html.show(
        html.stack(
            html.subtitle(bilan.title, mark),
            html.remark(f"Bilan : {bilan.area.name}, {bilan.period_text}."),
            html.bullets(told, "gz-steps") if told else None,
        )
    )
    if bilan.decisions:
        decided = html.bullets(bilan.decisions, "gz-steps")
        html.show(html.stack(html.subtitle(DECISIONS_TITLE, mark), decided))
    _map(observed_map(study, observer(study, journal), bilan.area, bilan.keys), mark)
    html.show(html.subtitle("Attendu et observé", mark))
    html.show(_lines(bilan))
    html.show(html.remark(f"{BAR_KEY} {' '.join(bilan.counts)}"))
    html.show(html.subtitle("Points de vigilance du document", mark))
    html.show(_points(bilan))
    if bilan.cost is not None:
        html.show(html.subtitle("Conséquences pour le plan", mark))
        html.show(html.sentence(bilan.cost.sentence))
        html.show(_cost(bilan))
    _comments(study)
    part, marked = (
        worded(PART_NAMES[bilan.area.kind]),
        " (journal inventé)" if bilan.invented else "",
    )
    with st.expander(f"Par {part}{marked}", key="bilan.parties"):
        html.show(_rows(f"Observé, par {part}", bilan.parts, linked=True))
    with st.expander(f"Par mois{marked}", key="bilan.mois"):
        html.show(_rows("Observé, par mois", bilan.months, linked=False))


def _comments(study: Study) -> None:
    """Show comments and opinions on the scenario, for the sector in view."""
    feedback, sector = current_feedback(), state.of(TeamView).sector
    sentences = (feedback if sector is None else feedback.in_sector(study.plan, sector)).sentences
    if sentences:
        html.show(html.stack(html.subtitle(FEEDBACK_TITLE), html.bullets(sentences, "gz-steps")))


def _map(shown: ObservedMap | None, mark: htpy.Node) -> None:
    """Draw the map of the most telling figure by zone, with its classes and values."""
    if shown is None:
        return
    picture = html.picture(zone_picture(shown.scene), shown.described)
    classes = [(html.swatch(swatch_css(colour)), words) for colour, words in shown.legend]
    values = [f"{zone.number}. {zone.name} : {zone.value}" for zone in shown.zones]
    html.show(
        html.stack(
            html.subtitle(shown.title, mark),
            htpy.div(".gz-observed")[
                htpy.div(".gz-zone-picture")[picture],
                htpy.div[html.legend("Classes", classes), html.bullets(values, "gz-list")],
            ],
        )
    )


def _lines(bilan: Bilan) -> htpy.Element:
    rows = [
        (
            line.label,
            html.picture(interval_svg(line), line.described),
            line.observed,
            line.interval or "—",
            line.expected or "—",
            _verdict(line.verdict),
            line.counted,
        )
        for line in bilan.lines
    ]
    heads = (
        "Ce qui s'est passé", "Dessin", "Observé", "Intervalle à 95 %", "Attendu", "Jugement",
        "D'après",
    )  # fmt: skip
    caption = "Attendu et observé, du moins bon au meilleur"
    return html.table(
        caption, heads, rows, numeric=frozenset({2, 3, 4}), hidden_caption=True, stacks=True
    )


def _verdict(verdict: BilanVerdict) -> htpy.Node:
    if verdict is BilanVerdict.WORSE:
        return htpy.strong[verdict.value]
    return verdict.value or "—"


def _points(bilan: Bilan) -> htpy.Element:
    return htpy.ul(".gz-steps")[
        [
            htpy.li[
                htpy.strong[point.title],
                " — à surveiller" if point.alarming else None,
                htpy.br,
                point.shown,
            ]
            for point in bilan.points
        ]
    ]


def _cost(bilan: Bilan) -> htpy.Element:
    assert bilan.cost is not None  # noqa: S101 - the caller checked
    names = ("Coût annuel", "Heures de route", worded("Sans {technician}"))
    rows = [
        (name, f"{number(before)}\u00a0h", f"{number(after)}\u00a0h")
        for name, before, after in zip(names, bilan.cost.before, bilan.cost.after, strict=True)
    ]
    heads = ("Par an", "Avec les hypothèses", "Avec les valeurs observées")
    return html.table("Coût du plan", heads, rows, numeric=frozenset({1, 2}), hidden_caption=True)


def _rows(caption: str, parts: tuple[AreaRow, ...], *, linked: bool) -> htpy.Element:
    rows = [
        (html.go(part.place, part.name) if linked else part.name, *part.cells) for part in parts
    ]
    heads = ("Secteur ou zone" if linked else "Mois", *HEADS)
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))
