"""FG405: an alias of no field

`aliases` gives other names to fields of the event: on the left the name that rules use, on the right the event's own. This one has on the
right something that is not in `fields`.

    fields: [NewProcessName]
    aliases:
      Image: ProcessName

Correct the name, or add the field to `fields` if the event has it.
"""

CODE = "FG405"
