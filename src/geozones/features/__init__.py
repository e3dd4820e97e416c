"""Features around the core, each in a folder of its own.

A folder can be deleted with its line in `geozones.feature_list`. No room imports one, and none
imports another. May import all rooms.
"""
