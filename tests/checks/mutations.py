"""Real files, damaged at random: what `fieldguide check` must bear without a traceback, without a hang, and with a place for each mistake.

`python -m tests.checks.mutations --count 10000` runs as many as one likes and tells what it saw; the tests run a few hundred.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import yaml

from generator.checking import CheckOptions, check_files
from generator.config import Configuration, default_configuration
from generator.diagnostics import Diagnostic
from generator.load import Folders

REPOSITORY = Path(__file__).resolve().parents[2]
# Processor seconds that one file may take.
LIMIT = 1.0
# A few entries, so that rules are linked to something; all of them would take most of the time.
ENTRIES = ("windows/sysmon/DN_0003*", "windows/security/DN_0001*", "windows/sysmon/DN_0340*", "linux/DN_0040*", "cloud/DN_0048*")

Mutation = Callable[[bytes, random.Random], bytes]


class TooLong(BaseException):
    """The time for one file is over; no `except Exception` may keep it."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: seconds of the processor, the diagnostics, and what is wrong with that (empty: nothing)."""

    seconds: float
    found: tuple[Diagnostic, ...]
    wrong: str = ""


# --- damage ---------------------------------------------------------------------------------------------------------------------------


def _at(raw: bytes, rng: random.Random) -> int:
    return rng.randrange(len(raw) + 1)


def _lines(raw: bytes) -> list[bytes]:
    return raw.split(b"\n")


def flip_bytes(raw: bytes, rng: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(rng.randint(1, 12)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def drop_line(raw: bytes, rng: random.Random) -> bytes:
    lines = _lines(raw)
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def double_lines(raw: bytes, rng: random.Random) -> bytes:
    lines = _lines(raw)
    start = rng.randrange(len(lines))
    end = min(len(lines), start + rng.randint(1, 6))
    return b"\n".join([*lines[:end], *lines[start:end] * rng.choice([1, 1, 1, 500]), *lines[end:]])


def move_line(raw: bytes, rng: random.Random) -> bytes:
    lines = _lines(raw)
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def indent_line(raw: bytes, rng: random.Random) -> bytes:
    lines = _lines(raw)
    index = rng.randrange(len(lines))
    lines[index] = rng.choice([b" ", b"  ", b"\t", b"        ", b" " * 3000]) + lines[index]
    return b"\n".join(lines)


def outdent_line(raw: bytes, rng: random.Random) -> bytes:
    lines = _lines(raw)
    index = rng.randrange(len(lines))
    lines[index] = lines[index].lstrip()
    return b"\n".join(lines)


def insert_mark(raw: bytes, rng: random.Random) -> bytes:
    marks = (
        b"'",
        b'"',
        b"{",
        b"[",
        b"]",
        b"}",
        b": ",
        b"- ",
        b"#",
        b"&a ",
        b"*a",
        b"!!int ",
        b"!x ",
        b"|",
        b">",
        b"%",
        b"@",
        b"`",
        b"? ",
        b"\\",
    )
    place = _at(raw, rng)
    return raw[:place] + rng.choice(marks) + raw[place:]


def cut(raw: bytes, rng: random.Random) -> bytes:
    return raw[: _at(raw, rng)]


def cut_out(raw: bytes, rng: random.Random) -> bytes:
    start, end = sorted((_at(raw, rng), _at(raw, rng)))
    return raw[:start] + raw[end:]


def control_bytes(raw: bytes, rng: random.Random) -> bytes:
    place = _at(raw, rng)
    return raw[:place] + rng.choice([b"\0", b"\0" * 2000, b"\x07", b"\x1b[31m", b"\x7f", b"\x85", b"\xc2\x85", b"\x0c"]) + raw[place:]


def byte_order_mark(raw: bytes, rng: random.Random) -> bytes:
    mark = rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"+/v8-"])
    place = rng.choice([0, 0, _at(raw, rng)])
    return raw[:place] + mark + raw[place:]


def other_encoding(raw: bytes, rng: random.Random) -> bytes:
    encoding = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "latin-1", "cp037", "utf-7", "shift_jis"])
    return raw.decode("utf-8", "replace").encode(encoding, "replace")


