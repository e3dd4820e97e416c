"""Conversion of backup files of versions 1 and 2 to the lists of version 3.

Those versions marked a file 1 or 2 whatever other lists it held, wrote the members of scenarios as
an object, and the months of a journal inside its files.
"""

from typing import Any

from geozones.records import Document

#: The version in which every list has one entry for each stored record.
_REGULAR = 3
#: Lists that a file of version 1 or 2 may lack.
_OPTIONAL = ("links", "actions", "comments", "questions", "opinions", "journal")


def modernised(document: Document) -> Document:
    """Return a backup document with the lists of version 3; return version 3 unchanged."""
    if document["version"] >= _REGULAR:
        return document
    lists = {name: document.get(name, []) for name in _OPTIONAL}
    lists["publications"] = (
        document.get("publications", [])
        if document["version"] == 1
        else (document.get("publications"))
    )
    lists["frozen"] = _copies(document.get("frozen"))
    lists["members"] = _members(document.get("members", {}))
    lists["journal"], lists["journal_months"] = _journal(lists["journal"])
    return {**document, **lists, "version": _REGULAR}


def _copies(copies: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Add to each frozen copy its token, which is the id of its scenario."""
    if not isinstance(copies, list):
        return copies
    return [
        {**copy, "token": copy["scenario"].get("id")}
        if isinstance(copy, dict) and isinstance(copy.get("scenario"), dict)
        else copy
        for copy in copies
    ]


def _members(held: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Return members as a list; old versions grouped them by scenario (id), then person."""
    if not isinstance(held, dict):
        return held
    return [
        {"scenario": scenario, "person": person, "access": access}
        for scenario, people in held.items()
        for person, access in (people.items() if isinstance(people, dict) else [("", people)])
    ]


def _journal(files: Any) -> tuple[Any, list[Document]]:  # noqa: ANN401 - whatever a file holds
    """Separate the months from the files that contained them."""
    if not isinstance(files, list):
        return files, []
    months = [
        {"file": file.get("id"), "month": month, "content": content}
        for file in files
        if isinstance(file, dict) and isinstance(file.get("months"), dict)
        for month, content in file["months"].items()
    ]
    return [_without_months(file) for file in files], months


def _without_months(file: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    if not isinstance(file, dict):
        return file
    return {name: value for name, value in file.items() if name != "months"}
