"""FG406: a sample that cannot be read

The sample is not in the form that its `format` says: the XML or JSON does not parse, a table has other columns than its header, or the
pattern does not match. Its fields cannot be compared with the listed ones, and whoever copies it copies a broken event.

    sample:
      format: json
      text: '{"EventID": 4688'

Correct the sample or its format. A text in no known form has the format `text`.
"""

CODE = "FG406"
