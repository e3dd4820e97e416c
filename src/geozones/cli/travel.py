"""« times » and « roads »: one drive, a matrix built or compared, roads prepared."""

from pathlib import Path
from typing import Annotated

from geozones.cli.answers import Answer, progress, rounded
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, flag, group, option
from geozones.cli.reply import Reply
from geozones.common.french import between, listing, number, plural, signed
from geozones.domain.terms import terms
from geozones.workspace.reachability.accuracy import KINDS
from geozones.workspace.reachability.matrix import build_matrix
from geozones.workspace.reachability.matrix_comparison import compare as compare_matrices
from geozones.workspace.reachability.roads import build_roads
from geozones.workspace.reachability.trips import trip_between
from geozones.workspace.roles import LOCAL

_PLACE = "code {of_a_site}, commune:CODE_INSEE, ou latitude,longitude"
_MATRIX = "un moteur, ou un fichier de matrice"
#: Singular and plural nouns of the layers of the map background.
_LAYERS = {
    "roads": ("route", "routes"),
    "water": ("eau", "eaux"),
    "woods": ("bois", "bois"),
    "built_up": ("espace bâti", "espaces bâtis"),
    "places": ("lieu", "lieux"),
}
#: Most lycées that are named; more are only counted.
_FEW = 10

times = group("times")
times.command(
    "geozones.cli.accuracy:accuracy",
    name="accuracy",
    help="Écart entre les durées de l'outil et des durées connues.",
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
    trip = trip_between(study.analysis, origin, destination)
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
    out: Annotated[Path | None, option("FICHIER", "écrire là, sans mettre en service")] = None,
    without_communes: Annotated[bool, flag("seulement {of_site} à {site}")] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Ask the engines for every drive; put the matrix in use, or write it to a file."""
    study = common.study()
    built = build_matrix(
        study.territory.drives,
        LOCAL,
        engine,
        path=out,
        communes=not without_communes,
        progress=progress("trajets"),
    )
    answer: Answer = {
        "engine": ", ".join(built.engines),
        "lycees": built.lycees,
        "pairs": built.pairs,
        "estimated": built.estimated,
        "seconds": built.seconds,
        "unreachable": list(built.unreachable),
        "path": str(built.path),
        "faults": [{"engine": fault.engine, "message": fault.message} for fault in built.faults],
    }
    return common.reply(study, answer, _build_text)


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


@roads.command(name="build", help="Prépare routes et fond de carte d'un extrait OpenStreetMap.")
def build_tiles(
    extract: Annotated[Path, argument("FICHIER.osm.pbf", "un extrait d'OpenStreetMap")],
    /,
    *,
    out: Annotated[
        Path | None, option("DOSSIER", "dossier des tuiles (sinon, les réglages)")
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Build Valhalla's road tiles and the map background of an OpenStreetMap extract."""
    study = common.study()
    built = build_roads(study.territory.drives, extract, out, progress("étapes"))
    answer: Answer = {
        "tiles": built.tiles,
        "megabytes": built.megabytes,
        "seconds": built.seconds,
        "unreachable": list(built.unreachable),
        "background": {
            "path": str(built.background),
            "features": dict(built.background_features),
            "megabytes": built.background_megabytes,
        },
    }
    return common.reply(study, answer, _roads_text)


def _drive_text(answer: Answer) -> str:
    if answer["minutes"] is None:
        return "Aucun trajet routier entre ces deux lieux."
    mark = ", estimé" if answer["estimated"] else ""
    return (
        f"{number(answer['minutes'], 1)} min ({between(answer['low'], answer['high'])}), "
        f"{number(answer['km'], 1)} km "
        f"(source : {answer['source']}{mark})"
    )


def _build_text(answer: Answer) -> str:
    made = (
        f"{number(answer['pairs'])} trajets par {answer['engine']}, dont "
        f"{number(answer['estimated'])} estimés, en {number(answer['seconds'], 1)} s : "
        f"{answer['path']}"
    )
    lines = [made]
    lines += [f"- {fault['engine']} : {fault['message']}" for fault in answer["faults"]]
    if answer["unreachable"]:
        lines.append(f"Sans accès routier : {', '.join(answer['unreachable'])}")
    return "\n".join(lines)


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
    ground = answer["background"]
    counts = [plural(ground["features"][layer], *nouns) for layer, nouns in _LAYERS.items()]
    made = (
        f"{answer['tiles']} tuiles, {number(answer['megabytes'], 1)} Mo, "
        f"en {number(answer['seconds'], 1)} s"
    )
    drawn = (
        f"Fond de carte : {listing(counts)}, {number(ground['megabytes'], 1)} Mo : {ground['path']}"
    )
    lines = [made, drawn]
    far = answer["unreachable"]
    if far:
        named = f" : {', '.join(far)}" if len(far) <= _FEW else ""
        lines.append(f"{terms().site.counted(len(far))} loin de toute route de cet extrait{named}")
    return "\n".join(lines)
