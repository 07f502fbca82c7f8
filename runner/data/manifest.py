"""A folder of files in, its manifest written or checked.

A manifest says what a folder was made of, and has the size and the SHA-256 of each file. It is written last, so that a folder
with a manifest is complete.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.data.atomic_write import publish
from runner.data.records import canonical, plain

MANIFEST = "manifest.json"


class DamagedFolderError(Exception):
    """A folder whose files are not those of its manifest."""


@dataclass(frozen=True)
class Manifest:
    """Inputs and files of a folder."""

    seconds: float  # that making it took
    inputs: Any
    files: Mapping[str, Mapping[str, Any]] | None  # bytes and sha256 by path; None in an older store


def seal(folder: Path, seconds: float, inputs: Any) -> None:
    """Write a folder's manifest, and wait for the disk."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MANIFEST]
    _settle(folder, files)
    marks = {path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _sha256(path)} for path in files}
    # "made_of" is the former word for inputs. It stays, so that older stores are found again.
    content = {"seconds": seconds, "made_of": inputs, "files": marks}
    plain_content = json.loads(json.dumps(content, default=plain))
    publish(folder / MANIFEST, json.dumps({**plain_content, "sha256": _checksum(plain_content)}, indent=1), lasting=True)


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest.

    Raise DamagedFolderError if it is missing, unreadable or changed.
    """
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        checksum = content.pop("sha256", None)
        manifest = Manifest(content["seconds"], content["made_of"], content.get("files"))
    except FileNotFoundError:
        raise DamagedFolderError(f"{MANIFEST} is missing") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedFolderError(f"{MANIFEST} can't be read: {error!r}") from error
    if (checksum or manifest.files) and checksum != _checksum(content):
        raise DamagedFolderError(f"{MANIFEST} was changed")
    return manifest


def check_files(folder: Path, manifest: Manifest, largest: float = float("inf")) -> None:
    """Compare the files of a folder with its manifest.

    The checksum of a file of more than `largest` bytes is computed only if it was written after the manifest. Raise
    DamagedFolderError.
    """
    for name, mark in (manifest.files or {}).items():
        try:
            size = (folder / name).stat().st_size
            if size != mark["bytes"]:
                raise DamagedFolderError(f"{name} has {size:,} bytes, expected {mark['bytes']:,}")
            if (size <= largest or _written_after(folder / name, folder / MANIFEST)) and _sha256(folder / name) != mark["sha256"]:
                raise DamagedFolderError(f"{name} was changed")
        except FileNotFoundError:
            raise DamagedFolderError(f"{name} is missing") from None
        except OSError as error:
            raise DamagedFolderError(f"{name} can't be read: {error}") from error


def check_weights(folder: Path) -> None:
    """Raise DamagedFolderError if weights without checksums were cut.

    The header of a safetensors file tells how long the file must be.
    """
    for file in sorted(folder.rglob("*.safetensors")):
        try:
            size = file.stat().st_size
            with file.open("rb") as content:
                length = int.from_bytes(content.read(8), "little")
                header = json.loads(content.read(length)) if length < size else {}
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise DamagedFolderError(f"{file.name} can't be read: {error!r}") from error
        if size != 8 + length + max(ends, default=0):
            raise DamagedFolderError(f"{file.name} was cut")


def _written_after(file: Path, manifest: Path) -> bool:
    # ctime changes with every write, also where a program sets mtime back. A rename of the folder does not change it.
    return file.stat().st_ctime_ns >= manifest.stat().st_ctime_ns


def _settle(folder: Path, files: list[Path]) -> None:
    """Give files the usual mode; wait for the disk."""
    # safetensors writes files that only their owner can read. A store may be shared, so they get the mode of any new file.
    probe = folder / ".mode"
    probe.touch()
    mode = probe.stat().st_mode & 0o777
    probe.unlink()
    for path in files:
        path.chmod(mode)
    # A rename may reach the disk before the content does. After a power cut the files would be empty.
    for path in (*files, *(path for path in folder.rglob("*") if path.is_dir()), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checksum(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode("utf-8", "surrogatepass")).hexdigest()
