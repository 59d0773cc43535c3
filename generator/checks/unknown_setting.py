"""FG901: a setting that does not exist

The configuration has a key that Fieldguide does not know. It would be quietly without effect, so it is an error.

    plugins:
      - fieldguide:
          rule: [detections]

Correct the name or remove the key; docs/configuration.md lists all settings.
"""

CODE = "FG901"