def line_ends(raw: bytes, rng: random.Random) -> bytes:
    end = rng.choice([b"\r", b"\r\n", b"\n\r", b"\x0b", "\u2028".encode(), "\u0085".encode(), b"\r\r\n"])
    return raw.replace(b"\n", end) if rng.random() < 0.7 else raw.replace(b"\n", end, 3)


def odd_letters(raw: bytes, rng: random.Random) -> bytes:
    odd = [
        "\u202e",
        "\ufeff",
        "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
        "e\u0301" * 50,
        "\U0001f469\u200d\U0001f4bb",
        "ﬁ",
        "İ",
        "ß" * 300,
        "\u00a0",
        "\uffff",
        "\U0010ffff",
    ]
    place = _at(raw, rng)
    return raw[:place] + rng.choice(odd).encode("utf-8", "replace") + raw[place:]


def lone_surrogate(raw: bytes, rng: random.Random) -> bytes:
    place = _at(raw, rng)
    return (
        raw[:place]
        + rng.choice([b"\xed\xa0\xbd", b"\xc0\x80", b"\xf8\x88\x80\x80\x80", b'"\\ud83d"', b'"\\U00110000"', b'"\\x"'])
        + raw[place:]
    )


def binary(raw: bytes, rng: random.Random) -> bytes:
    return rng.choice(
        [
            rng.randbytes(rng.randint(0, 4000)),
            b"\x89PNG\r\n\x1a\n" + rng.randbytes(800),
            b"PK\x03\x04" + rng.randbytes(300),
            b"",
            b"\n" * 5000,
            b" ",
            b"\0",
        ]
    )


def nest_deep(raw: bytes, rng: random.Random) -> bytes:
    depth = rng.choice([50, 99, 101, 1000, 20_000])
    nested = rng.choice(
        [
            b"[" * depth + b"]" * depth,
            b"{a: " * depth + b"1" + b"}" * depth,
            b"- " * depth + b"1",
            b"[" * depth,
            b"".join(b"\n" + b" " * level + b"k:" for level in range(2, min(depth, 1000))),
            b"\n" + b"? " * min(depth, 1000) + b"x",
        ]
    )
    return _value(raw, nested, rng)


def huge_value(raw: bytes, rng: random.Random) -> bytes:
    huge = rng.choice(
        [
            b"a" * 300_000,
            b"9" * 5000,
            b"0x" + b"f" * 5000,
            b"-" + b"1" * 5000,
            b"1e" + b"9" * 400,
            b"1_" * 4000,
            b"'" + b"\\*" * 50_000 + b"'",
            b"1:" * 500 + b"1",
            b"." + b"0" * 5000 + b"1",
            b"(" * 3000,
            b"0o" + b"7" * 5000,
            b"0b" + b"1" * 9000,
        ]
    )
    return _value(raw, huge, rng)


# One a line; `¶` stands for a line end within one.
ODD_VALUES = """\
0000-00-00
2024-02-31
2024-13-01 25:61:61
9999-12-31T23:59:59.999999999+99:99
.inf
-.inf
.nan
~
yes
=
<<
!!binary "x"
!!set {a, b}
!!omap [a: 1]
!!pairs [a: 1]
!!python/object/apply:os.system ["true"]
!!timestamp x
!!float x
!!int x
!!bool x
!!null x
!!str
!!map
!!seq {}
!!merge x
!local x
!<tag:x> y
[]
{}
[[], {}]
{? {a: 1} : 2}
{? [1, 2] : 3}
{null: 1}
{1: 2, true: 3}
{2024-01-01: x}
{1.5: x}
&a [*a]
&a {*a : 1}
&x {a: *x}
"\\0"
"\\x00\\u2028"
''
' '
0o17
0b1
1_000
12:30:45
1e999
-0
? x
"a¶  b"
>-¶      a¶¶      b
[null, 1, 2.5, true, 2024-01-01, x]
{a: {b: {c: [{d: null}]}}}
"""


def odd_value(raw: bytes, rng: random.Random) -> bytes:
    return _value(raw, rng.choice(ODD_VALUES.splitlines()).replace("¶", "\n").encode(), rng)


