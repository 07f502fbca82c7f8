"""Stage outputs, kept by the hash of what made them, and replies, kept by the hash of what was asked."""

import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from runner.component import identity
from runner.fault import Fault
from runner.model import Model
from runner.records import Prompt, Reply, digest


@dataclass(frozen=True)
class Kept:
    """A finished stage: the folder that holds its output, and the seconds that it took when it was made."""

    folder: Path
    key: str
    seconds: float


class Store:
    """A folder of finished stages and replies, shared by runs, sweeps and jobs on one machine or file system."""

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`, making it where needed; a Fault where it can't be written."""
        self.folder = folder.expanduser().resolve()
        try:
            (self.folder / "locks").mkdir(parents=True, exist_ok=True)
            probe = self.folder / f".write-{uuid.uuid4().hex}"
            probe.write_text("x" * 4096)
            probe.unlink()
        except OSError as error:
            raise Fault(f"the store {self.folder} can't be written: {error}. Free space or name another: store=PATH") from error

    def lock(self, key: str) -> FileLock:
        """The lock that makes two jobs that want the same thing do it once."""
        return FileLock(self.folder / "locks" / f"{key}.lock")

    def keep(self, stage: str, made_of: Any, make: Callable[[Path], None]) -> Kept:
        """The output of a stage, made by `make` in an empty folder unless the same stage was kept before."""
        key = digest({"stage": stage, "made_of": made_of})
        final = self.folder / stage / key
        with self.lock(f"{stage}-{key}"):
            if not (final / "manifest.json").exists():
                self._publish(final, made_of, make)
        manifest = json.loads((final / "manifest.json").read_text(encoding="utf-8"))
        return Kept(final, key, manifest["seconds"])

    def _publish(self, final: Path, made_of: Any, make: Callable[[Path], None]) -> None:
        draft = final.with_name(f".{final.name}-{uuid.uuid4().hex}")
        draft.mkdir(parents=True)
        began = time.monotonic()
        try:
            make(draft)
            manifest = {"seconds": time.monotonic() - began, "made_of": made_of}
            _write(draft / "manifest.json", json.dumps(manifest, default=asdict, indent=1))
            shutil.rmtree(final, ignore_errors=True)
            draft.rename(final)
        except OSError as error:
            raise Fault(f"the store {self.folder} can't be written: {error}. Free space or name another: store=PATH") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def remember(self, model: Model) -> Model:
        """The same model, but each of its replies is kept as it arrives and never asked for again."""
        return _Remembering(model, self.folder / "replies")


class _Remembering:
    """A model that looks a reply up by the hash of its request before it asks."""

    def __init__(self, model: Model, folder: Path) -> None:
        self.model, self.folder, self.name = model, folder, model.name
        self.made_of = identity(model)

    def check(self) -> None:
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        paths = [self._path(prompt) for prompt in prompts]
        missing = [index for index, path in enumerate(paths) if not path.exists()]
        for index in sorted(set(range(len(prompts))) - set(missing)):
            yield index, Reply(**json.loads(paths[index].read_text(encoding="utf-8"))["reply"])
        for number, reply in self.model.ask([prompts[index] for index in missing]):
            index = missing[number]
            request = {"model": self.made_of, "prompt": asdict(prompts[index])}
            paths[index].parent.mkdir(parents=True, exist_ok=True)
            _write(paths[index], json.dumps({"request": request, "reply": asdict(reply)}, ensure_ascii=False))
            yield index, reply

    def _path(self, prompt: Prompt) -> Path:
        key = digest({"model": self.made_of, "prompt": prompt})
        return self.folder / key[:2] / f"{key}.json"


def _write(path: Path, text: str) -> None:
    """Write a file so that after a crash it is there whole or not at all."""
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
