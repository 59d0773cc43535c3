"""FG310: a tag that ATT&CK does not know

The tag begins with `attack.`, and the catalogue has no tactic, technique, group or software of that name. Often a digit is wrong; or the
tag names something that rules are not tagged with, such as a mitigation or a data source. The rule is missing where it should be counted.

    tags:
      - attack.t1059.01

Correct the tag: the help has the nearest one where there is one. `fieldguide attack show T1059` prints what the catalogue knows.
"""

CODE = "FG310"
