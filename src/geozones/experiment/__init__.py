"""What was observed of an experiment: figures with their interval, period and number.

`facts` says what the rows of a journal amount to, `observed` the figures of an area and a period,
`hypotheses` what they say of the tool's, `sample` makes a plausible journal.
"""
