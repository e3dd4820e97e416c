"""« times » and « roads »: one drive, a matrix built, compared or measured, roads prepared.

« times accuracy » measures the tool's minutes against reference driving times.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    content,
    progress,
    rounded,
    table,
)
from geozones.cli.parameters import Reply, argument, flag, group, option
from geozones.common.errors import InputError
from geozones.common.french import between, capital, longer_than, number, plural, signed
from geozones.domain import Lycee
from geozones.domain.terms import terms
from geozones.intake.travel_tables import DRIVE_FIELDS, MAX_BYTES
from geozones.workspace.folder.atlas import engines_before_minutes
from geozones.workspace.folder.drives import Engines
from geozones.workspace.folder.territory import place_named
from geozones.workspace.reachability.accessibility import trip_between
from geozones.workspace.reachability.accuracy import (
    FILE,
    KINDS,
    Checked,
    Errors,
    Reference,
    accuracy_of,
    read_references,
    shipped_references,
)
from geozones.workspace.reachability.accuracy import compare as compare_matrices
from geozones.workspace.reachability.matrix import (
    BuiltMatrix,
    GivenMinutes,
    MinutesSources,
    account_of,
    build_first_matrix,
    build_matrix,
    build_roads,
    read_given_minutes,
)
from geozones.workspace.roles import LOCAL

_PLACE = "nom ou code {of_a_site}, nom d'une commune, commune:INSEE, ou latitude,longitude"
_MATRIX = "un moteur, ou un fichier de matrice"
#: Most lycées that are named; more are only counted.
_FEW = 10

times = group("times")
times.command(
    "geozones.cli.travel:accuracy",
    name="accuracy",
    help="Écart entre les durées de l'outil et des durées données par d'autres.",
)
roads = group("roads")


@times.default
def drive(
    origin: Annotated[str, argument("DE", _PLACE)],
    destination: Annotated[str, argument("A", _PLACE)],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the duration of the drive between two places, its interval and its source."""
    study = common.study()
    ends = [place_named(study.territory, text) for text in (origin, destination)]
    trip = trip_between(study.analysis, *ends)
    answer: Answer = {
        "from": trip.origin,
        "to": trip.destination,
        "minutes": rounded(trip.minutes),
        "low": rounded(trip.low),
        "high": rounded(trip.high),
        "km": rounded(trip.km),
        "source": trip.source,
        "estimated": trip.estimated,
        "leg_share": rounded(trip.leg_share),
        "more_than": trip.least,
    }
    return common.reply(study, answer, _drive_text)


