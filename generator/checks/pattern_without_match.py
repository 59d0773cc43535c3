r"""FG206: a pattern that matches no selection

`1 of` and `all of` with a pattern mean the selections whose names fit. None does, so no query can be made.

    detection:
      selection_name:
        Image|endswith: '\a.exe'
      filter_main:
        User: backup
      condition: 1 of selection_* and not 1 of filters_*

Correct the pattern or the names. A selection whose name begins with `_` is meant only by a pattern that begins so too.
"""

CODE = "FG206"
