"""A folder of files in, its manifest written or checked.

A manifest says what a folder was made of, and has the size and the SHA-256 of each file. It is written last, so that a folder
with a manifest is complete.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.data.atomic_write import publish, settle
from runner.data.records import canonical
from runner.data.weights import damaged_weights

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
    settle(folder)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MANIFEST]
    marks = {path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _sha256(path)} for path in files}
    # "made_of" is the former word for inputs. It stays, so that older stores are found again.
    content = {"seconds": seconds, "made_of": _plain(inputs), "files": marks}
    publish(folder / MANIFEST, json.dumps({**content, "sha256": _checksum(content)}, indent=1), lasting=True)


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest.

    Raise DamagedFolderError if it is missing, unreadable or changed.
    """
    # A device or a pipe in its place would be read for ever.
    if (folder / MANIFEST).exists() and not (folder / MANIFEST).is_file():
        raise DamagedFolderError(f"{MANIFEST} is no file")
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


def same_inputs(inputs: Any, manifest: Manifest) -> bool:
    """Return true if a folder was made of these inputs."""
    # As JSON, since a manifest holds no other form of them.
    return canonical(_plain(inputs)) == canonical(manifest.inputs)


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
    """Raise DamagedFolderError if weights can't be read.

    This is for folders without checksums.
    """
    if reason := damaged_weights(folder.rglob("*.safetensors")):
        raise DamagedFolderError(reason)


def _written_after(file: Path, manifest: Path) -> bool:
    # ctime changes with every write, also where a program sets mtime back. A rename of the folder does not change it.
    return file.stat().st_ctime_ns >= manifest.stat().st_ctime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checksum(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(inputs: Any) -> Any:
    """Return what is hashed as plain JSON values."""
    return json.loads(canonical(inputs))
