r"""FG002: YAML that cannot be read

The document breaks a rule of YAML at this place or shortly before it, so nothing of it is known. The commonest reasons:

    title: Net user: somebody looks      # a colon and a space within a value
    Image: *\a.exe                       # a value that begins with * or & or % or @
    CommandLine: "C:\Users"              # in double quotes, a backslash begins an escape
        condition: selection             # an indentation that fits no key above

Put such values in single quotes, in which only the single quote itself is special (written twice). Indent with spaces, never with tabs.
Other documents of the same file, before or after a `---`, are read all the same.
"""

CODE = "FG002"
