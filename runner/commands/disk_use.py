"""A command line in, its store's disk use printed."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from runner.commands.command_settings import command_settings
from runner.data.local_folder import is_address
from runner.store.choose import open_store
from runner.store.disk_use import DRAFTS, disk_use, use_of


def show_disk_use(words: Sequence[str]) -> None:
    """Print a store's disk use by stage."""
    from rich.filesize import decimal
    from rich.table import Table

    from runner.terminal.plain_text import PlainConsole

    with command_settings(words) as config:
        folder = config.store if is_address(config.store) else Path(config.store).expanduser().resolve()
    uses = use_of(open_store(folder).items()) if isinstance(folder, str) else disk_use(folder)
    console = PlainConsole(soft_wrap=True)
    if not uses:
        console.print(f"the store {folder} is empty")
        return
    table = Table(title=f"Disk use of the store {folder}", title_justify="left")
    for name in ("stage", "outputs", "size", "newest"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for use in uses:
        table.add_row(use.part, f"{use.outputs:,}", decimal(use.bytes), f"{datetime.fromtimestamp(use.newest):%Y-%m-%d %H:%M}")
    table.add_section()
    table.add_row("all", f"{sum(use.outputs for use in uses):,}", decimal(sum(use.bytes for use in uses)), "")
    console.print(table)
    if any(use.part == DRAFTS for use in uses):
        console.print("drafts: of commands at work or stopped. The next run removes those of stopped commands")
    console.print(
        "run.py --gc 30d shows what no tracked run refers to and is older. A stage that was removed is made again when needed"
    )
