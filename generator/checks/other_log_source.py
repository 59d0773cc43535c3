"""FG114: another name of a log source

The log source is written as another product or collection names it, not as Sigma does. Fieldguide knows what is meant and goes on;
converters do not, and make a query without channel and event id.

    logsource:
      product: windows
      category: process_create

Write the name that the help tells.
"""

CODE = "FG114"
