"""Webinar: a story of steps, told on a screen from one file, and led by the keyboard."""

from geozones.feature_list import FeatureDeclaration

FEATURE = FeatureDeclaration(parts="parts:PARTS", bundled="use_cases:bundled")
