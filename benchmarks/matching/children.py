"""Measurements in processes of their own: threads are set before numpy loads, peak memory is nobody else's."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
PATIENCE = 3600.0
BYTES = 1 if sys.platform == "darwin" else 1024
Result = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One thing to measure; `way` says which peer or which part, where a module has several."""

    network: str
    people: int
    seed: int = 0
    variant: str = "usual"
    challenges: int = 300
    threads: int = 1
    way: str = ""
    full: bool = False


def ask(module: str, case: Case, *, patience: float = PATIENCE, settings: dict[str, str] | None = None) -> Result:
    """Measure the case in a new process of benchmarks.matching.<module>; threads 0 means all.

    The answer has `unfinished`, the seconds it was given, where it was stopped, and `failed` where it broke off.
    """
    command = [sys.executable, "-m", f"benchmarks.matching.{module}", json.dumps(asdict(case))]
    environment = {**os.environ, **(settings or {})}
    for name in THREAD_SETTINGS:
        environment.pop(name, None)
        if case.threads:
            environment[name] = str(case.threads)
    try:
        run = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        return {**asdict(case), "measured": module, "unfinished": patience}
    if run.returncode:
        last = (run.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"{module} {case}: {last}", file=sys.stderr)
        return {**asdict(case), "measured": module, "failed": last}
    return {**asdict(case), "measured": module, **json.loads(run.stdout.splitlines()[-1])}


def answer(measure: Callable[[Case], Result]) -> None:
    """Measure the case that the command line names and print the result as a line of JSON."""
    print(json.dumps(measure(Case(**json.loads(sys.argv[1])))))


def peak_megabytes() -> float:
    """Return the most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES / 1e6
