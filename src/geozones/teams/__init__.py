"""Posts of technicians proposed and checked, absences covered.

``week`` is the formulation; it loads the solver, which is slow: import ``posts_proposal`` where it
is used. May import `common`, `domain`, `territory`.
"""
