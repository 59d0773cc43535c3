"""FG103: no id

The rule has no `id`. An alert, a related rule, a filter or a correlation can only name the rule by it, and the address of its card
follows the file's name, so that the links to it break when the file is renamed.

    title: Shadow Copies Removed
    logsource:
      product: windows

Add `id:` with a new UUID (`python3 -c 'import uuid; print(uuid.uuid4())'`), and never change it again.
"""

CODE = "FG103"
