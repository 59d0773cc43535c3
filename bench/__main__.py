"""`make bench`: what a build costs beside the stock way, in one run on one machine; each figure with its target.

The stock way makes the same queries with `sigma convert` and the same pages with `mkdocs build`. Machines differ and are noisy, so
targets that compare are ratios. Ends with 1 when a target is missed, or when the two sides did not do the same work.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import yaml

from bench.cards import LARGEST_CARD, LARGEST_INDEX, weights
from bench.corpora import collect, rule_files
from bench.measuring import Cost, run

REPOSITORY = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
WINDOWS = ("-p", "sysmon", "-p", "windows-logsources")
# The six targets as sigma-cli takes them; a watch and Graylog's queries are Lucene too.
STOCK = {
    "kibana": ("lucene", *WINDOWS, "-p", "ecs_windows"),
    "watcher": ("lucene", *WINDOWS, "-p", "ecs_windows"),
    "graylog": ("lucene", *WINDOWS),
    "splunk": ("splunk", *WINDOWS, "-p", "splunk_windows"),
    "defender": ("kusto", "-p", "microsoft_xdr"),
    "esql": ("esql", *WINDOWS, "-p", "ecs_windows"),
}
SIZES = (1_600, 3_200, 6_400, 12_800)
PARTS = ["stock", "again", "memory", "cards", "growing"]


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, and the most it may be."""

    name: str
    value: float
    target: float | None
    unit: str = ""

    @property
    def missed(self) -> bool:
        """Whether it is more than it may be."""
        return self.target is not None and self.value > self.target

    def __str__(self) -> str:
        target = f"at most {self.target:g}" if self.target is not None else ""
        return f"{self.name:64} {self.value:9.2f} {self.unit:4} {target:14} {'MISSED' if self.missed else ''}".rstrip()


