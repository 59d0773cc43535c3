"""FG501: a rule that no query can be made from

The converter refuses the rule as a whole, whatever the target, so there is no query for it anywhere. The message has the converter's
reason.

    detection:
      selection:
        EventID: 4688
      condition: selection and

Correct what the message names. A target that cannot express a good rule is another matter (FG503).
"""

CODE = "FG501"
