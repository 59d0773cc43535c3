"""FG313: a tactic that was retired

ATT&CK split this tactic in two: since v19, Defense Evasion is Stealth or Defense Impairment, and each technique belongs to one of them.
The old name stands in no matrix any more.

    tags:
      - attack.defense-evasion
      - attack.t1070.001

Tag the tactic that the message names. Where the techniques of the rule do not decide it, somebody has to.
"""

CODE = "FG313"
