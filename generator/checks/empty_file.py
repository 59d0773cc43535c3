"""FG004: a file that holds nothing

There is no YAML document in the file: it is empty, or all of its lines are comments. A rule that was commented out looks like one to
whoever counts files.

Write the document, or remove the file. A rule that is out of use says so better by `status: deprecated`.
"""

CODE = "FG004"
