"""Finished stages in, objects of a bucket out, and back.

The files of an attempt lie below a folder of its own. A head, which names the attempt and holds the manifest, is created last: it
makes the stage complete, and of two attempts the first one counts.
"""

import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.data.atomic_write import draft_folder, publish
from runner.data.manifest import MANIFEST, DamagedFolderError, Manifest, check_files, read_manifest
from runner.store.bucket import Bucket

STAGES = "stages"
HEAD = "head.json"


@dataclass(frozen=True)
class Head:
    """A published stage."""

    attempt: str
    manifest: str  # the text of its manifest

    @property
    def files(self) -> dict[str, int]:
        """Return the bytes of each file by its path."""
        return {name: int(mark["bytes"]) for name, mark in (json.loads(self.manifest).get("files") or {}).items()}


class PublishedStages:
    """The stages of a bucket."""

    def __init__(self, bucket: Bucket) -> None:
        """Use a bucket."""
        self.bucket = bucket

    def head(self, stage: str, key: str) -> Head | None:
        """Return a published stage, or None."""
        return _head(self.bucket.read(f"{STAGES}/{stage}/{key}/{HEAD}"))

    def heads(self, stage: str) -> dict[str, Head]:
        """Return all published outputs of a stage by key."""
        names = [name for name in self.bucket.list(f"{STAGES}/{stage}") if name.endswith(f"/{HEAD}")]
        heads = {name.split("/")[2]: _head(content) for name, content in self.bucket.read_each(names).items()}
        return {key: head for key, head in sorted(heads.items()) if head}

    def publish(self, stage: str, folder: Path, replaced: Head | None = None) -> Head:
        """Publish a sealed folder; return the head that counts.

        It is that of another attempt if that one was first. `replaced` is a damaged one.
        """
        place, attempt = f"{STAGES}/{stage}/{folder.name}", uuid.uuid4().hex
        head = Head(attempt, (folder / MANIFEST).read_text(encoding="utf-8"))
        self.bucket.upload({f"{place}/{attempt}/{name}": folder / name for name in head.files})
        content = json.dumps({"attempt": attempt, "manifest": head.manifest}).encode()
        if not replaced and self.bucket.create(f"{place}/{HEAD}", content):
            return head
        present = self.head(stage, folder.name)
        if present and present != replaced:
            self.bucket.remove([f"{place}/{attempt}/{name}" for name in head.files])
            return present
        # The head that is there is that of a damaged attempt, or can't be read.
        self.bucket.write(f"{place}/{HEAD}", content)
        return head

    def fetch(self, stage: str, final: Path, head: Head, largest: float = float("inf")) -> Manifest:
        """Write a published stage into a folder.

        Leave out files of more than `largest` bytes. Raise DamagedFolderError if the others are not those of its manifest.
        """
        place = f"{STAGES}/{stage}/{final.name}/{head.attempt}"
        names = [name for name, size in head.files.items() if size <= largest]
        with draft_folder(final) as draft:
            # A manifest may come from anybody who can write to the bucket, and no name in it may lead out of the folder.
            if outside := [name for name in names if not (draft / name).resolve().is_relative_to(draft.resolve())]:
                raise DamagedFolderError(f"{outside[0]} lies outside of its folder")
            if missing := self.bucket.download({f"{place}/{name}": draft / name for name in names}):
                raise DamagedFolderError(f"{missing[0]} is missing")
            publish(draft / MANIFEST, head.manifest)
            manifest = read_manifest(draft)
            check_files(draft, Manifest(manifest.seconds, manifest.inputs, _only(manifest, names)))
            shutil.rmtree(final, ignore_errors=True)  # another attempt, or a damaged copy
        return manifest


def _only(manifest: Manifest, names: Sequence[str]) -> dict[str, Any]:
    return {name: mark for name, mark in (manifest.files or {}).items() if name in names}


def _head(content: bytes | None) -> Head | None:
    try:
        value = json.loads(content or b"null")
        return Head(str(value["attempt"]), str(value["manifest"]))
    except (ValueError, TypeError, KeyError):  # missing, or not ours
        return None
