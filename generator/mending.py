"""The journey of `fieldguide check --fix`: find, read, mend, write. Only what changes is written, each file in one step."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from generator import attack
from generator.config import Configuration
from generator.diagnostics import Diagnostic, Position
from generator.judging import Judgement
from generator.load import shown
from generator.load.documents import LARGEST
from generator.load.noqa import Noqa, read_noqa
from generator.mend import Change, Means, mend

_BOM = "\ufeff"


@dataclass(frozen=True)
class FileChange:
    """A file whose text is repaired: where it is, how that is shown, both texts as they are written, and what was done."""

    file: Path
    path: str
    before: str
    after: str
    changes: tuple[Change, ...]

    def diff(self) -> str:
        """The difference as a patch; control characters of the file are in it as they are."""
        before, after = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (self.before, self.after))
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
                       for line in unified_diff(before, after, f"a/{self.path}", f"b/{self.path}"))  # fmt: skip

    def write(self) -> None:
        """Puts the repaired text in the old one's place at once, with the file's rights. Raises `OSError`."""
        target = self.file.resolve()  # a link stays one
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
        try:
            beside.write_bytes(self.after.encode("utf-8"))
            os.chmod(beside, target.stat().st_mode)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)


def mend_files(files: Iterable[Path], configuration: Configuration, judgement: Judgement,
               new_id: Callable[[], str] = lambda: str(uuid.uuid4())) -> Iterator[FileChange]:  # fmt: skip
    """The changes of those files that can be repaired. Nothing is written; a file that cannot be read is the check's to report."""
    catalogue = attack.load_catalogue(configuration.attack)
    for file in files:
        text = _text(file)
        if text is None:
            continue
        path = shown(file, configuration.base)
        bom, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
        mended = mend(body, Means(catalogue, new_id, _wanted(judgement, path, read_noqa(body, path))))
        if mended.text != body:
            yield FileChange(file, path, text, bom + mended.text, mended.changes)


def _wanted(judgement: Judgement, path: str, comments: Sequence[Noqa]) -> Callable[[str, int, str], bool]:
    """Whether a code's repairs are wanted on a line: what a comment or the configuration hides is not touched either."""

    def wanted(code: str, line: int, ident: str) -> bool:
        diagnostic = Diagnostic(Position(path, line), code, "")
        return judgement.of(diagnostic, ident) is not None and not any(comment.hides(diagnostic) for comment in comments)

    return wanted


def _text(file: Path) -> str | None:
    """A file's text with its own line ends; nothing for one that is no UTF-8, too large, or not to be read."""
    try:
        if file.stat().st_size > LARGEST:
            return None
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
