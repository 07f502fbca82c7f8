"""Classes and functions of Python are sections, and nothing is run."""

import re
from pathlib import PurePosixPath

import pytest

from runner.corpus.readers.python_source import read
from runner.corpus.sectioning import sections
from runner.errors import Fault

SOURCE = '''# Copyright Ada Ltd.
"""Serial ports."""

import sys

sys.exit("this was run")


@final
class Uart(Port):
    """A serial port."""

    baud = 115200

    def send(self, byte: int, *, wait: bool = True) -> None:
        """Send a byte.

        It waits while the FIFO is full.
        """
        self.fifo.push(byte)


def main():
    print("# no heading")
'''


def test_every_class_and_function_is_a_section(tmp_path):
    (tmp_path / "uart.py").write_text(SOURCE)
    document = read(tmp_path / "uart.py", tmp_path)
    made = {section.heading: section.text for section in sections(PurePosixPath("uart.py"), document, 1500).sections}
    assert list(made) == ["module uart", "class Uart", "class Uart > method send", "function main"]
    assert "baud = 115200" in made["class Uart"]
    assert "self.fifo.push(byte)" in made["class Uart > method send"]
    assert [text for _, text in document.facts] == [
        "The module uart: Serial ports.",
        "The class Uart of the module uart extends Port.",
        "The class Uart of the module uart: A serial port.",
        "The method send of the class Uart has the signature send(self, byte: int, *, wait: bool=True) -> None.",
        "The method send of the class Uart: Send a byte.",
        "The function main of the module uart has the signature main().",
    ]


@pytest.mark.parametrize(
    ("text", "reason"), [("print 1", "line 1: "), ("(" * 5000 + ")" * 5000, "line 1: too many|nested too deep")]
)
def test_a_file_that_is_no_python_is_kept_as_text_with_a_note(tmp_path, text, reason):
    (tmp_path / "a.py").write_text(text)
    document = read(tmp_path / "a.py", tmp_path)
    assert text in document.markdown
    assert not document.facts
    (note,) = document.notes
    assert re.match(rf"a\.py is read as text without facts, since it is not Python 3\.\d+: ({reason})", note)


def test_a_binary_file_is_a_fault_that_names_it(tmp_path):
    (tmp_path / "a.py").write_bytes(b"import a\0")
    with pytest.raises(Fault, match=r"a\.py: byte 8 is NUL"):
        read(tmp_path / "a.py", tmp_path)