def odd_key(raw: bytes, rng: random.Random) -> bytes:
    keys = [
        b"1",
        b"null",
        b"~",
        b"true",
        b"2024-01-01",
        b"1.5",
        b"[a, b]",
        b"? {a: 1}\n",
        b"''",
        b"' '",
        b"<<",
        b"=",
        b"*none",
        b"&a a",
        b"!!int x",
        b"a|b|c",
        b"|",
        b"||contains",
        b"\xf0\x9f\x92\xa9",
        b"a" * 2000,
        b'"a\\nb"',
        b"?",
    ]
    lines = _lines(raw)
    places = [index for index, line in enumerate(lines) if re.match(rb"\s*(?:- )?[\w|]+:", line)]
    if not places:
        return raw
    index = rng.choice(places)
    lines[index] = re.sub(rb"[\w|]+:", lambda _: rng.choice(keys) + b":", lines[index], count=1)
    return b"\n".join(lines)


def aliases(raw: bytes, rng: random.Random) -> bytes:
    levels = rng.choice([3, 9, 30])
    bomb = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
        b"a%d: &a%d [%s]\n" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 10)) for level in range(1, levels)
    )
    merge = b"base: &base {level: high, tags: [attack.t1059]}\n<<: *base\n"
    loops = rng.choice([b"loop: &l [*l]\n", b"<<: &m {<<: *m}\n", b"<<: [1, 2]\n", b"<<: x\n", b"tags: *nowhere\n", merge, merge * 2])
    return rng.choice([bomb + raw, raw + b"\n" + bomb, loops + raw, raw + b"\n" + loops])


def other_documents(raw: bytes, rng: random.Random) -> bytes:
    others = [
        b"---\n",
        b"---\n---\n",
        b"...\n",
        b"--- |\n x\n",
        b"--- 1\n",
        b"---\naction: global\n---\n",
        b"---\naction: repeat\n---\n",
        b"---\naction: reset\n",
        b"%YAML 9.9\n---\n",
        b"%TAG ! x\n---\n",
        b"---\n- a\n- b\n",
        b"---\nnull\n",
        b"---x\n",
        b"--- !!map\n",
    ]
    lines = _lines(raw)
    index = rng.randrange(len(lines) + 1)
    return b"\n".join([*lines[:index], rng.choice(others).rstrip(b"\n"), *lines[index:]])


def other_yaml(raw: bytes, rng: random.Random) -> bytes:
    return rng.choice(
        [
            b"services:\n  web: {image: nginx}\n",
            b"apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n",
            b"- hosts: all\n  tasks: [{debug: {msg: hi}}]\n",
            b"title: x\ndetection: x\nlogsource: y\n",
            b"detection: [1, 2]\ntitle: [x]\nid: {a: b}\nlogsource: []\ntags: {}\n",
            b"correlation: [x]\ntitle: 1\n",
            b"title: x\ncorrelation: {type: event_count, rules: x, timespan: [], condition: 5, group-by: {}}\n",
            b"title: x\nfilter: {rules: any, selection: 1, condition: [a]}\nlogsource: {product: 5}\n",
            b"attack_technique: 5\natomic_tests: x\n",
            b"id: DN_0001\ntitle: []\nfields: {a: {b: c}}\nsample: 5\n",
            b"just text",
            b"42\n",
            b"# a comment\n",
        ]
    )


def long_lists(raw: bytes, rng: random.Random) -> bytes:
    count = rng.choice([1000, 4000])
    listed = b"[" + b", ".join(rng.choice([b"a", b"'*x*'", b"'(a+)+$'", b"1", b"null"]) for _ in range(count)) + b"]"
    return _value(raw, listed, rng)


