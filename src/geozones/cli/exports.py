"""« export »: a view of a plan in any format, or one file per sector."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    progress,
    service,
)
from geozones.cli.parameters import Reply, flag, option
from geozones.common.errors import InputError
from geozones.common.files import ordinary, why, write_atomically, write_folder_atomically
from geozones.common.french import number
from geozones.common.settings_file import public_address
from geozones.export.registry import REGISTRY, format_of
from geozones.render.typeface import typeface
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import sector_named
from geozones.workspace.ledger import ledger_here
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import ZIP, sector_files, zip_of_all
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    BASELINE,
    ExportedPlan,
    ExportView,
    of_plan,
    open_exported_plan,
    read_view,
)

_FORMATS = ", ".join(kind.key for kind in REGISTRY)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """View to export, format and path."""

    format: Annotated[str, option("FORMAT", f"{_FORMATS}, ou {ZIP} : tout à la fois")]
    out: Annotated[Path, option("CHEMIN", "le fichier ou dossier à écrire")]
    view: Annotated[
        str,
        option(
            "VUE",
            "region (le défaut), sector:SECTEUR (nom ou code) ou before-after",
        ),
    ] = "region"
    size: Annotated[
        str, option("TAILLE", "d'une image : hd (le défaut), 4k, a4, a3 ; d'un PDF : a4, a3")
    ] = ""
    template: Annotated[
        Path | None, option("FICHIER", "un modèle PowerPoint (.pptx, 16:9 ou 4:3, sans macro)")
    ] = None
    each_sector: Annotated[bool, flag("un fichier par secteur, dans un nouveau dossier CHEMIN")] = (
        False
    )


def export(*, options: ExportOptions, common: CommonOptions = DEFAULTS) -> Reply:
    """Write a view of a plan to a file, or one file per sector to a new folder."""
    study = common.study()
    view = read_view(options.view)
    if view.sector is not None:
        view = replace(view, sector=sector_named(study.plan, view.sector))
    answer: Answer = {"path": str(options.out), "format": options.format}
    with service(study.analysis) as scenarios:
        exported = exported_plan_of(study, scenarios, common).at(public_address())
        if options.each_sector:
            if view.kind != "region":
                raise InputError("Donnez --view ou --each-sector, pas les deux.")
            if options.format == ZIP:
                raise InputError(
                    "Le zip contient déjà un fichier par secteur : ne donnez pas --each-sector."
                )
            kind = format_of(options.format)
            files = sector_files(exported, kind, options.size, _template(options))
            answer["bytes"] = write_folder_atomically(options.out, files)
            return common.reply(study, answer, _text)
        if options.format == ZIP:
            content = _zip(exported, view, _template(options))
        else:
            kind = format_of(options.format)
            shown = dossier(exported, view)
            content = kind.make(shown, options.size, _template(options))
    write_atomically(options.out, content)
    answer["bytes"] = len(content)
    if options.format == ZIP or format_of(options.format).lettered:
        notes = [note for note in (typeface().warning, exported.no_address) if note]
        answer |= {"note": " ".join(notes)} if notes else {}
    return common.reply(study, answer, _text)


def _template(options: ExportOptions) -> bytes | None:
    """Return the content of the template, if given; raise ``InputError`` if it cannot be read."""
    if options.template is None:
        return None
    try:
        return ordinary(options.template).read_bytes()
    except OSError as error:
        raise InputError(
            f"Le modèle {options.template} ne peut pas être lu ({why(error)})."
        ) from error


def _zip(exported: ExportedPlan, view: ExportView, template: bytes | None) -> bytes:
    if view.kind != "region":
        raise InputError("Le zip contient déjà toutes les vues : ne donnez pas --view.")
    report = progress("fichiers")
    _, content = zip_of_all(
        exported,
        lambda done, total, _: report(done, total),
        template,
        ledger_here(exported.study.atlas),
    )
    return content


def exported_plan_of(study: Study, scenarios: Scenarios, common: CommonOptions) -> ExportedPlan:
    """Return the plan to export, as given by the options."""
    if common.scenario is not None:
        return open_exported_plan(study.analysis, scenarios, common.scenario)
    if common.plan is not None:
        return of_plan(study, common.plan.name)
    if common.publication is not None:
        return open_exported_plan(study.analysis, scenarios, common.publication)
    return open_exported_plan(study.analysis, scenarios, BASELINE)


def _text(answer: Answer) -> str:
    line = f"{answer['path']} : {number(answer['bytes'])} octets"
    return f"{line}\n{answer['note']}" if "note" in answer else line
