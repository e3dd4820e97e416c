"""Random codes that nobody can guess: ids of scenarios and publications, tokens of links."""

from secrets import token_hex, token_urlsafe


def new_code(size: int = 16) -> str:
    """Return a random code of ``size`` bytes, fit for an address and for the command line.

    Its first character is a letter or a digit: a command takes a word that begins with a hyphen
    for an option.
    """
    return token_hex(1)[0] + token_urlsafe(size)