def hard_condition(raw: bytes, rng: random.Random) -> bytes:
    hard = rng.choice(
        [
            b"(" * 3000 + b"selection" + b")" * 3000,
            b"not " * 2000 + b"selection",
            b" and ".join([b"selection"] * 3000),
            b" or ".join(b"(selection and not 1 of sel*)" for _ in range(400)),
            b"1 of *" + b"*" * 2000,
            b"'1 of them | count() by x > 5'",
            b"selection |",
            b"'" + b"(" * 60 + b"'",
            b"[selection, [selection], {a: b}, 5, null]",
            b"all of " * 500,
            b"of of of",
            b"'\\x00'",
        ]
    )
    return re.sub(rb"condition:[^\n]*", lambda _: b"condition: " + hard, raw, count=1)


def hard_expression(raw: bytes, rng: random.Random) -> bytes:
    hard = rng.choice(
        [
            b"'(a+)+b'",
            b"'(a|aa)+$'",
            b"'(?:(?:(?:a{1,99}){1,99}){1,99})'",
            b"'" + b"(" * 400 + b"'",
            b"'[a-'",
            b"'(?P<x>a)(?P=y)'",
            b"'a{99999999999}'",
            b"'(?<=a+)b'",
            b"'\\\\'",
            b"'" + b"a?" * 200 + b"a" * 200 + b"'",
            b"'" + b".*" * 500 + b"x'",
            b"'(?i)(?m)(?x)a'",
            b"'[[:alpha:]]\\p{L}'",
        ]
    )
    lines = _lines(raw)
    places = [index for index, line in enumerate(lines) if re.match(rb"\s+(?:- )?\w+(?:\|\w+)*:", line)]
    if not places:
        return raw
    index = rng.choice(places)
    lines[index] = re.sub(
        rb"(\w+)(?:\|\w+)*:.*", lambda match: match[1] + rng.choice([b"|re: ", b"|re|i: ", b"|re|all: "]) + hard, lines[index], count=1
    )
    return b"\n".join(lines)


def odd_modifiers(raw: bytes, rng: random.Random) -> bytes:
    names = b"contains all startswith endswith re i m s cidr base64 base64offset wide utf16 windash lt lte gt gte exists fieldref".split()
    names += b"expand cased neq minute hour x".split()
    chosen = b"|".join(rng.choice(names) for _ in range(rng.choice([1, 2, 3, 4, 200])))
    return re.sub(
        rb"^(\s+(?:- )?\w+)(?:\|[\w|]+)?:", lambda match: match[1] + b"|" + chosen + b":", raw, count=rng.choice([1, 0]), flags=re.MULTILINE
    )


def _value(raw: bytes, value: bytes, rng: random.Random) -> bytes:
    """The file with another value in place of one on a line, or of an item of a list."""
    lines = _lines(raw)
    places = [index for index, line in enumerate(lines) if re.match(rb"\s*(?:- )?[\w|]+:|\s*- ", line)]
    if not places:
        return raw + b"\ntitle: " + value
    index = rng.choice(places)
    lines[index] = re.sub(rb"^(\s*(?:- )?[\w|]+:|\s*-).*", lambda match: match[1] + b" " + value, lines[index], count=1)
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    *(flip_bytes, drop_line, double_lines, move_line, indent_line, outdent_line, insert_mark, cut, cut_out, control_bytes, byte_order_mark),
    *(other_encoding, line_ends, odd_letters, lone_surrogate, binary, nest_deep, huge_value, odd_value, odd_key, aliases, other_documents),
    *(other_yaml, long_lists, hard_condition, hard_expression, odd_modifiers),
)


def mutated(raw: bytes, rng: random.Random) -> tuple[str, bytes]:
    """A damaged file, and the names of what was done to it."""
    names = []
    for mutation in rng.choices(MUTATIONS, k=rng.choice([1, 1, 1, 2, 3])):
        raw = mutation(raw, rng)
        names.append(mutation.__name__)
    return "+".join(names), raw


# --- a check of one file --------------------------------------------------------------------------------------------------------------


