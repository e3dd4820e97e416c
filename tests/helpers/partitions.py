"""Every way to split a few lycées into zones."""

from collections.abc import Iterator


def partitions(lycees: str, least: int = 2, most: int = 4) -> Iterator[list[str]]:
    """Split lycées (a letter each) into zones of some sizes, in every way."""
    if not lycees:
        yield []
        return
    for mask in range(1 << len(lycees) - 1):
        block = lycees[0] + "".join(x for at, x in enumerate(lycees[1:]) if mask >> at & 1)
        if least <= len(block) <= most:
            rest = "".join(x for x in lycees if x not in block)
            yield from ([block, *others] for others in partitions(rest, least, most))
