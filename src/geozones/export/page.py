"""An HTML document that asks nothing of anyone: no file beside it, no network."""

from html import escape

from geozones.render.standalone import POLICY


def document(title: str, style: str, body: str, script: str) -> bytes:
    """Return a document with its style and script inside.

    ``title`` is text; ``body`` is HTML whose data is escaped; ``script`` cannot end its element
    (see ``render.standalone.in_script``).
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
    # a lone surrogate, from a file read elsewhere, is no character that UTF-8 can hold
    return text.encode("utf-8", "replace")
