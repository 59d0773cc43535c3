"""FG009: no rule to build from

None of the rule folders has a Sigma rule, so nothing is built: an empty site in the place of a full one would hardly be meant.

Put rules (`.yml` or `.yaml`) into `rules/` beside `mkdocs.yml`, or name the folder with `--rules` or in the configuration.
"""

CODE = "FG009"
