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
        """Writes the repaired text; links of both kinds stay, and so do rights and owner. Raises `OSError`.

        A file with one name is replaced in one step, so that it always holds one text or the other. A file with several names (hard
        links) can only be written over: for as long as that takes, the repaired text is whole in a hidden file beside it, which stays if
        this is cut short. So is one that belongs to somebody else, as a new file would be ours.
        """
        target = self.file.resolve()  # a symbolic link stays one
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
        text, status = self.after.encode("utf-8"), target.stat()
        try:
            _write(beside, text)
            os.chmod(beside, status.st_mode)
            made = beside.stat()
            alone = status.st_nlink == 1 and (made.st_uid, made.st_gid) == (status.st_uid, status.st_gid)
            if alone:
                os.replace(beside, target)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        if not alone:
            try:
                _write(target, text)
            except OSError as error:
                raise OSError(error.errno, f"{error.strerror}; its repaired text is whole in {beside.name}") from error
            beside.unlink()


def _write(file: Path, text: bytes) -> None:
    """Writes a file's content and waits until it is on the disk."""
    with file.open("wb") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


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
