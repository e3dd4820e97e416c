"""Import of a list: its file and columns, its repairs and rows left to the user, the changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import htpy
import streamlit as st

from geozones.common.french import listing, number, plural
from geozones.domain import Plan
from geozones.domain.places import Precision
from geozones.domain.terms import terms, worded
from geozones.features.imports.model import (
    LEAVE,
    NEW,
    AmbiguousRow,
    ListedPlace,
    ListedPlan,
    ListImport,
    ListJob,
    ListRequest,
    MatchCandidate,
    Repair,
    Report,
    changes_of,
    list_job,
    places_of,
    planned,
    quality,
    why_elsewhere,
)
from geozones.ui import current_scenario, state
from geozones.ui.feature_parts import DataPart, FeatureParts
from geozones.ui.server import uploads
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_progress, tell_end
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.table_columns import column_fields
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import Territory
from geozones.workspace.scenarios.open_scenario import Work


@dataclass(frozen=True, slots=True)
class ListView:
    """Import in progress on the page « Données », and its step, from 1.

    ``baseline`` compares the list with the plan in force instead of the current scenario;
    ``keep_absent`` keeps the lycées that are missing from the list; ``shown`` says which repairs
    are listed; ``pasted`` is the text to read, ``name`` the name of the new scenario, ``proposed``
    its default. ``job`` reads the list.
    """

    job: ListJob | None = None

    current: ListImport | None = None
    step: int = 1
    baseline: bool = True
    keep_absent: bool = True
    shown: str = ""
    pasted: str = ""
    name: str = ""
    proposed: str = ""


_FILE = "donnees.fichier"
_MOST_TEXT = 1_000_000
#: Seconds to wait for a short list.
_SHORT_S = 1.0


def read_step(study: Study, _work: Work) -> None:
    """Draw the form that takes the list."""
    html.show(
        html.note(
            "Obligatoire, en fichier ou collé : un tableau d'un PDF (le document entier convient), "
            "un CSV, un classeur XLSX ou ODS, un GeoJSON ou un GeoPackage. Codes, communes et noms "
            f"sont vérifiés avec {study.atlas.directory_title}, sans réseau."
        )
    )
    job = state.of(ListView).job
    if job is not None:
        title = f"Lecture de « {job.asked.name[:80]} »"
        if job_progress(
            job, title, StopButton("Annuler", "donnees.annuler", partial(drop_job, ListView))
        ):
            return
        _end(job)
        st.rerun()
    file_side, text_side = st.columns(2, gap="large")
    with file_side:
        uploads.uploader(_FILE, "Fichier (30 Mo au plus)", 30, type=uploads.LIST_TYPES)
        st.button(
            "Lire le fichier",
            icon=":material/upload_file:",
            key="donnees.lire-fichier",
            on_click=_read_file,
            args=(study,),
            # a click while the file is still being sent would find none
            disabled=not uploads.is_there(_FILE),
        )
    with text_side:
        state.bound(ListView, "pasted").draw(
            st.text_area,
            "Ou texte collé",
            height=170,
            max_chars=_MOST_TEXT,
            placeholder=worded("DPT ⇥ {Code} ⇥ Nom {of_the_site} ⇥ Ville"),
        )
        st.button(
            "Lire le texte",
            icon=":material/content_paste:",
            key="donnees.lire-texte",
            on_click=_read_text,
            args=(study,),
        )


def _read_file(study: Study) -> None:
    upload = uploads.take(_FILE)
    if upload is not None:
        _read(study, upload.content, upload.name)


def _read_text(study: Study) -> None:
    _read(study, state.of(ListView).pasted, "texte collé")


def _read(study: Study, content: bytes | str, name: str) -> None:
    job = begin_job(ListView, lambda: list_job(ListRequest(study.territory, content, name)))
    if job is None:
        return
    job.wait(_SHORT_S)
    if not job.is_running:
        _end(job)


def _end(job: ListJob) -> None:
    """Continue with a list that was read, or notify the user why it could not be read."""
    with state.uninterrupted():  # a list that was read is not read again
        state.update(ListView, job=None)
        if job.outcome is None:
            field = "pasted" if isinstance(job.asked.content, str) else "fichier"
            state.notify("error", job.problem, field=field)
            return
        current = job.asked.opened(job.outcome)
        # if the titles identify the columns, that step is skipped
        step = 3 if current.report.listing.sure and current.report.listing.rows else 2
        proposed = f"Import de {current.name}"[:100]
        state.update(ListView, current=current, step=step, proposed=proposed)
        read = plural(len(current.report.listing.rows), "ligne lue", "lignes lues")
        tell_end(job, f"« {current.name} » : {read}.")


def columns_step(_study: Study, _work: Work) -> None:
    """Show the content of each column, and let the user correct it."""
    current = state.of(ListView).current
    if current is None:
        return
    listing = current.report.listing
    if current.columns is None and not listing.sure:
        text = "Les titres des colonnes ne sont pas reconnus : vérifiez ce que l'outil a deviné."
        html.show(html.warning(text))
    elif not listing.rows:
        text = worded("Aucune ligne {of_site} n'est reconnue : indiquez quelles sont les colonnes.")
        html.show(html.warning(text))
    column_fields("donnees.colonne", current.shown_columns, _choose)
    heads = [f"{rank}. {title}" for rank, title in enumerate(current.titles, start=1)]
    html.show(html.table("Premières lignes", heads, current.sample()))
    html.show(html.note(f"{plural(len(listing.rows), 'ligne lue', 'lignes lues')}."))


def _choose(field: str, rank: str) -> None:
    """Read a field from another column, or from none."""
    current = state.of(ListView).current
    if current is None:
        return
    state.update(ListView, current=current.corrected({field: rank}))


#: Rows of a table that are shown.
_SHOWN = 200


def _first_rows(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    numeric: frozenset[int] = frozenset(),
) -> htpy.Element:
    """Return a table of the first rows; its caption says so if there are more."""
    if len(rows) > _SHOWN:
        caption += f" : les {_SHOWN} premières lignes sur {number(len(rows))}"
    return html.table(caption, heads, rows[:_SHOWN], numeric=numeric, stacks=True)


def _base(study: Study, work: Work) -> tuple[Territory, Plan]:
    """Return the territory and the plan that the list is compared with."""
    if state.of(ListView).baseline:
        held = study.analysis.baseline.current
        return study.territory.relocated(held.places), held.plan
    return study.territory.relocated(work.state.places), work.plan


def _listed(study: Study, work: Work, report: Report) -> tuple[Territory, ListedPlan]:
    territory, base = _base(study, work)
    return territory, planned(territory, report, base, keep_absent=state.of(ListView).keep_absent)


@html.showing_errors()
def places_step(study: Study, work: Work) -> None:
    """Show the places of the lycées that are missing from the data."""
    current = state.of(ListView).current
    if current is None:
        return
    territory, listed = _listed(study, work, current.report)
    places = places_of(territory, listed.added)
    if not places:
        site = terms().site
        text = f"Les {site.counted(len(current.report.accepted))} de la liste sont déjà "
        html.show(html.note(f"{text}placés : rien à chercher."))
        return
    html.show(
        html.note(
            f"{terms().site.counted(len(places))} de la liste "
            f"{'est' if len(places) == 1 else 'sont'} à placer. Une position se corrige "
            "ensuite sur la carte, à la main."
        )
    )
    heads = (
        worded("{Site}"),
        "Commune",
        "Adresse lue",
        "Position",
        "Latitude",
        "Longitude",
        "Selon",
    )
    rows = [_place_row(place) for place in places]
    html.show(_first_rows(worded("{Sites} à placer"), heads, rows, frozenset({4, 5})))


def _place_row(place: ListedPlace) -> tuple[str, ...]:
    row = place.row
    about = place.precision.about + (f" ; {place.why}" if place.why else "")
    return (
        row.name,
        row.commune,
        row.address or "—",
        about,
        number(place.lat, 5),
        number(place.lon, 5),
        place.provider,
    )


@html.showing_errors()
def changes_step(study: Study, work: Work) -> None:
    """Show the changes that the list makes to the plan, then offer to create the scenario."""
    current = state.of(ListView).current
    if current is None:
        return
    base_side, absent_side = st.columns(2, gap="large")
    with base_side:
        bases = {True: f"le {study.analysis.baseline.current.noun}"}
        if work.scenario is not None or work.timeline.path:
            bases[False] = f"le scénario « {work.name} »"
        state.bound(ListView, "baseline").draw(
            st.radio, "Comparer avec", list(bases), format_func=bases.__getitem__
        )
    with absent_side:
        absent = {True: "les garder dans leur zone", False: "les retirer du plan"}
        state.bound(ListView, "keep_absent").draw(
            st.radio,
            worded("{Sites} des secteurs de la liste qui n'y sont pas"),
            list(absent),
            format_func=absent.__getitem__,
        )
    with st.spinner("Calcul du plan…"):
        territory, listed = _listed(study, work, current.report)
        places = places_of(territory, listed.added)
        after = study.analysis.relocated(changes_of(territory, listed, places))
        forbidden = after.forbidden(listed.plan)
    _scope(current.report, listed)
    html.show(html.figures("Changements du plan", _cards(listed)))
    for text in (*forbidden, *listed.notes):
        html.show(html.warning(text))
    _tables(territory, after.territory, listed)
    _confirm(study, work)


def _scope(report: Report, listed: ListedPlan) -> None:
    text = (
        f"La liste donne {plural(len(listed.listed), 'secteur')} : {listing(listed.listed)}. "
        "Elle est intégrée au plan : "
        + (
            f"les autres secteurs ({listing(listed.untouched)}) restent comme ils sont."
            if listed.untouched
            else "tous les secteurs y sont."
        )
    )
    left = len(report.ambiguous)
    if left:
        text += (
            f" {plural(left, 'ligne')} à trancher {'est' if left == 1 else 'sont'} encore de côté."
        )
    html.show(html.note(text))


def _cards(listed: ListedPlan) -> Sequence[tuple[str, str, str]]:
    site = terms().site
    e = site.e
    kept = f"gardé{e}s" if state.of(ListView).keep_absent else f"retiré{e}s"
    return (
        (
            f"Ajouté{e}s",
            str(len(listed.added)),
            f"{site.plural} nouveaux dans le plan",
        ),
        (f"Absent{e}s de la liste", str(len(listed.removed)), kept),
        (f"Renommé{e}s", str(len(listed.renamed)), "autre nom que les données"),
        (f"Déplacé{e}s", str(len(listed.moved)), "dans une autre zone"),
        ("Zones", f"+{len(listed.created)} −{len(listed.gone)}", "créées, vidées"),
    )


def _tables(before: Territory, after: Territory, listed: ListedPlan) -> None:
    if listed.changes_nothing:
        html.show(html.note(worded("La liste est conforme au plan : {no_site} ne change de zone.")))
        return
    zones = {zone.id: zone.name for zone in before.plan.zones}
    zones |= {zone.id: zone.name for zone in listed.gone}
    zones |= {zone.id: zone.name for zone in listed.plan.zones}
    e = terms().site.e
    rows = [
        (f"ajouté{e}", row.name, row.commune, "—", listed.plan.zone_of(row.id).name)
        for row in listed.added
    ]
    for key in listed.removed:
        lycee = before.lycees[key]
        stays = key in listed.plan.zone_by_lycee
        zone = listed.plan.zone_of(key).name if stays else "hors du plan"
        rows.append((f"absent{e} de la liste", lycee.name, lycee.commune, "", zone))
    rows += [
        (f"renommé{e}", entry.after, after.lycees[entry.lycee].commune, entry.before, entry.after)
        for entry in listed.renamed
    ]
    for key, old, new in listed.moved:
        lycee = after.lycees[key]
        rows.append((f"déplacé{e}", lycee.name, lycee.commune, zones.get(old, old), zones[new]))
    heads = ("Changement", worded("{Site}"), "Commune", "Avant", "Après")
    html.show(_first_rows("Ce qui change dans le plan", heads, rows))


def _confirm(study: Study, work: Work) -> None:
    name = state.bound(ListView, "name").draw(
        st.text_input, "Nom du nouveau scénario", max_chars=120
    )
    if not name:
        proposed = state.of(ListView).proposed
        html.show(html.sources(f"Sans nom, il s'appellera « {proposed} »."))
    st.button(
        "Créer le scénario",
        icon=":material/save:",
        type="primary",
        key="donnees.creer",
        on_click=_create,
        args=(study, work),
    )


@state.reporting_errors(after="L'import est toujours à l'écran.")
def _create(study: Study, work: Work) -> None:
    view = state.of(ListView)
    if view.current is None:
        return
    territory, listed = _listed(study, work, view.current.report)
    changes = changes_of(territory, listed, places_of(territory, listed.added))
    service = current_scenario.scenarios()
    base = study.analysis.baseline.current.origin if view.baseline else f"« {work.name} »"
    fresh = service.new(listed.plan, f"{view.current.name}, sur {base}", changes)
    name = view.name.strip() or view.proposed
    report = view.current.report
    left = len(report.ambiguous) + len(report.rejected)
    counts = (
        terms().site.counted(len(report.accepted)),
        plural(len(report.repairs), "réparation"),
        plural(left, "ligne laissée", "lignes laissées"),
    )
    lines = [f"{', '.join(counts)}."]
    lines += [
        f"Ligne {r.row}, {r.field} : « {r.was} » → « {r.now} ». {r.why}" for r in report.repairs
    ]
    made = service.adopt(fresh, name, "\n".join(lines))
    current_scenario.start(made)
    state.forget(ListView)
    state.notify(
        "ok", f"Le scénario « {made.name} » est créé et ouvert, avec les zones de la liste."
    )


_PAGE = 60
_EVERY = "Toutes"
_FIELDS = {
    "code": "{Codes}",
    "uai_associes": "Deux codes",
    "nom": "Noms",
    "commune": "Communes",
    "departement": "Départements",
    "zone": "Titres de zones",
}
_ONE = {
    "code": "{code}",
    "uai_associes": "deux codes",
    "nom": "nom",
    "commune": "commune",
    "departement": "département",
    "zone": "titre de zone",
}
_LATER = "plus-tard"


def repairs_step(study: Study, _work: Work) -> None:
    """Show the repairs, the rows left to settle, and the rows that cannot be used."""
    current = state.of(ListView).current
    if current is None:
        return
    report = current.report
    if not report.listing.rows:
        message = worded(
            "Aucune ligne {of_site} n'est reconnue : revenez aux colonnes, ou à la liste."
        )
        html.show(html.warning(message))
        return
    if elsewhere := why_elsewhere(report):
        html.show(html.warning(f"{elsewhere} Revenez aux colonnes, ou à la liste."))
        return
    repairs = sorted((*report.repairs, *report.refused), key=lambda repair: repair.key)
    repairs_side, rest_side = st.columns([1.5, 1], gap="large")
    with repairs_side:
        _repairs(current, repairs)
    with rest_side:
        _questions(study, current)
        rejected = current.report.rejected
        if rejected:
            rows = [(str(row.row), row.text, row.why) for row in rejected]
            caption = plural(len(rejected), "ligne écartée", "lignes écartées")
            html.show(_first_rows(caption, ("Ligne", "Lu", "Pourquoi"), rows, frozenset({0})))
        _facts(current)


def _repairs(current: ListImport, repairs: list[Repair]) -> None:
    html.show(html.subtitle(plural(len(repairs), "réparation"), heading=htpy.h3))
    if repairs:
        html.show(html.sources("Décochez une réparation pour la refuser."))
    else:
        html.show(html.note("Aucune réparation : la liste est acceptée telle quelle."))
        return
    counts = {field: sum(repair.field == field for repair in repairs) for field in _FIELDS}
    kinds = {"": f"{_EVERY} ({len(repairs)})"} | {
        field: f"{worded(label)} ({counts[field]})"
        for field, label in _FIELDS.items()
        if counts[field]
    }
    shown = state.of(ListView).shown
    state.bound(ListView, "shown").draw(
        st.segmented_control,
        "Réparations à voir",
        list(kinds),
        format_func=kinds.__getitem__,
        label_visibility="collapsed",
    )
    wanted = [repair for repair in repairs if shown in {"", repair.field}]
    with st.container(key="gz-repairs"):
        for repair in wanted[:_PAGE]:
            bound = state.BoundValue(
                f"donnees.reparation.{repair.row}.{repair.field}",
                repair.key not in current.decisions.refused,
                partial(_judge, repair),
            )
            was = htpy.del_[f"« {repair.was} »"] if repair.was else "(vide)"
            take, text_side = st.columns([0.36, 1], gap="small", vertical_alignment="center")
            bound.draw(
                take.checkbox,
                f"Ligne {repair.row} · {worded(_ONE.get(repair.field, repair.field))}",
            )
            line = [was, " → ", htpy.strong[repair.now], htpy.br, htpy.small[repair.why]]
            html.show(htpy.p(".gz-repair")[line], text_side)
    if len(wanted) > _PAGE:
        rest = len(wanted) - _PAGE
        html.show(html.note(f"… et {plural(rest, 'autre')} du même genre, acceptées aussi."))


def _judge(repair: Repair, taken: bool) -> None:  # noqa: FBT001 - written by a checkbox
    current = state.of(ListView).current
    if current is not None:
        decided = current.with_repair(repair.row, repair.field, refused=not taken)
        state.update(ListView, current=decided)


def _questions(study: Study, current: ListImport) -> None:
    questions, chosen = current.report.ambiguous, current.decisions.chosen
    settled = [row for row in chosen if row not in {question.row for question in questions}]
    to_settle = f"{plural(len(questions), 'ligne')} à trancher"
    html.show(html.subtitle(to_settle, heading=htpy.h3))
    for question in questions[:_PAGE]:
        _question(study, current, question)
    if len(questions) > _PAGE:
        rest = len(questions) - _PAGE
        html.show(html.note(f"… et {plural(rest, 'autre')}, à trancher après celles-ci."))
    for row in settled:
        answer = chosen[row]
        name = _named(study, answer)
        with st.container(horizontal=True, vertical_alignment="center"):
            html.show(html.note(f"Ligne {row} : {name}, selon votre choix."))
            st.button(
                "Revenir sur ce choix",
                key=f"donnees.reprendre.{row}",
                on_click=_answer,
                args=(row, None),
            )
    if not questions and not settled:
        html.show(html.note("Aucune : chaque ligne est reconnue ou écartée avec sa raison."))


def _named(study: Study, answer: str) -> str:
    """Return the user's answer for a row, in words."""
    if answer in study.territory.lycees:
        return study.name(answer)
    return {NEW: worded("nouveau {site}"), LEAVE: "laissée de côté"}.get(
        answer.partition(":")[0], answer
    )


