"""FG403: one id for two entries

Two entries have the same id, or the same number in it. References mean the first; the second has a page, and nothing leads to it.

    # data_needed/one.yml and data_needed/two.yml
    id: DN_0099

Give one of them the next free number.
"""

CODE = "FG403"
