"""FG006: a key that stands twice

YAML wants each key of a mapping once. Of two, only the last is used, and nothing tells that the first is lost. In a selection that is a
test that is not made.

    detection:
      selection:
        CommandLine|contains: ' -a'
        CommandLine|contains: ' -b'
      condition: selection

For both tests, write `CommandLine|contains|all` with a list; for either, a list without `all`; for two selections, two names.
"""

CODE = "FG006"