def _question(study: Study, current: ListImport, question: AmbiguousRow) -> None:
    names = {_LATER: "— à trancher"} | {
        entry.id: f"{entry.name} ({entry.commune}) · {entry.id} · {_likeness(entry)}"
        for entry in question.candidates
    }
    names[NEW] = f"Un nouveau {terms().site}, absent de {study.atlas.directory_title}"
    names[LEAVE] = "Laisser cette ligne de côté"
    chosen = current.decisions.chosen.get(question.row, _LATER)
    html.show(
        htpy.p(".gz-repair")[
            htpy.small[f"Ligne {question.row}"],
            htpy.br,
            htpy.strong[question.text],
            htpy.br,
            htpy.small[question.why],
        ]
    )
    chooser(
        f"{worded('{Site}')} de la ligne {question.row}",
        names,
        state.BoundValue(f"donnees.choix.{question.row}", chosen, partial(_answer, question.row)),
        label_visibility="collapsed",
    )
    if chosen == NEW:  # its commune is not recognised
        commune = worded("Commune du nouveau {site}")
        communes = {f"{NEW}:{entry.code}": entry.name for entry in study.atlas.communes}
        chooser(
            f"{commune} de la ligne {question.row}",
            communes,
            state.BoundValue(
                f"donnees.commune.{question.row}", None, partial(_answer, question.row)
            ),
            placeholder=commune,
            label_visibility="collapsed",
        )


