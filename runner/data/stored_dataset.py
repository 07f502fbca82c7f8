"""Data sets that the library `datasets` reads: a place in, rows out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from runner.errors import Fault

if TYPE_CHECKING:
    from datasets import Dataset

# The library's name of each kind of file.
KINDS = {".parquet": "parquet", ".jsonl": "json", ".json": "json", ".csv": "csv", ".arrow": "arrow", ".txt": "text"}
# The place of a row (path:number), and a function that gives its fields or raises a Fault.
PlacedFields: TypeAlias = tuple[str, Callable[[], dict[str, Any]]]
SAVED = ("state.json", "dataset_dict.json")  # in a folder of `save_to_disk`
INFO = "dataset_info.json"  # there too


@dataclass(frozen=True, kw_only=True)
class DatasetPlace:
    """The place of a data set: at the hub, or here."""

    path: str  # a folder or file here, else the name at the hub
    config: str | None = None
    split: str | None = None  # None takes the only one
    revision: str | None = None  # at the hub

    def __str__(self) -> str:
        """Return a name for messages."""
        return self.path + (f" ({self.config})" if self.config else "") + (f" [{self.split}]" if self.split else "")


def is_dataset(folder: Path) -> bool:
    """Return True if a folder holds Parquet or Arrow files."""
    return folder.is_dir() and any(file.suffix in {".parquet", ".arrow"} for file in folder.rglob("*"))


def load(place: DatasetPlace, cache: Path | None = None) -> "Dataset":
    """Load a data set; nothing of it is run.

    The library keeps what it loads in `cache`, if None where it always does. Raise a Fault if there is no such data set.
    """
    # Imported here, since it takes a second.
    from datasets import Dataset, disable_progress_bars, logging
    from datasets.exceptions import DatasetsError
    from pyarrow import ArrowException

    disable_progress_bars()
    verbosity = logging.get_verbosity()
    logging.set_verbosity(logging.CRITICAL)  # the library would log what the Fault says
    try:
        loaded = _loaded(place, str(cache) if cache else None)
    # The library has no error of its own for most of what can be wrong.
    except (OSError, ValueError, TypeError, RuntimeError, LookupError, StopIteration, DatasetsError, ArrowException) as error:
        if _is_empty(Path(place.path).expanduser()):
            raise Fault(f"{place}: the data set holds no row. Expected a document, question or label in each row") from error
        raise Fault(
            f"{place}: not loaded as a data set: {error}. Expected a folder of save_to_disk, a folder or file of Parquet, JSON "
            "lines, CSV or text, or a name at the hub"
        ) from error
    finally:
        logging.set_verbosity(verbosity)
    if isinstance(loaded, Dataset):
        return loaded
    splits = {str(name): split for name, split in loaded.items()}
    wanted = place.split or next(iter(splits), "")
    if wanted not in splits or (not place.split and len(splits) > 1):
        raise Fault(f"{place}: its splits are {', '.join(splits)}. Expected one of them by name")
    return splits[wanted]


def file_stamps(place: DatasetPlace) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of each local file.

    A data set at the hub has none.
    """
    local = Path(place.path).expanduser()
    files = sorted(local.rglob("*")) if local.is_dir() else [local]
    return tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file())


def dataset_rows(path: Path) -> Iterator[PlacedFields]:
    """Yield the rows of a folder or file, by config."""
    # A table of questions is short: nothing of it stays behind.
    with TemporaryDirectory() as cache:
        for config in _configs(path):
            place = DatasetPlace(path=str(path), config=config)
            for number, row in enumerate(load(place, Path(cache)), 1):
                yield f"{place}:{number}", partial(dict, row)


def _configs(path: Path) -> list[str | None]:
    """Return the configs that a folder's card names; None alone is its only one."""
    from datasets import get_dataset_config_names

    # Only with a card: a folder without one has the only config.
    named = path.is_dir() and (path / "README.md").is_file() and not any((path / name).is_file() for name in SAVED)
    names = get_dataset_config_names(str(path)) if named else []
    return [*names] if len(names) > 1 else [None]


def named_columns(dataset: "Dataset", place: object, columns: Mapping[str, str | None], setting: str) -> Iterator[dict[str, Any]]:
    """Yield each row with the names of our own.

    `columns` has a column for each name; None is left out. Raise a Fault that lists the columns if one is not there.
    """
    named = {name: column for name, column in columns.items() if column}
    for name, column in named.items():
        if column not in dataset.column_names:
            existing = ", ".join(dataset.column_names)
            raise Fault(f"{setting}.{name}={column}: {place} has no such column. Its columns are {existing}")
    for row in dataset.select_columns([*dict.fromkeys(named.values())]):
        yield {name: row[column] for name, column in named.items()}


def _is_empty(local: Path) -> bool:
    """Return True for files without a row."""
    from pyarrow import ArrowException, ipc, parquet

    def rows(file: Path) -> int:
        if file.suffix == ".arrow":
            return len(ipc.open_stream(file.read_bytes()).read_all())
        return parquet.read_metadata(file).num_rows if file.suffix == ".parquet" else file.stat().st_size

    files = sorted(local.rglob("*")) if local.is_dir() else [local]
    data = [file for file in files if file.suffix in KINDS and file.name not in {*SAVED, INFO} and file.is_file()]
    try:
        return (bool(data) or any((local / name).is_file() for name in SAVED)) and not any(map(rows, data))
    except (OSError, ArrowException):  # a damaged file
        return False


def _loaded(place: DatasetPlace, cache: str | None) -> Any:
    from datasets import load_dataset, load_from_disk

    local = Path(place.path).expanduser()
    if not local.exists() and place.path.startswith(("/", ".", "~")):
        raise FileNotFoundError("no such folder or file")
    if any((local / name).is_file() for name in SAVED):
        return load_from_disk(str(local))
    if local.is_file():
        kind = KINDS.get(local.suffix.lower())
        if kind is None:
            raise ValueError(f"files ending in {local.suffix or local.name} are not read")
        return load_dataset(kind, data_files=str(local), cache_dir=cache)
    path = str(local) if local.exists() else place.path
    return load_dataset(
        path, place.config, split=place.split, revision=None if local.exists() else place.revision, cache_dir=cache
    )
