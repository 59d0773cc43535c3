"""FG903: no configuration

There is no configuration where the command was run, or the file cannot be read. Fieldguide looks for `mkdocs.yml` in the present folder.

Run the command in the folder that has it, or name the file with `-f`. A `mkdocs.yml` of four lines will do; the README has one.
"""

CODE = "FG903"