def _likeness(entry: MatchCandidate) -> str:
    """Return how near a candidate is, and the row that is this lycée already."""
    near = f"ressemblance {number(entry.score)} %"
    return near if entry.taken is None else f"{near}, déjà ligne {entry.taken}"


def _answer(row: int, choice: str | None) -> None:
    current = state.of(ListView).current
    if current is not None:
        answer = None if choice == _LATER else choice
        state.update(ListView, current=current.with_answer(row, answer))


def _facts(current: ListImport) -> None:
    """Show the document's other content: sectors, calendar, skipped rows."""
    report = current.report
    facts = [
        (
            sector.name,
            f"RNS : {report.rns.get(sector.rank, 'non dit')} ; "
            + plural(sum(zone.sector == sector.rank for zone in report.listing.zones), "zone"),
        )
        for sector in report.listing.sectors
    ]
    facts += [(step.label, " ; ".join(step.actions)) for step in report.listing.calendar]
    if facts:
        with st.expander("Secteurs et calendrier lus"):
            html.show(html.facts(facts))
    if report.notes:
        with st.expander(f"Remarques sur le document ({len(report.notes)})"):
            sentences = [
                f"Ligne {note.row} : {note.what}" if note.row else note.what
                for note in report.notes
            ]
            others = "autre remarque", "autres remarques"
            html.show(htpy.fragment[html.folded_bullets(sentences, "gz-steps", _PAGE, *others)])


