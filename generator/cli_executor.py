"""`--executor`: processes of a cluster in place of those of this machine."""

from __future__ import annotations

import importlib
from concurrent.futures import Executor
from typing import cast

from generator.cli_failure import Failure


def executor_of(named: str) -> Executor | None:
    """The executor of an existing Dask cluster by its address, as `dask:tcp://host:8786`; None for this machine's own processes.

    Raises `Failure` for anything else, or where there is no such cluster.
    """
    if not named:
        return None
    kind, _, address = named.partition(":")
    if kind != "dask" or not address:
        raise Failure(2, f"--executor: {named} is none that is known; write dask:tcp://HOST:PORT.")
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise Failure(2, "--executor: Dask is not installed here; pip install 'fieldguide[distributed]'.") from error
    try:
        client = distributed.Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise Failure(2, f"--executor: there is no Dask scheduler at {address}; start it, or correct the address.") from error
    return cast(Executor, client.get_executor())