class Bench:
    """A knowledge base of its own in a folder, built again and again."""

    def __init__(self, folder: Path, corpus: Path, count: int = 0) -> None:
        self.folder, self.corpus = folder, corpus
        self.count = collect(corpus, folder / "rules", count)
        for kind in ("data_needed", "logging_policies", "enrichments", "triggers"):
            (folder / kind).symlink_to(REPOSITORY / kind)
        settings = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
        (folder / "mkdocs.yml").write_text(settings, "utf-8")

    def build(self, watch: bool = False) -> Cost:
        """A build as a user starts it."""
        return run([BIN / "fieldguide", "build", "--report", "report.json"], self.folder, watch)

    def report(self) -> dict[str, object]:
        read: dict[str, object] = json.loads((self.folder / "report.json").read_text("utf-8"))
        return read

    def clean(self) -> None:
        """As if never built."""
        for name in ("site", ".fieldguide-cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def edit(self, change: Callable[[str], str]) -> None:
        """Edits one rule in the middle."""
        files = sorted((self.folder / "rules").rglob("*.yml"))
        path = files[len(files) // 2]
        path.write_text(change(path.read_text("utf-8")), "utf-8")

    def pages(self, site: Path | None = None) -> int:
        """The number of built pages; permalinks are copied files."""
        folder = site or self.folder / "site" / "html"
        return sum(path.relative_to(folder).parts[0] != "r" for path in folder.rglob("*.html"))


def against_stock(bench: Bench) -> Iterator[Figure]:
    """The cold build beside the stock way, and the floor under both."""
    bench.clean()
    cold = bench.build()
    convert, wrong = Cost(0, 0), []
    for name, options in STOCK.items():
        files, expected = _converted(bench, name)
        out = bench.folder / f"{name}.txt"
        command = [BIN / "sigma", "convert", "--skip-unsupported", "--disable-pipeline-check", "-t", *options, "-o", out, *files]
        convert += run(command, bench.folder)
        made = _lines(out.read_text("utf-8"))
        if made != expected:
            wrong.append(f"{name}: {expected} lines of queries here, {made} by sigma convert")
    stock_site = bench.folder / "stock"
    site = run([BIN / "mkdocs", "build", "-q", "-f", "site/mkdocs.yml", "-d", stock_site], bench.folder, NO_MKDOCS_2_WARNING="1")
    stock = convert + site
    if bench.pages() != bench.pages(stock_site):
        wrong.append(f"{bench.pages()} pages here, {bench.pages(stock_site)} by mkdocs build")
    yield Figure(f"stock way, {bench.count} rules: sigma convert, six times", convert.cpu, None, "CPU s")
    yield Figure("stock way: mkdocs build", site.cpu, None, "CPU s")
    yield Figure("cold build", cold.cpu, None, "CPU s")
    yield Figure("cold build: processor time, of the stock way's", cold.cpu / stock.cpu, 0.35)
    yield Figure("cold build: wall time, of the stock way's", cold.wall / stock.wall, 0.2)
    yield from _floor(bench, cold)
    for text in wrong:
        print(f"not the same work: {text}")
    yield Figure("differences in the work of both sides", len(wrong), 0)
    shutil.rmtree(stock_site)


def _converted(bench: Bench, target: str) -> tuple[list[str], int]:
    """The files of the rules that convert for a target, and the lines of their queries.

    sigma-cli gets no others: with `--skip-unsupported` it still ends at the first rule whose backend fails in another way.
    """
    of = "kibana" if target == "watcher" else target
    rules = json.loads((bench.folder / "site" / "docs" / "api" / "rules.json").read_text("utf-8"))
    texts = {rule["source"]: [query["text"] for query in rule["queries"] if query["target"] == of] for rule in rules}
    whole = {source: found for source, found in texts.items() if found and all(found)}
    return sorted(whole), sum(_lines(text) for found in whole.values() for text in found)


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.split("\n"))


def _floor(bench: Bench, cold: Cost) -> Iterator[Figure]:
    """What nobody can do without: parsing the rules, and writing the bytes of the site."""
    start = time.process_time()
    for path in rule_files(bench.folder / "rules" / "rules"):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    target = bench.folder / "floor"
    for path in sorted((bench.folder / "site" / "html").rglob("*")):
        if path.is_file():
            place = target / path.relative_to(bench.folder / "site" / "html")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    floor = time.process_time() - start
    shutil.rmtree(target)
    yield Figure("floor: parsing with libyaml, writing the bytes", floor, None, "CPU s")
    yield Figure("cold build: processor time, of the floor's", cold.cpu / floor, None)


def again(bench: Bench) -> Iterator[Figure]:
    """Builds after a build."""
    site = bench.folder / "site" / "html"
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    yield Figure("nothing changed", bench.build().wall, 0.7, "s")
    yield Figure("nothing changed: files of the site written", sum(before[p] != p.stat().st_mtime_ns for p in site.rglob("*")), 0)
    bench.edit(_other_value)
    yield Figure("one rule's detection edited: a value", bench.build().wall, 2.0, "s")
    bench.edit(lambda text: text.replace("title: ", "title: Bench ", 1))
    yield Figure("one rule's title edited", bench.build().wall, 2.0, "s")
    settings = bench.folder / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("site_name: ", "site_name: Bench ", 1), "utf-8")
    yield Figure("the site's name changed", bench.build().wall, None, "s")
    seconds = bench.report()["seconds"]
    yield Figure("the site's name changed: converting", seconds["convert"], 2.0, "s")  # type: ignore[index]


def _other_value(text: str) -> str:
    """A rule with another value in its detection."""
    head, detection, rest = text.partition("detection:")
    return head + detection + re.sub(r"(: |- )'([^'\n]+)'", r"\1'\2bench'", rest, count=1)


def memory(bench: Bench) -> Iterator[Figure]:
    """What a cold build holds at its highest."""
    bench.clean()
    yield Figure("cold build: memory of all processes", bench.build(watch=True).memory, 400, "MB")