_STEPS = (
    ("Liste", read_step),
    ("Colonnes", columns_step),
    ("Réparations", repairs_step),
    ("Lieux", places_step),
    ("Changements", changes_step),
)


def _lists(study: Study) -> None:
    """Show the current step of the import, then the quality board."""
    work = current_scenario.current()
    view = state.of(ListView)
    html.show(
        html.note(
            worded(
                "Importer une liste {of_plural_site} et de zones : rien n'est écrit avant la "
                "dernière étape."
            )
        )
    )
    html.show(_progress(view.step))
    title, step = _STEPS[view.step - 1]
    with st.container(key="gz-step"):
        html.show(html.subtitle(f"{view.step}. {title}"))
        step(study, work)
        _buttons(view)
    html.show(html.subtitle("Qualité des données"))
    if view.current is not None:
        html.show(_list_board(view.current))
    _board(study, work)


def _progress(step: int) -> htpy.Element:
    """Return the steps as a list, with the current one marked."""
    items = [
        htpy.li(
            class_="gz-now" if rank == step else "gz-done" if rank < step else None,
            aria_current="step" if rank == step else None,
        )[f"{rank}. {name}"]
        for rank, (name, _) in enumerate(_STEPS, start=1)
    ]
    return htpy.ol(".gz-progress", aria_label="Étapes de l'import")[items]


