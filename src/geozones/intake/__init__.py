"""Readers of files into checked values: the data folder, plan files, lists of lycées.

A list goes through `document_reader`, `list_extraction`, `match` and `resolve`. May import
`common`, `domain`.
"""
