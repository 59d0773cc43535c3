"""FG001: a file or folder that cannot be read

The system refuses it: it has gone since the folder was listed, its permissions do not allow you to read it, or a link leads nowhere or in
a circle. Nothing in it is checked or built.

Look at the file as the user who runs the program (`ls -l`), and mend the link or the permissions.
"""

CODE = "FG001"
