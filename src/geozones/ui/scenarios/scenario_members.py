"""Access rights of a scenario: its owner chooses who may see and change it."""

import streamlit as st

from geozones.domain.access import EVERYONE, Access, people_written
from geozones.ui import current_scenario, state
from geozones.ui.server.auth import actor
from geozones.ui.state.scenarios_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.roles import LOCAL

_OTHERS: dict[Access | None, str] = {
    None: "ne le voient pas",
    Access.READER: "peuvent le voir",
    Access.EDITOR: "peuvent le modifier",
}
_FIELDS = {
    Access.OWNER: "Propriétaires (adresses, une par ligne)",
    Access.EDITOR: "Peuvent le modifier (adresses, une par ligne)",
    Access.READER: "Peuvent le voir (adresses, une par ligne)",
}


def scenario_members(scenario: str) -> None:
    """Show the access rights of a scenario; its owner can edit them."""
    if actor() == LOCAL:
        text = (
            "Personne ne se connecte sur cette installation : tous les scénarios sont ouverts "
            "à tout le monde. Une connexion, réglée par l'administrateur, permet de choisir."
        )
        html.show(html.note(text))
        return
    service = current_scenario.scenarios()
    held = service.sharing.members(scenario)
    if service.sharing.access(scenario) is not Access.OWNER:
        html.show(html.note(f"{_rights(held)} Seul un propriétaire peut en décider."))
        return
    chooser(
        "Les autres personnes qui se connectent",
        _OTHERS,
        state.bound(ScenariosView, "others", item=scenario, default=held.get(EVERYONE)),
    )
    for access, label in _FIELDS.items():
        state.bound(
            ScenariosView,
            access.value + "s",
            item=scenario,
            default="\n".join(sorted(_people(held, access))),
        ).draw(st.text_area, label, max_chars=8000, height=68)

    def choose() -> None:
        _choose(scenario, held)

    st.button("Enregistrer ces personnes", key="scenario.personnes", on_click=choose)


@state.reporting_errors()
def _choose(key: str, held: dict[str, Access]) -> None:
    typed = state.of(ScenariosView)
    members: dict[str, Access] = {}
    # a person written in several fields gets the highest right
    for access in Access:
        written = getattr(typed, access.value + "s").get(key, "\n".join(_people(held, access)))
        members |= dict.fromkeys(people_written(written, held), access)
    others = typed.others.get(key, held.get(EVERYONE))
    members.pop(EVERYONE, None)
    if others is not None:
        members[EVERYONE] = others
    current_scenario.scenarios().sharing.open_to(key, members)
    state.drop_item(ScenariosView, "others", "owners", "editors", "readers", item=key)
    state.notify("ok", "Droits enregistrés, valables dès maintenant.")


def _people(held: dict[str, Access], access: Access) -> list[str]:
    return [who for who, what in held.items() if what is access and who != EVERYONE]


def _rights(held: dict[str, Access]) -> str:
    owners = ", ".join(_people(held, Access.OWNER))
    editors = ", ".join(_people(held, Access.EDITOR))
    others = _OTHERS[held.get(EVERYONE)]
    return (
        f"Propriétaire : {owners}. "
        + (f"Peuvent le modifier : {editors}. " if editors else "")
        + f"Les autres {others}."
    )
