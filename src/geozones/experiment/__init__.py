"""Observed figures of an experiment, with their interval, period and number of observations.

`facts` derives facts from the rows of a journal, `observed` the figures of an area and a period.
"""
