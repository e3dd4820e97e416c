"""Features: each folder holds one whole, and can be deleted with its line of the list.

They import the core; the core and the other features import none of them: pages and commands take
them from `geozones.feature_list`.
"""
