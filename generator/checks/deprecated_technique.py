"""FG312: a technique that was deprecated

ATT&CK no longer maintains this id and names no successor. It stands in no matrix, so the rule counts for nothing.

    tags:
      - attack.t1175

Tag the technique that is closest to what the rule sees, or remove the tag.
"""

CODE = "FG312"
