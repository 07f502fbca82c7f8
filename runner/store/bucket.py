"""Objects under an address that fsspec knows: names in, content out.

An object that must be written once is created: of several writers one is told that it was the first.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from runner.errors import Fault

SCHEMES = ("s3", "gs", "az")  # the extra that installs what reads one has its name
# When an object was written, as the file systems of fsspec call it.
TIMES = ("LastModified", "last_modified", "mtime", "updated", "created")
ATTEMPTS = 3  # to find out which of two writers was first


class Bucket:
    """A folder of objects.

    Every method raises a Fault where the service can't be used.
    """

    def __init__(self, address: str) -> None:
        """Use `address`, such as s3://bucket/prefix; nothing is asked yet."""
        self.address = address.rstrip("/")
        scheme = address.partition("://")[0]
        try:
            from fsspec.core import url_to_fs

            # Listings change under our feet: others write too.
            self._files, root = url_to_fs(self.address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            # fsspec says ValueError for a scheme that it does not know.
            install = f"Install it: pip install 'experiment-runner[{scheme}]'"
            way = install if scheme in SCHEMES else f"Expected one of {', '.join(SCHEMES)}"
            raise Fault(f"store={address}: what reads {scheme}:// is missing ({error}). {way}") from error
        self._root = str(root).rstrip("/")

    def check(self) -> None:
        """Write, read and remove an object."""
        probe = f"probes/{time.time_ns()}"
        self.write(probe, b"x" * 16)
        if self.read(probe) != b"x" * 16:
            raise Fault(f"store={self.address}: an object that was just written can't be read. Name another store: store=PATH")
        self.remove([probe])

    def create(self, name: str, content: bytes) -> bool:
        """Write an object; False if there was one.

        `content` differs from that of every other writer.
        """
        for _ in range(ATTEMPTS):
            with self._faults():
                try:
                    self._files.pipe_file(self._path(name), content, mode="create")
                    return True
                except FileExistsError:
                    pass
                except (PermissionError, FileNotFoundError):
                    raise
                except OSError:
                    # Two writers at once: S3 refuses both at times with a conflict, and says so in other ways.
                    if not self._files.exists(self._path(name)):
                        time.sleep(0.2)
                        continue
            # The answer to a first request may have been lost, and a second one was sent: then the object is our own.
            if (present := self.read(name)) is not None:
                return present == content
        raise Fault(f"store={self.address}: the object {name} can't be created. Look at the rights on it, or name another store")

    def write(self, name: str, content: bytes) -> None:
        """Write an object, also over an older one."""
        with self._faults():
            self._files.pipe_file(self._path(name), content)

    def read(self, name: str) -> bytes | None:
        """Return the content of an object; None if there is none."""
        with self._faults():
            try:
                return bytes(self._files.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def read_each(self, names: Sequence[str]) -> dict[str, bytes]:
        """Return the content of those that are there."""
        if not names:
            return {}
        paths = {self._path(name): name for name in names}
        with self._faults():
            contents = self._files.cat(list(paths), on_error="return")
            # A dict by path, but for one path alone.
            contents = contents if isinstance(contents, dict) else {next(iter(paths)): contents}
            for content in contents.values():
                if isinstance(content, Exception) and not isinstance(content, FileNotFoundError):
                    raise content
        return {paths[path]: bytes(content) for path, content in contents.items() if not isinstance(content, Exception)}

    def upload(self, files: Mapping[str, Path]) -> None:
        """Write files as objects."""
        with self._faults():
            for name, file in files.items():
                self._files.put_file(str(file), self._path(name))

    def download(self, files: Mapping[str, Path]) -> list[str]:
        """Write objects as files; return the names of missing ones."""
        missing = []
        with self._faults():
            for name, file in files.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                try:
                    self._files.get_file(self._path(name), str(file))
                except FileNotFoundError:
                    missing.append(name)
        return missing

    def list(self, folder: str) -> dict[str, tuple[int, float]]:
        """Return bytes and time of each object in a folder."""
        with self._faults():
            states: Mapping[str, Mapping[str, Any]] = self._files.find(self._path(folder), detail=True)
        start = len(self._path("x")) - 1
        # Of an empty folder s3fs gives the folder itself, if somebody writes into it at this moment.
        return {
            path[start:]: (int(state.get("size") or 0), _seconds(state))
            for path, state in states.items()
            if state.get("type") == "file"
        }

    def remove(self, names: Sequence[str]) -> None:
        """Remove objects, if they are there."""
        with self._faults():
            for name in names:
                try:
                    self._files.rm_file(self._path(name))
                except FileNotFoundError:
                    continue

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn the errors of a service into Faults."""
        try:
            yield
        except Fault:
            raise
        except FileNotFoundError as error:
            raise Fault(
                f"store={self.address}: there is no such bucket ({_line(error)}). Make it, or name another store"
            ) from error
        except PermissionError as error:
            raise Fault(
                f"store={self.address}: access is denied ({_line(error)}). Look at the credentials in the environment, and at "
                "what they may do: read, write, list and delete"
            ) from error
        except Exception as error:  # each service has errors of its own, such as for a network that is down
            raise Fault(
                f"store={self.address} can't be used: {type(error).__name__}: {_line(error)}. Look at the address, the network "
                "and the credentials in the environment. Finished work is kept, and the same command goes on"
            ) from error


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300]


def _seconds(state: Mapping[str, Any]) -> float:
    """Return the time of an object since the epoch."""
    moment = next((state[name] for name in TIMES if state.get(name)), 0)
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.timestamp() if isinstance(moment, datetime) else float(moment)
