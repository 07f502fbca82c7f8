"""What others wrote acts on no terminal when it is printed."""

import logging
import logging.config
from io import StringIO

import pytest
import yaml
from rich.console import Console
from rich.table import Table

from runner.config.messages import CONF
from runner.terminal.plain_text import PlainConsole, plain

ACTS = "a\x1b[2Jb\x07c\rd\x9be\u202ef\u2066g\x7fh\ud800i"
CLEAN = "a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg\ufffdh\ufffdi"


def test_what_acts_on_a_terminal_is_replaced_and_other_text_is_kept() -> None:
    assert plain(ACTS) == CLEAN
    kept = "lines\n\tand tabs, é, 漢字, ‘quotes’, 👩\u200d🔬, نیم\u200cفاصله"
    assert plain(kept) == kept


@pytest.mark.parametrize("group", ["job_logging", "hydra_logging"])
def test_a_log_line_and_its_traceback_act_on_no_terminal(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = yaml.safe_load((CONF / "hydra" / group / "runner.yaml").read_text())
    formatter = logging.config.DictConfigurator({}).configure_formatter(shipped["formatters"]["plain"])
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    log = logging.Logger("somebody's")
    log.addHandler(handler)
    try:
        raise ValueError(ACTS)
    except ValueError:
        log.exception("the server says %s:\n\tstop", ACTS)
    printed = capsys.readouterr().err
    assert printed.startswith(f"the server says {CLEAN}:\n\tstop\nTraceback")
    assert printed.endswith(f"ValueError: {CLEAN}\n")


def test_what_a_sweep_logs_before_its_jobs_is_as_plain_as_what_they_log() -> None:
    jobs, sweep = (
        yaml.safe_load((CONF / "hydra" / group / "runner.yaml").read_text()) for group in ("job_logging", "hydra_logging")
    )
    assert sweep["loggers"] == jobs["loggers"]


def test_a_table_and_a_line_act_on_no_terminal_and_styles_do() -> None:
    table = Table()
    table.add_column(ACTS)
    table.add_row(ACTS)
    console = PlainConsole(file=StringIO(), width=80)
    console.print(table)
    console.print(ACTS, markup=False)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert printed.count(CLEAN) == 3
    assert plain(printed) == printed
    coloured: Console = PlainConsole(file=StringIO(), force_terminal=True, color_system="standard")
    coloured.print("one", style="bold")
    assert "\x1b[1mone" in coloured.file.getvalue()  # type: ignore[attr-defined]
