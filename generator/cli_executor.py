"""`--executor`: processes of a cluster in place of those of this machine."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, cast

from generator.cache import program
from generator.cli_failure import Failure

# So many differences are named; more help nobody.
_SHOWN = 5


@contextmanager
def executor_of(named: str) -> Iterator[Executor | None]:
    """The executor of an existing Dask cluster by its address, as `dask:tcp://host:8786`; None for this machine's own processes.

    At the end its work is called off and its client closed. Raises `Failure` for anything else, where there is no such cluster, or
    where a worker runs another program than this machine: its results would be kept as ours.
    """
    if not named:
        yield None
        return
    client = _client_of(named)
    try:
        _refuse_strangers(client)
        executor = cast(Executor, client.get_executor())
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)  # whatever is still under way is called off
    finally:
        client.close(timeout=2)


def _client_of(named: str) -> Any:
    kind, _, address = named.partition(":")
    if kind != "dask" or not address:
        raise Failure(2, f"--executor: {named} is none that is known; write dask:tcp://HOST:PORT.")
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise Failure(2, "--executor: Dask is not installed here; pip install 'fieldguide[distributed]'.") from error
    try:
        return distributed.Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise Failure(2, f"--executor: there is no Dask scheduler at {address}; start it, or correct the address.") from error


def _refuse_strangers(client: Any) -> None:
    """Raises `Failure` unless every worker runs this very program."""
    told = client.run(program, on_error="return")
    if not told:
        raise Failure(2, "--executor: the Dask cluster has no workers; start some, and run the command again.")
    mine = set(program())
    for worker, theirs in sorted(told.items()):
        if isinstance(theirs, BaseException):
            raise Failure(2, f"--executor: worker {worker} cannot run Fieldguide ({theirs}); install the same version there.")
        here, there = sorted(mine - set(theirs)), sorted(set(theirs) - mine)
        if here or there:
            differences = f"here: {_some(here)}; there: {_some(there)}"
            raise Failure(2, f"--executor: worker {worker} has other versions than this machine ({differences}); install the same there.")


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "") or "nothing else"