def _buttons(view: ListView) -> None:
    if view.current is None:
        return
    with st.container(horizontal=True):
        if view.step > 1:
            st.button(
                "Retour",
                icon=":material/arrow_back:",
                key="donnees.retour",
                on_click=_go,
                args=(view.step - 1,),
            )
        if view.step < len(_STEPS):
            st.button(
                "Continuer",
                icon=":material/arrow_forward:",
                key="donnees.continuer",
                type="primary",
                on_click=_go,
                args=(view.step + 1,),
            )
        st.button(
            "Abandonner l'import",
            icon=":material/close:",
            key="donnees.abandonner",
            on_click=_give_up,
        )


def _go(step: int) -> None:
    state.update(ListView, step=step)
    state.clear_notice()


def _give_up() -> None:
    state.forget(ListView)
    state.notify("ok", "Import abandonné : rien n'a été écrit.")


def _list_board(current: ListImport) -> htpy.Element:
    """Return the figures of the list: rows, repairs, provisional keys, rows left out."""
    report = current.report
    provisional = sum(row.is_provisional for row in report.accepted)
    twice = sum("déjà" in question.why for question in report.ambiguous)
    new = sum(not row.known for row in report.accepted)
    cards = (
        ("Lignes lues", str(len(report.listing.rows)), current.name),
        ("Reconnues", str(len(report.accepted)), f"dont {plural(new, 'nouveau', 'nouveaux')}"),
        ("Réparations", str(len(report.repairs)), plural(len(report.refused), "refusée")),
        ("Clés provisoires", str(provisional), worded("sans {code}")),
        ("Doublons", str(twice), "dans deux zones"),
        (
            "Laissées",
            str(len(report.ambiguous) + len(report.rejected)),
            f"{len(report.ambiguous)} à trancher",
        ),
    )
    return html.figures("Qualité de la liste", cards)


