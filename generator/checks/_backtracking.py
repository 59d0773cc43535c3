"""Which regular expressions take an engine that tries one way after the other (PCRE, Python, Java, .NET) very long.

The expression becomes an automaton by Glushkov's construction, each edge counted. It is exponential where one text leads in two ways
from a position back to it (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991, criterion EDA; two edges between the
same positions are two ways, as in `(a+)+`), and bad enough where four unbounded repetitions in a row share a character. Either way
something that may fail has to follow, or the engine is done at once.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_
from typing import TypeVar

from generator.checks._regex_tree import (
    END,
    EVERYTHING,
    Assertion,
    Choice,
    Repeated,
    Sequence,
    Set,
    Tree,
    UnknownSyntaxError,
    read_regex,
)

_MOST_POSITIONS = 250
_MOST_PAIR_EDGES = 300_000
# `x{0,50}` leaves as many choices as `x*`; what repeats less often is written out.
_MOST_COPIES = 10
_MOST_LOOPS = 4

Edges = Mapping[int, list[int]]
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Slow:
    """Why an expression is slow: a text that it takes long for when it stands there many times, and whether that is exponential."""

    before: str
    pumped: str
    exponential: bool


@lru_cache(maxsize=1024)
def slow(pattern: str, flags: str = "") -> Slow | None:
    """What makes the expression slow, or nothing that can be proved."""
    if not any(mark in pattern for mark in "*+{"):
        return None
    try:
        machine = _Machine.of(read_regex(pattern, flags))
    except UnknownSyntaxError:
        return None
    return machine.exponential() or machine.long_chain()


@dataclass(frozen=True)
class _Part:
    """A piece of the automaton: whether it may be empty, and the positions with which it begins and ends."""

    nullable: bool
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()


@dataclass
class _Machine:
    sets: list[int] = field(default_factory=list)
    counts: Counter[tuple[int, int]] = field(default_factory=Counter)
    whole: _Part = _Part(True)

    @classmethod
    def of(cls, tree: Tree) -> _Machine:
        """The automaton of a tree. Raises `UnknownSyntaxError` where it would be too large or depend on assertions."""
        made = cls()
        made.whole = made._add(tree)
        return made

    def _add(self, tree: Tree) -> _Part:
        if isinstance(tree, Set):
            return self._position(tree.characters)
        if isinstance(tree, Choice):
            parts = [self._add(part) for part in tree.parts]
            first, last = (part.first for part in parts), (part.last for part in parts)
            return _Part(any(part.nullable for part in parts), frozenset().union(*first), frozenset().union(*last))
        if isinstance(tree, Sequence):
            whole = _Part(True)
            for part in tree.parts:
                whole = self._then(whole, self._add(part))
            return whole
        return self._repeat(tree) if isinstance(tree, Repeated) else _Part(True)

    def _repeat(self, tree: Repeated) -> _Part:
        if _asserts(tree.part):
            raise UnknownSyntaxError("an assertion in a repetition")
        loops = tree.most is None or tree.most > max(tree.least, _MOST_COPIES)
        whole = _Part(True)
        for _ in range(tree.least - 1 if loops and tree.least else tree.least):
            whole = self._then(whole, self._add(tree.part))
        if loops:
            part = self._add(tree.part)
            self._join(part.last, part.first)
            return self._then(whole, _Part(part.nullable or not tree.least, part.first, part.last))
        for _ in range((tree.most or 0) - tree.least):
            part = self._add(tree.part)
            whole = self._then(whole, _Part(True, part.first, part.last))
        return whole

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._join(one.last, other.first)
        return _Part(
            one.nullable and other.nullable,
            one.first | other.first if one.nullable else one.first,
            one.last | other.last if other.nullable else other.last,
        )

    def _join(self, ends: Iterable[int], starts: Iterable[int]) -> None:
        starts = list(starts)
        self.counts.update((end, start) for end in ends for start in starts)
        if len(self.counts) > _MOST_POSITIONS * _MOST_COPIES:
            raise UnknownSyntaxError("too many edges")

    def _position(self, characters: int) -> _Part:
        self.sets.append(characters)
        if len(self.sets) > _MOST_POSITIONS:
            raise UnknownSyntaxError("too many positions")
        here = frozenset([len(self.sets) - 1])
        return _Part(False, here, here)

    def exponential(self) -> Slow | None:
        """A text that leads in two ways from a position back to it, where the expression is not content before."""
        edges = _by_start(self.counts)
        for group in _strong(edges):
            if group & self.whole.last:
                continue
            inside = {p: [q for q in edges.get(p, ()) if q in group] for p in group}
            if sum(map(len, inside.values())) ** 2 > _MOST_PAIR_EDGES:
                continue
            pumped = self._two_edges(inside) or self._two_ways(inside)
            if pumped:
                start, word = pumped
                found = Slow(self._text(_path(edges, self.whole.first, start)), word, True)
                if not self._content(found):
                    return found
        return None

    def _content(self, found: Slow) -> bool:
        """Whether the expression finds what it looks for in the very text that is to be long to compare."""
        edges, here = _by_start(self.counts), set[int]()
        for character in found.before + found.pumped * (len(self.sets) + 1):
            bit = 1 << ord(character) if ord(character) < 128 else EVERYTHING >> 128 << 128
            here = {q for q in (*self.whole.first, *(q for p in here for q in edges.get(p, ()))) if self.sets[q] & bit}
            if here & self.whole.last:
                return True
        return self.whole.nullable

    def _two_edges(self, inside: Edges) -> tuple[int, str] | None:
        for (p, q), count in self.counts.items():
            if count > 1 and q in inside.get(p, ()):
                return q, self._text([*_path(inside, inside[q], p), q]) if p != q else self._text([q])
        return None

    def _two_ways(self, inside: Edges) -> tuple[int, str] | None:
        """By pairs of positions that one text reaches: from (q, q) over a pair of two and back."""
        pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for p, after_p in inside.items():
            for q, after_q in inside.items():
                pairs[p, q] = [(a, b) for a in after_p for b in after_q if self.sets[a] & self.sets[b]]
        for group in _strong(pairs):
            middle = next((pair for pair in group if pair[0] != pair[1]), None)
            start = next((pair for pair in group if pair[0] == pair[1]), None)
            if middle and start:
                way = [*_path(pairs, pairs[start], middle), *_path(pairs, pairs[middle], start)]
                return start[0], "".join(_character(self.sets[a] & self.sets[b]) for a, b in way)
        return None

    def long_chain(self) -> Slow | None:
        """Several repetitions of single characters, each right behind the other or one character apart, that share a character."""
        edges = _by_start(self.counts)
        loops = [p for p in range(len(self.sets)) if self.counts[p, p]]
        shared = {p: (1, self.sets[p], p) for p in loops}
        for q in loops:  # positions are numbered from left to right
            for p in (p for p in loops if p < q):
                length, common, start = shared[p]
                between = [self.sets[x] for x in edges[p] if x not in (p, q) and q in edges.get(x, ())]
                for through in [EVERYTHING] if q in edges[p] else between:
                    left = common & through & self.sets[q]
                    if left and length + 1 > shared[q][0]:
                        shared[q] = length + 1, left, start
        for q, (length, common, start) in shared.items():
            if length >= _MOST_LOOPS:
                behind = reduce(or_, (self.sets[x] for x in edges[q] if x != q), 0)
                found = Slow(self._text(_path(edges, self.whole.first, start)), _character(common & ~behind or common), False)
                if not self._content(found):
                    return found
        return None

    def _text(self, positions: Iterable[int]) -> str:
        return "".join(_character(self.sets[p]) for p in positions)


def _asserts(tree: Tree) -> bool:
    if isinstance(tree, Set):
        return tree.characters == END
    if isinstance(tree, Repeated):
        return _asserts(tree.part)
    return isinstance(tree, Assertion) or any(_asserts(part) for part in tree.parts)


def _character(characters: int) -> str:
    """One of a set, one that people can read where there is one."""
    for readable in ("a", "0", "A", " ", "-", "\\", "/", "."):
        if characters >> ord(readable) & 1:
            return readable
    lowest = (characters & -characters).bit_length() - 1
    printable = (characters & EVERYTHING) >> 33
    if printable:
        lowest = 33 + (printable & -printable).bit_length() - 1
    return chr(lowest) if lowest < 128 else {128: "\u00e9", 129: "\u2026"}.get(lowest, "")


def _by_start(counts: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    edges: dict[int, list[int]] = {}
    for start, end in counts:
        edges.setdefault(start, []).append(end)
    return edges


def _path(edges: Mapping[T, list[T]], starts: Iterable[T], goal: T) -> list[T]:
    """The shortest way from one of the starts to the goal, both included."""
    before: dict[T, T | None] = dict.fromkeys(starts)
    queue = deque(before)
    while queue and goal not in before:
        here = queue.popleft()
        for there in edges.get(here, ()):
            if there not in before:
                before[there] = here
                queue.append(there)
    way: list[T] = []
    step: T | None = goal
    while step is not None:
        way.append(step)
        step = before.get(step)
    return way[::-1]


def _strong(edges: Mapping[T, list[T]]) -> list[set[T]]:
    """The groups of nodes that lead to each other, single ones only where they lead to themselves (Tarjan's algorithm, 1972)."""
    number: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    on_stack: set[T] = set()
    found = []
    for root in edges:
        if root in number:
            continue
        work = [(root, iter(edges[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for there in rest:
                if there not in number:
                    number[there] = low[there] = len(number)
                    stack.append(there)
                    on_stack.add(there)
                    work.append((there, iter(edges.get(there, ()))))
                    break
                if there in on_stack:
                    low[node] = min(low[node], number[there])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    group = set()
                    while node not in group:
                        group.add(stack.pop())
                    on_stack -= group
                    if len(group) > 1 or node in edges.get(node, ()):
                        found.append(group)
    return found
