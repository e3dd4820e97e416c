"""Use cases: the only package that joins the other rooms."""
