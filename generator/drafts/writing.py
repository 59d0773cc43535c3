"""YAML as text: values that read back as they were, and comments that stay comments."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 /_.,()|-]*")
# What YAML 1.1 or 1.2 takes for something other than text.
_TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_WIDTH = 120


def scalar(value: str | int) -> str:
    """A value as YAML. Text that could be read as anything else is quoted; what no YAML may hold becomes U+FFFD."""
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value == value.strip() and value.lower() not in _TAKEN:
        return value
    return f"'{value.replace(chr(39), chr(39) * 2)}'" if value.isprintable() else _double(value)


def _double(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: str, most: int = 160) -> str:
    """A text for a comment: on one line, without control characters, not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    short = " ".join(plain.split())
    return short if len(short) <= most else short[: most - 1] + "…"


def comments(lines: Iterable[str], indent: int) -> Iterator[str]:
    """The lines as comments; a line that is too wide goes on below, further in."""
    lead = " " * indent + "# "
    for line in lines:
        inner = " " * (len(line) - len(line.lstrip()))
        yield from textwrap.wrap(
            line.strip(), _WIDTH, initial_indent=lead + inner, subsequent_indent=f"{lead}{inner}  ", break_long_words=False,
            break_on_hyphens=False,
        ) or [lead.rstrip()]  # fmt: skip


def word_slug(text: str) -> str:
    """Words for a file's name: small letters and digits with `_` between."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
