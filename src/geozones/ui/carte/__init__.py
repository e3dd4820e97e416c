"""Page « Carte »: the working screen, a map with a panel, chips and a drawer over it.

``screen`` holds the layout, the scene of the map and the address; ``shown`` the plan on screen and
the plan compared with; ``gestures`` the handlers of gestures; ``main_panel`` the
panel and its search; ``chips`` the chips, among them the menu of plans; ``drawer`` the figures and
tables; ``editing``, ``moving`` and ``proposals`` what changes the plan.
"""

from geozones.ui.carte.screen import carte

__all__ = ["carte"]
