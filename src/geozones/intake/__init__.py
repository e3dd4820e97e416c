"""Readers of files into checked values: the data folder, plan files, and lists of lycées.

A list goes through four steps, each a module: `document_reader` reads its format, `list_extraction`
its rows, `match` compares each row with the `directory`, `resolve` builds the report.
"""
