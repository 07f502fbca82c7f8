"""A command in a process of its own, forked from one that has imported what takes seconds to import."""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir, suppress
from importlib import import_module
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
Done = subprocess.CompletedProcess[str]

_context = get_context("forkserver")
_context.set_forkserver_preload(["tests.preloaded"])


def run(words: Sequence[str], folder: Path, surroundings: Mapping[str, str] = os.environ, seconds: float = 1800) -> Done:
    """Run the command in a folder; stop it after so many seconds."""
    with TemporaryDirectory() as scratch:
        printed = [Path(scratch) / name for name in ("stdout", "stderr")]
        process = start(words, folder, printed, surroundings)
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
        stdout, stderr = (file.read_text(encoding="utf-8") if file.exists() else "" for file in printed)
    if process.exitcode == -signal.SIGKILL:
        raise subprocess.TimeoutExpired(list(words), seconds, stdout, stderr)
    return Done(list(words), process.exitcode or 0, stdout, stderr)


def start(
    words: Sequence[str],
    folder: Path,
    printed: Sequence[Path],
    surroundings: Mapping[str, str] = os.environ,
    module: str = "runner.run",
) -> BaseProcess:
    """Start the command of a module in a folder; `printed` are the files that take its stdout and stderr."""
    with chdir(ROOT):  # where the fork server, started by the first command, finds this package
        forkserver.ensure_running()
    process = _context.Process(target=_main, args=(module, list(words), str(folder), dict(surroundings), *map(str, printed)))
    process.start()
    return process


def _main(module: str, words: list[str], folder: str, surroundings: dict[str, str], stdout: str, stderr: str) -> None:
    os.environ.clear()
    os.environ.update(surroundings)
    for stream, path in ((sys.stdout, stdout), (sys.stderr, stderr)):
        stream.flush()
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream.fileno())
    os.chdir(folder)
    sys.path[:0] = [folder, *surroundings.get("PYTHONPATH", "").split(os.pathsep)]  # as for python -m
    sys.argv = ["run.py", *words]
    try:
        import_module(module).main()
    finally:
        # A child of the fork server skips them.
        with suppress(Exception):
            atexit._run_exitfuncs()
