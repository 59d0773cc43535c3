"""FG008: a folder that is not there

The configuration, or the command, names a folder that does not exist. Paths in `mkdocs.yml` count from the folder in which it lies.

Create the folder, or correct its name.
"""

CODE = "FG008"
