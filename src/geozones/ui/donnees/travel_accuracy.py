"""Errors against known driving times: in a sentence, by kind of drive, the worst."""

import htpy

from geozones.common.french import minutes, number, plural, ranged_minutes, signed
from geozones.ui.widgets import html
from geozones.ui.widgets.download import download_button
from geozones.workspace.reachability.accuracy import KINDS, Accuracy, Errors, accuracy_of
from geozones.workspace.reachability.accuracy_files import accuracy_csv
from geozones.workspace.reachability.references import References
from geozones.workspace.study import Study

_WORST = 8
#: Bias in percent below which the tool counts as neither too short nor too long.
_EVEN = 1.0
#: Fewest drives for a share: with fewer, a percentage would claim too much.
_ENOUGH = 20


@html.showing_errors()
def comparison(study: Study, references: References, key: str) -> None:
    """Show the errors against some references: in a sentence, by kind, the worst."""
    found = accuracy_of(study.analysis, references)
    overall = found.overall
    note = study.analysis.peak_note
    if overall is None:
        html.show(html.error("L'outil n'a de durée pour aucun de ces trajets."))
    else:
        html.show(html.sentence(_sentence(overall)))
        if note:
            html.show(
                html.caveat(
                    "Une heure de pointe est choisie : elle allonge les durées de l'outil. Des "
                    "durées relevées en circulation fluide se comparent sans elle."
                )
            )
        html.show(_by_kind(found, overall, note))
        html.show(_worst(found, note))
    for text in _left_out(found):
        html.show(html.caveat(text))
    download_button(
        "Télécharger le détail (CSV)",
        accuracy_csv(study, found),
        file_name="fiabilite-des-durees.csv" if key == "livrees" else "mes-trajets-compares.csv",
        mime="text/csv",
        key=f"temps.detail.{key}",
    )


def _sentence(errors: Errors) -> str:
    bias = errors.bias_percent
    if abs(bias) < _EVEN:
        tends = "il n'est ni trop court ni trop long"
    else:
        tends = f"il est plutôt trop {'long' if bias > 0 else 'court'} ({signed(bias)} %)"
    return (
        f"Sur {plural(errors.pairs, 'trajet')}, l'outil s'écarte en moyenne de "
        f"{number(errors.mae_percent, 1)} % ; {tends}. La durée connue tombe dans sa "
        f"fourchette pour {_covered(errors, ' des trajets', ' trajets')} (80 % visés)."
    )


def _covered(errors: Errors, of_all: str = "", drives: str = "") -> str:
    """Format how many references are inside the interval: a share if there are enough."""
    if errors.pairs < _ENOUGH:
        return f"{errors.covered}{drives} sur {errors.pairs}"
    return f"{number(errors.coverage_percent)} %{of_all}"


def _by_kind(found: Accuracy, overall: Errors, note: str) -> htpy.Element:
    about = {kind.name: f"{kind.name.capitalize()} ({kind.about})" for kind in KINDS}
    rows = [_row(about[name], errors) for name, errors in found.by_kind.items()]
    heads = ("Trajets", "Nombre", "Écart moyen", "Biais", "Pire écart", "Dans la fourchette")
    return html.table(
        f"Écarts par genre de trajet, en % de la durée connue{note}",
        heads,
        [*rows, _row("Tous", overall)],
        numeric=frozenset({1, 2, 3, 4, 5}),
    )


def _row(name: str, errors: Errors) -> tuple[str, ...]:
    return (
        name,
        number(errors.pairs),
        f"{number(errors.mae_percent, 1)} %",
        f"{signed(errors.bias_percent)} %",
        f"{number(errors.worst_percent)} %",
        _covered(errors),
    )


def _worst(found: Accuracy, note: str) -> htpy.Element:
    labels = found.references.labels
    rows = [
        (
            f"{labels[entry.reference.origin]} → {labels[entry.reference.destination]}",
            minutes(entry.reference.minutes),
            ranged_minutes(entry.minutes, entry.low, entry.high, estimated=entry.estimated),
            f"{signed(entry.percent, 0)} %",
        )
        for entry in found.checked[:_WORST]
    ]
    heads = ("Trajet", "Durée connue", "Outil", "Écart")
    return html.table(f"Les plus grands écarts{note}", heads, rows, numeric=frozenset({1, 2, 3}))


def _left_out(found: Accuracy) -> list[str]:
    """Return the lines that were not compared, and the doubts about the file."""
    references = found.references
    sentences = [
        f"Ligne {time.line} : l'outil n'a pas de durée de {references.labels[time.origin]} à "
        f"{references.labels[time.destination]}."
        for time in found.unknown[:_WORST]
    ]
    if len(found.unknown) > _WORST:
        left = plural(len(found.unknown) - _WORST, "autre trajet", "autres trajets")
        sentences.append(f"Et {left} sans durée.")
    if references.unfilled:
        sentences.append(f"{plural(references.unfilled, 'ligne')} sans minutes, à mesurer.")
    return [*sentences, *references.remarks[:_WORST]]