class _Silent:
    def begin(self, step: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...


def originals() -> list[Path]:
    """The files that are damaged: this repository's rules, some of its entries, and the corpora where they are."""
    corpora = REPOSITORY.parent / "shared/corpora"
    own = [*sorted((REPOSITORY / "rules").rglob("*.yml")), *sorted((REPOSITORY / "data_needed").rglob("*.yml"))[::20]]
    own += [*sorted((REPOSITORY / "logging_policies").rglob("*.yml"))[::20], *sorted((REPOSITORY / "triggers").rglob("*.y*ml"))[::5]]
    return own + (sorted(corpora.glob("sigmahq/rules*/**/*.yml"))[::7] + sorted(corpora.glob("atomic-red-team/**/*.y*ml"))[::20])


def configuration_in(folder: Path) -> Configuration:
    """One with a few entries and no rules of its own."""
    data = tuple(path for pattern in ENTRIES for path in (REPOSITORY / "data_needed").glob(pattern))
    return replace(default_configuration(folder), cache=None, folders=Folders(rules=(), data_needed=data))


def outcome(configuration: Configuration, file: Path, queries: bool = True) -> Outcome:
    """Checks one file in this process."""
    before = time.process_time()
    try:
        _limit(LIMIT)
        try:
            found = check_files(
                configuration, configuration.judgement, CheckOptions("2026-06-01", (file,), queries, 1), _Silent()
            ).diagnostics
        finally:
            _limit(0)
    except TooLong:
        return Outcome(time.process_time() - before, (), "it took too long\n" + traceback.format_exc()[-1500:])
    except Exception:  # every one is what is looked for
        return Outcome(time.process_time() - before, (), traceback.format_exc()[-2500:])
    return Outcome(time.process_time() - before, found, _wrong(file, found))


def _limit(seconds: float) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        raise TooLong

    signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def _wrong(file: Path, found: Sequence[Diagnostic]) -> str:
    raw = file.read_bytes()
    lines = _text(raw).split("\n")
    mine = [diagnostic for diagnostic in found if diagnostic.position.path.endswith(file.name)]
    for diagnostic in mine:
        line, column = diagnostic.position.line, diagnostic.position.column
        if not 1 <= line <= len(lines) or not 1 <= column <= len(lines[line - 1]) + 1:
            return f"{diagnostic} is at no place of the file ({len(lines)} lines)"
    mistake = _mistake(raw)
    if mistake and not any(diagnostic.code.startswith("FG0") for diagnostic in mine):
        return f"no diagnostic tells of this: {mistake}"
    return ""


def _text(raw: bytes) -> str:
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mistake(raw: bytes) -> str:
    """What PyYAML alone has to say against a file."""
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        if len(raw) > 2 * 1024 * 1024:
            return "it has more than 2 MiB"
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            del event
    except UnicodeDecodeError as error:
        return str(error)
    except yaml.YAMLError as error:
        return str(error)
    return ""


def run(count: int, seed: int, folder: Path) -> Iterator[tuple[str, bytes, Outcome]]:
    """So many damaged files, each with what was done to it and what became of it. The same seed gives the same files."""
    configuration = configuration_in(folder)
    files = originals()
    file = folder / "mutated_rule.yml"
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        names, raw = mutated(rng.choice(files).read_bytes(), rng)
        file.write_bytes(raw)
        yield f"{number}: {names}", raw, outcome(configuration, file)


def main() -> int:
    """Runs as many as asked for, prints the figures, and keeps the files of which something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the files of which something is wrong")
    arguments = parser.parse_args()
    faulthandler.enable()
    seconds, codes, wrong = [], Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        for name, raw, result in run(arguments.count, arguments.seed, Path(folder)):
            seconds.append(result.seconds)
            codes.update({diagnostic.code for diagnostic in result.found})
            codes["none"] += not result.found
            if result.wrong:
                wrong += 1
                print(f"{name}\n{result.wrong}\n", flush=True)
                if arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    (arguments.keep / f"{name.partition(':')[0]}.yml").write_bytes(raw)
    seconds.sort()
    print(f"{len(seconds)} files, {wrong} wrong; processor seconds a file: median {seconds[len(seconds) // 2]:.3f}, ", end="")
    print(f"99 of 100 below {seconds[len(seconds) * 99 // 100]:.3f}, most {seconds[-1]:.3f}; together {sum(seconds):.0f}")
    print("files with each code: " + ", ".join(f"{code} {count}" for code, count in codes.most_common()))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
