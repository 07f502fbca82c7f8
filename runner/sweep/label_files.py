"""Studies in, their labels printed and written out."""

from collections.abc import Sequence

from runner.config.study import Study
from runner.pipeline.label_files import folder_of, write_label_files
from runner.pipeline.label_only import labelled, summary
from runner.pipeline.store_executor import StoreExecutor
from runner.terminal.plain_text import plain


def write_folders(studies: Sequence[Study], several: bool) -> None:
    """Write labels where a study names a folder."""
    for study in studies:
        if folder := folder_of(study, several):
            # All of them are kept by now, so nobody is asked.
            made = labelled(study, StoreExecutor(study))
            write_label_files(study, made.labelling.value, made.labels, folder)
            print(plain(f"Labels:    {folder.resolve()}"))


def show(studies: Sequence[Study], run: str) -> None:
    """Print what was labelled, and where to look further."""
    for study in studies:
        print("\n".join(map(plain, summary(study))))
    print(studies[0].tracker.place(run))
