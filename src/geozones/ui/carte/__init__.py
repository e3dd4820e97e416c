"""Page « Carte »: the working screen, a map with a panel, chips and a drawer over it.

``screen`` holds the layout; ``shown`` the plan on screen and the plan compared with; ``scene`` the
scene of the map; ``gestures`` the handlers of gestures; ``main_panel`` the panel, with ``search``
and ``modes``; ``chips`` the chips, with ``plans_menu``; ``drawer`` the figures and tables.
"""

from geozones.ui.carte.screen import carte

__all__ = ["carte"]