@times.command(help="Calcule la matrice des trajets et la met en service.")
def build(
    *,
    engine: Annotated[
        list[str] | None,
        option(
            "MOTEUR",
            "moteur à employer ; répété, les suivants comblent les manques (sinon, les réglages)",
        ),
    ] = None,
    given: Annotated[
        Path | None,
        option(
            "FICHIER",
            "durées à reprendre (colonnes de, a, minutes et, au choix, km) ; les moteurs les "
            "complètent",
        ),
    ] = None,
    out: Annotated[Path | None, option("FICHIER", "écrire là, sans mettre en service")] = None,
    without_communes: Annotated[bool, flag("seulement {of_site} à {site}")] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Ask the engines for every drive; put the matrix in use, or write it to a file.

    Where the data folder has no matrix yet, it is written there.
    """
    before = engines_before_minutes()
    communes, columns = not without_communes, common.columns_of(DRIVE_FIELDS)
    if before is not None:
        data, places = before
        sources = MinutesSources(given, columns, engines=engine)
        found = build_first_matrix(
            places, LOCAL, sources, path=out, communes=communes, progress=progress("trajets")
        )
        text = _account(found.matrix, found.given, data.lycees)
        return common.answered(_built(found.matrix, found.given), lambda _: text)
    study = common.study({} if given is None else DRIVE_FIELDS)
    drives = study.territory.drives
    lycees = drives.of_folder.lycees
    table = read_given_minutes(given, lycees, columns=columns) if given else None
    built = build_matrix(
        drives,
        LOCAL,
        engine,
        given=table.times if table else None,
        path=out,
        communes=communes,
        progress=progress("trajets"),
    )
    text = _account(built, table, study.atlas.lycees)
    return common.reply(study, _built(built, table), lambda _: text)


def _built(built: BuiltMatrix, given: GivenMinutes | None) -> Answer:
    return {
        "engine": ", ".join(built.engines),
        "lycees": built.lycees,
        "pairs": built.pairs,
        "shares": [{"engine": maker.engine, "pairs": count} for maker, count in built.shares],
        "estimated": built.estimated,
        "seconds": built.seconds,
        "off_roads": list(built.off_roads),
        "isolated": list(built.isolated),
        "unreachable": [{"from": start, "to": end} for start, end in built.unreachable],
        "path": str(built.path),
        "within": built.within,
        "rows": built.rows,
        "faults": [{"engine": fault.engine, "message": fault.message} for fault in built.faults],
        "remarks": list(given.remarks if given else ()),
    }


def _account(built: BuiltMatrix, given: GivenMinutes | None, lycees: Mapping[str, Lycee]) -> str:
    """Write the account of a matrix, remarks on the given minutes and the file."""
    names = {key: lycee.label for key, lycee in lycees.items()}
    remarks = given.remarks if given else ()
    return "\n".join([*account_of(built, names), *remarks, f"Fichier : {built.path}"])


@times.command(help="Écarts entre deux moteurs de trajets.")
def compare(
    first: Annotated[str, argument("A", _MATRIX)],
    second: Annotated[str, argument("B", _MATRIX)],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Compare the minutes of two engines or matrix files, pair by pair."""
    study = common.study()
    gaps = compare_matrices(study.territory.drives, first, second)
    answer: Answer = {
        "pairs": gaps.pairs,
        "bias_percent": gaps.bias_percent,
        "mae_percent": gaps.mae_percent,
        "worst_percent": gaps.worst_percent,
        "only_one": gaps.only_one,
        "by_kind": {
            name: {"pairs": kind.pairs, "bias_percent": kind.bias_percent}
            for name, kind in gaps.by_kind.items()
        },
        "worst": [
            {
                "from": gap.origin,
                "to": gap.destination,
                "minutes_a": gap.first,
                "minutes_b": gap.second,
                "percent": gap.percent,
            }
            for gap in gaps.worst
        ],
    }
    return common.reply(study, answer, _compare_text)


@roads.command(name="build", help="Prépare les routes d'un extrait OpenStreetMap.")
def build_tiles(
    extract: Annotated[Path, argument("FICHIER.osm.pbf", "un extrait d'OpenStreetMap")],
    /,
    *others: Annotated[Path, argument("AUTRE.osm.pbf", "d'autres extraits, voisins ou non")],
    out: Annotated[
        Path | None, option("DOSSIER", "dossier des tuiles (sinon, les réglages)")
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Build Valhalla's road tiles of OpenStreetMap extracts."""
    before, reply = engines_before_minutes(), common.answered
    if before is None:
        study = common.study()
        places: Engines = study.territory.drives
        reply = partial(common.reply, study)
    else:
        _, places = before
    built = build_roads(places, (extract, *others), out, progress("étapes"))
    answer: Answer = {
        "tiles": built.tiles,
        "megabytes": built.megabytes,
        "seconds": built.seconds,
        "unreachable": list(built.unreachable),
    }
    return reply(answer, _roads_text)


def _drive_text(answer: Answer) -> str:
    if answer["more_than"] is not None:
        return f"{capital(longer_than(answer['more_than']))}."
    if answer["minutes"] is None:
        return "Aucun trajet routier entre ces deux lieux."
    mark = ", estimé" if answer["estimated"] else ""
    return (
        f"{number(answer['minutes'], 1)} min ({between(answer['low'], answer['high'])}), "
        f"{number(answer['km'], 1)} km "
        f"(source : {answer['source']}{mark})"
    )


def _compare_text(answer: Answer) -> str:
    gaps = (
        f"{number(answer['pairs'])} trajets comparés : biais {signed(answer['bias_percent'])} %, "
        f"écart moyen {number(answer['mae_percent'], 1)} %, "
        f"pire {number(answer['worst_percent'], 1)} %"
    )
    lines = [gaps]
    lines += [
        f"Trajets {kind.name} ({kind.about}) : {number(bias['pairs'])}, "
        f"biais {signed(bias['bias_percent'])} %"
        for kind in KINDS
        if (bias := answer["by_kind"].get(kind.name))
    ]
    lines += [
        f"{gap['from']} → {gap['to']} : {number(gap['minutes_a'], 1)} min, "
        f"{number(gap['minutes_b'], 1)} min ({signed(gap['percent'])} %)"
        for gap in answer["worst"]
    ]
    return "\n".join(lines)


def _roads_text(answer: Answer) -> str:
    made = (
        f"{answer['tiles']} tuiles, {number(answer['megabytes'], 1)} Mo, "
        f"en {number(answer['seconds'], 1)} s"
    )
    lines = [made]
    far = answer["unreachable"]
    if far:
        named = f" : {', '.join(far)}" if len(far) <= _FEW else ""
        sites = terms().site.counted(len(far))
        lines.append(f"{sites} loin de toute route des fichiers donnés{named}")
    return "\n".join(lines)


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
    study = common.study({} if reference is None else DRIVE_FIELDS)
    if reference is None:
        references = shipped_references(study.territory)
    else:
        given = content(reference, "fichier", MAX_BYTES)
        chosen = common.columns_of(DRIVE_FIELDS)
        references = read_references(study.territory, given, reference.name, chosen)
    if references is None:
        raise InputError(
            f"Ce dossier de données n'a pas de durées de référence ({FILE}) : donnez les vôtres "
            "par --reference FICHIER."
        )
    found = accuracy_of(study.analysis, references.held_out)
    labels = found.references.labels
    answer: Answer = {
        "references": [
            {
                "name": found.references.name,
                "given": found.references.given,
                "sources": list(found.references.sources),
                **_errors(found.overall),
                "by_kind": {name: _errors(kind) for name, kind in found.by_kind.items()},
                "worst": [_checked(entry, labels) for entry in found.checked[:_WORST]],
                "unknown": [_reference(time, labels) for time in found.unknown],
                "unfilled": found.references.unfilled,
                "remarks": list(found.references.remarks),
            }
        ]
    }
    return common.reply(study, answer, _text)


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
    count = plural(entry["pairs"], "trajet comparé", "trajets comparés")
    lines = [f"{entry['name']} : {count} à la durée {entry['given']}"]
    if entry["pairs"]:
        lines += _by_kind({_ALL: entry, **entry["by_kind"]})
        lines += ["Les plus grands écarts :", *map(_worst, entry["worst"])]
    lines += [
        f"- {time['from_name']} → {time['to_name']} : l'outil n'a pas de durée pour ce trajet"
        for time in entry["unknown"]
    ]
    if entry["unfilled"]:
        lines.append(f"{plural(entry['unfilled'], 'ligne')} sans minutes : à mesurer.")
    return "\n".join([*lines, *entry["remarks"], *map("Source : {}".format, entry["sources"])])


def _by_kind(rows: Mapping[str, Answer]) -> list[str]:
    """Return the errors of each kind as a table."""
    about = {_ALL: _ALL} | {kind.name: f"{kind.name} ({kind.about})" for kind in KINDS}
    cells = [
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
    return table(("", *_HEADS), cells)


def _worst(row: Answer) -> str:
    return (
        f"- {row['from_name']} → {row['to_name']} : {number(row['reference'], 1)} min "
        f"de référence, {number(row['minutes'], 1)} par l'outil "
        f"({between(row['low'], row['high'])}), {signed(row['percent'])} %"
    )
