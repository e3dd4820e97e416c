"""What tests of several rooms share: ``from helpers.ors_server import OrsServer``."""
