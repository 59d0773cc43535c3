"""FG003: a file that is not UTF-8

The bytes at this place are no text in UTF-8. The file was saved in an older encoding, such as Windows-1252, or it is no text at all.
UTF-16 is read where the file begins with its mark.

Save the file as UTF-8 in your editor, or convert it: `iconv -f WINDOWS-1252 -t UTF-8`.
"""

CODE = "FG003"
