"""FG407: a field that only the sample has

The sample event has fields that the entry does not list. Rules which test such a field count as not served by this event, though it has
it.

    fields: [EventID]
    sample:
      format: json
      text: '{"EventID": 4688, "NewProcessName": "a.exe"}'

Add the field to `fields`; or name it in `lacks` with the reason why rules must not rely on it.
"""

CODE = "FG407"
