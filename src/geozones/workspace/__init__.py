"""Use cases of pages, commands and library, which join the rooms below.

Each declares the permissions that it needs (`roles`). May import all rooms but `ui`, `cli` and
`features`.
"""
