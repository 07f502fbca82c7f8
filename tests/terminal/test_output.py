"""A reader of the output that has enough, such as head, ends no work and sees no traceback; nor does a closed stream."""

import os
import subprocess
import sys
from pathlib import Path

TABLE = """
import sys
from pathlib import Path
from runner.terminal.exits import exit_codes
from runner.terminal.plain_text import PlainConsole
with exit_codes():
    PlainConsole().print("table")
    print("Report: report.html")
    Path(sys.argv[1]).touch()
"""
PLAIN = "from runner.terminal.exits import exit_codes\nwith exit_codes():\n    print('line', flush=True)"
AT_THE_END = "from runner.terminal.exits import exit_codes\nwith exit_codes():\n    print('line')"
ANOTHER = """
import errno
from runner.terminal.exits import exit_codes
with exit_codes():
    raise BrokenPipeError(errno.EPIPE, "of a server")
"""


def unread(program: str, *words: str) -> tuple[int, str]:
    """Run a program whose output nobody reads; return its code and its messages."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-c", program, *words]
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writer)
    return done.returncode, done.stderr


def test_what_follows_a_table_is_done_though_nobody_reads_it(tmp_path: Path) -> None:
    assert unread(TABLE, str(tmp_path / "report")) == (0, "")
    assert (tmp_path / "report").exists()


def test_a_list_that_nobody_reads_ends_as_a_shell_expects() -> None:
    assert unread(PLAIN) == unread(AT_THE_END) == (141, "")


def test_a_pipe_that_is_not_the_output_keeps_its_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", ANOTHER], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "BrokenPipeError: [Errno 32] of a server")


def test_what_is_printed_to_a_closed_stream_lands_in_no_file(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom runner.terminal.output import prepare_streams\nprepare_streams()\n"
        "file = Path(sys.argv[1]).open('wb')\nos.write(1, b'from C')\nos.write(2, b'from C')\nprint('line')\nsys.stderr.flush()"
    )
    shell = [sys.executable, "-c", program, str(tmp_path / "file")]
    done = subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *shell], check=False)
    assert (done.returncode, (tmp_path / "file").read_bytes()) == (0, b"")


def test_a_text_that_the_encoding_of_the_output_lacks_is_printed_all_the_same() -> None:
    program = "from runner.terminal.output import prepare_streams\nprepare_streams()\nprint('\\u22129.1')"
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=surroundings)
    assert (done.stdout, done.stderr) == ("\\u22129.1\n", "")
