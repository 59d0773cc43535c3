"""FG311: a technique that was revoked

ATT&CK has withdrawn this id in favour of another. The rule is shown under the new one; other programs lose it, or count a technique that
no longer exists.

    tags:
      - attack.t1100

Replace the tag with the successor that the message names, and look whether the tactics still fit.
"""

CODE = "FG311"
