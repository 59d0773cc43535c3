"""FG108: a status that Sigma does not know

`status` is one of five words: `stable` (it has proved itself), `test` (it runs somewhere), `experimental` (it is new), `deprecated`
(another took its place) and `unsupported` (it does not work as it is). Programs choose rules by these very words.

    status: production

Use the one of the five that fits.
"""

CODE = "FG108"
