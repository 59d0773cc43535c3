"""FG112: no log source

`logsource` says which events the rule reads, by product, category and service. Without any of them a query goes over everything, no Data
Needed can be found, and most converters have no table to search.

    title: Shadow Copies Removed
    detection:
      selection:
        CommandLine|contains: 'delete shadows'

Add `logsource:` with at least one of the three.
"""

CODE = "FG112"