def growing(folder: Path, corpus: Path, up_to: int) -> Iterator[Figure]:
    """Twice the rules, again and again: cold in processor time and memory, warm in wall time, and the largest page that is no list."""
    sizes = [size for size in SIZES if size <= up_to]
    costs = {}
    for size in sizes:
        bench = Bench(_fresh(folder / str(size)), corpus, size)
        cold = bench.build(watch=True)
        bench.edit(_other_value)
        costs[size] = (cold.cpu, bench.build().wall, _largest(bench.folder / "site" / "html"))
        shutil.rmtree(bench.folder)
        yield Figure(f"cold, {size} rules", cold.cpu, None, "CPU s")
        yield Figure(f"cold, {size} rules: memory of all processes", cold.memory, None, "MB")
        yield Figure(f"one rule edited, {size} rules", costs[size][1], None, "s")
    for one, other in pairwise(sizes):
        yield Figure(f"cold, {other} rules: of {one} rules'", costs[other][0] / costs[one][0], 2.1)
        yield Figure(f"one rule edited, {other} rules: of {one} rules'", costs[other][1] / costs[one][1], 1.9)
    yield Figure(f"largest page but the lists, {sizes[-1]} rules: of {sizes[0]} rules'", costs[sizes[-1]][2] / costs[sizes[0]][2], 1.5)


def cards(folder: Path, corpus: Path) -> Iterator[Figure]:
    """Every card of all rules, with all tests of Atomic Red Team where they lie beside the corpus, and the index of them."""
    bench = Bench(_fresh(folder / "cards"), corpus)
    tests = corpus.parent / "atomic-red-team"
    if tests.is_dir():
        settings = bench.folder / "mkdocs.yml"
        settings.write_text(settings.read_text("utf-8").replace("[triggers]", f"[triggers, {tests.as_posix()}]"), "utf-8")
    bench.build()
    site = bench.folder / "site" / "html"
    found = weights(site)
    heaviest = max(found, key=lambda name: found[name])
    print(f"the heaviest of {len(found)} cards is {heaviest}")
    yield Figure("heaviest card, its rule and queries apart", found[heaviest] / 1000, LARGEST_CARD / 1000, "kB")
    yield Figure("index of all rules", (site / "assets" / "index.js").stat().st_size / 1000, LARGEST_INDEX / 1000, "kB")
    shutil.rmtree(bench.folder)


def _largest(site: Path) -> int:
    lists = ("lists", "findings", "health", "r")
    pages = (path for path in site.rglob("*.html") if path.relative_to(site).parts[0] not in lists)
    return max(path.stat().st_size for path in pages)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """Measures, prints, and ends with 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=REPOSITORY.parent / "shared" / "corpora" / "sigmahq", help="a checkout of SigmaHQ")
    parser.add_argument("--rules", type=int, default=0, help="so many rules only (default: all)")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; may be repeated")
    parser.add_argument("--up-to", type=int, default=SIZES[-1], help="the most rules that growth is measured with")
    arguments = parser.parse_args()
    if not arguments.corpus.is_dir():
        sys.exit(f"There is no {arguments.corpus}: name a checkout of the Sigma rules with make bench ARGS='--corpus DIR'.")
    parts = arguments.only or PARTS
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(_fresh(folder / "all"), arguments.corpus, arguments.rules)
        steps = {"stock": lambda: against_stock(bench), "again": lambda: again(bench), "memory": lambda: memory(bench),
                 "cards": lambda: cards(folder, arguments.corpus),
                 "growing": lambda: growing(folder, arguments.corpus, arguments.up_to)}  # fmt: skip
        if "stock" not in parts and "again" in parts:
            bench.build()
        for part in parts:
            for figure in steps[part]():
                print(figure, flush=True)
                missed += figure.missed
    print(f"{missed} missed, on {os.cpu_count()} cores" if missed else f"All targets met, on {os.cpu_count()} cores")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
