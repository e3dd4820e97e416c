"""Self-contained HTML document: no other file, no network."""

from collections.abc import Iterable
from html import escape

from geozones.domain.terms import worded
from geozones.render import ZoneArea
from geozones.render.signs import sample_css, signs_of, swatch_css
from geozones.render.standalone_map import POLICY


def legend_items(signs: Iterable[tuple[str, str]], zones: Iterable[ZoneArea]) -> str:
    """Return the items of a legend, each a sign and its meaning.

    ``zones`` come first (see `geozones.render.signs`), then ``signs``, texts for `worded`, drawn by
    the class ``.sign-…`` of the styles.
    """
    drawn = [
        (f'<i style="{sample_css(sign)}" aria-hidden="true"></i>', meaning)
        for sign, meaning in signs_of((zone.status, zone.changed) for zone in zones)
    ]
    drawn += [
        (f'<i class="sign-{sign}" aria-hidden="true"></i>', worded(text)) for sign, text in signs
    ]
    return "".join(f"<li>{sign}{escape(meaning)}</li>" for sign, meaning in drawn)


def swatch_of(zone: ZoneArea) -> str:
    """Return the style of a small square in the look of a zone on the map."""
    return swatch_css(zone.colour, zone.status, changed=zone.changed, ink=zone.ink)


def document(title: str, style: str, body: str, script: str) -> bytes:
    """Return a document with its style and script inside.

    ``title`` is text; ``body`` is HTML whose data is escaped; ``script`` cannot end its element
    (see ``render.standalone_map.in_script``).
    """
    text = f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="geozones">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>
{style}
</style>
</head>
<body>{body}
<script>
{script}
</script>
</body>
</html>
"""
    # a lone surrogate, from a file read elsewhere, cannot be written in UTF-8
    return text.encode("utf-8", "replace")
