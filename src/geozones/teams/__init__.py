"""Teams: posts proposed and checked, absences covered.

``week`` is the formulation of proposals. It loads the solver, which is slow: only
``geozones.teams.posts_proposal`` imports it, and callers import that one when they need it.
"""