def _board(study: Study, work: Work) -> None:
    """Show the doubts about the lycées of the current plan."""
    doubts = quality(study.territory.lycees)
    where = "du scénario" if work.state.places else "des données livrées"
    cards = (
        (worded("{Sites}"), str(doubts.lycees), where),
        ("Clés provisoires", str(len(doubts.provisional)), worded("sans {code}")),
        (
            "Positions approximatives",
            str(len(doubts.imprecise)),
            "ni adresse, ni correction",
        ),
        ("Doublons possibles", str(len(doubts.twins)), "même point, ou même nom"),
    )
    html.show(html.figures(f"Qualité {where}", cards))
    rows = [(*_row(study, key), "clé provisoire") for key in doubts.provisional]
    rows += [
        (*_row(study, key), f"position {Precision(study.territory.lycees[key].precision).about}")
        for key in doubts.imprecise
    ]
    rows += [
        (*_row(study, key), "même point ou même nom qu'un autre")
        for keys in doubts.twins
        for key in keys
    ]
    if rows:
        with st.expander("Ce qui est à vérifier"):
            heads = (worded("{Site}"), "Commune", "Code", "À vérifier")
            html.show(_first_rows(worded("{Sites} à vérifier"), heads, rows))


def _row(study: Study, key: str) -> tuple[str, str, str]:
    lycee = study.territory.lycees[key]
    return lycee.name, lycee.commune, key


PARTS = FeatureParts(data=DataPart("liste", "Liste", _lists))
