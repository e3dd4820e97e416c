"""Teams: posts proposed and checked, absences covered.

``composition`` and ``roster`` are the formulation of proposals. They load the solver, which is
slow: only ``geozones.teams.posts_proposal`` imports them, and callers import it when they need it.
"""
