"""« times accuracy »: accuracy of the tool's minutes against reference driving times."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, Reply, content, option
from geozones.common.errors import InputError
from geozones.common.french import between, number, plural, signed
from geozones.intake.travel_tables import MAX_BYTES
from geozones.workspace.reachability.accuracy import KINDS, Accuracy, Checked, Errors, accuracy_of
from geozones.workspace.reachability.references import (
    FILE,
    Reference,
    read_references,
    shipped_references,
)

_WORST = 5
_HEADS = ("trajets", "écart moyen", "biais", "pire écart", "dans la fourchette")
_ALL = "tous"


def accuracy(
    *,
    reference: Annotated[
        Path | None,
        option("FICHIER", "vos durées : colonnes « de », « a », « minutes » (sinon, les livrées)"),
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Compare the tool's minutes with the shipped references, or with a user's own."""
    study = common.study()
    if reference is None:
        references = shipped_references(study.territory)
    else:
        given = content(reference, "fichier", MAX_BYTES)
        references = read_references(study.territory, given, reference.name)
    if references is None:
        msg = (
            f"Ce dossier de données n'a pas de durées de référence ({FILE}) : donnez les vôtres "
            "par --reference FICHIER."
        )
        raise InputError(msg)
    parts = [accuracy_of(study.analysis, part) for part in references.parts]
    answer: Answer = {"references": [_answer(part) for part in parts]}
    return common.reply(study, answer, _text)


def _answer(found: Accuracy) -> Answer:
    labels = found.references.labels
    return {
        "name": found.references.name,
        "sources": list(found.references.sources),
        **_errors(found.overall),
        "by_kind": {name: _errors(kind) for name, kind in found.by_kind.items()},
        "worst": [_checked(entry, labels) for entry in found.checked[:_WORST]],
        "unknown": [_reference(time, labels) for time in found.unknown],
        "unfilled": found.references.unfilled,
        "remarks": list(found.references.remarks),
    }


def _errors(errors: Errors | None) -> Answer:
    """Return the errors of some drives as JSON, ``None`` each if there is no drive."""
    return {
        "pairs": errors.pairs if errors else 0,
        "mae_percent": errors and errors.mae_percent,
        "bias_percent": errors and errors.bias_percent,
        "worst_percent": errors and errors.worst_percent,
        "coverage_percent": errors and errors.coverage_percent,
    }


def _reference(time: Reference, labels: Mapping[str, str]) -> Answer:
    return {
        "line": time.line,
        "from": time.origin,
        "to": time.destination,
        "from_name": labels[time.origin],
        "to_name": labels[time.destination],
        "reference": time.minutes,
    }


def _checked(entry: Checked, labels: Mapping[str, str]) -> Answer:
    return {
        **_reference(entry.reference, labels),
        "minutes": entry.minutes,
        "low": entry.low,
        "high": entry.high,
        "percent": entry.percent,
        "kind": entry.kind,
        "source": entry.source,
        "estimated": entry.estimated,
    }


def _text(answer: Answer) -> str:
    return "\n\n".join(_part(entry) for entry in answer["references"])


def _part(entry: Answer) -> str:
    lines = [f"{entry['name']} : {plural(entry['pairs'], 'trajet comparé', 'trajets comparés')}"]
    if entry["pairs"]:
        lines += _table({_ALL: entry, **entry["by_kind"]})
        lines += ["Les plus grands écarts :", *map(_worst, entry["worst"])]
    lines += [
        f"- {time['from_name']} → {time['to_name']} : l'outil n'a pas de durée pour ce trajet"
        for time in entry["unknown"]
    ]
    if entry["unfilled"]:
        lines.append(f"{plural(entry['unfilled'], 'ligne')} sans minutes : à mesurer.")
    return "\n".join([*lines, *entry["remarks"], *map("Source : {}".format, entry["sources"])])


def _table(rows: Mapping[str, Answer]) -> list[str]:
    """Return the errors of each kind, in right-aligned columns."""
    about = {_ALL: _ALL} | {kind.name: f"{kind.name} ({kind.about})" for kind in KINDS}
    cells = [("", *_HEADS)]
    cells += [
        (
            about[name],
            number(row["pairs"]),
            f"{number(row['mae_percent'], 1)} %",
            f"{signed(row['bias_percent'])} %",
            f"{number(row['worst_percent'], 1)} %",
            f"{number(row['coverage_percent'])} %",
        )
        for name, row in rows.items()
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            [first.ljust(widths[0]), *(t.rjust(w) for t, w in zip(rest, widths[1:], strict=True))]
        )
        for first, *rest in cells
    ]


def _worst(row: Answer) -> str:
    return (
        f"- {row['from_name']} → {row['to_name']} : {number(row['reference'], 1)} min "
        f"de référence, {number(row['minutes'], 1)} par l'outil "
        f"({between(row['low'], row['high'])}), {signed(row['percent'])} %"
    )
