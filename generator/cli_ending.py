"""How the commands that make pages end before their time. Apart from `cli_failure`, since a check needs no room that makes pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from generator import attack, publish
from generator.cli_failure import Failure, refused
from generator.config import ConfigurationError
from generator.render import TemplateError
from generator.workers import Stranger


@contextmanager
def failures() -> Iterator[None]:
    """Whatever ends a journey before its time, such as a wrong configuration or a full disk, becomes a `Failure` that says what to do."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise Failure(130, "Interrupted. Run the command again to finish.") from error
    except ConfigurationError as error:
        raise refused(error) from error
    except (publish.UnsafeFolder, publish.SiteError, attack.BundleError, TemplateError) as error:
        raise Failure(2, str(error)) from error
    except Stranger as error:
        raise Failure(2, f"--executor: {error}; install the same there.") from error
    except OSError as error:
        name = error.filename or "A file"
        raise Failure(2, f"{name} cannot be read or written: {error.strerror}; check the path and its rights.") from error
