"""Tables of text are read whatever separates their values."""

import pytest

from runner.corpus.readers.delimited import read
from runner.errors import Fault


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.tsv", "\t")])
def test_the_separator_is_found(tmp_path, name, mark):
    text = '\ufeffPin,Note\r\nTX,"two, or\r\nthree"\r\nRX,=1+1\r\n'.replace("Pin,", f"Pin{mark}").replace("X,", f"X{mark}")
    (tmp_path / name).write_text(text, newline="")
    assert read(tmp_path / name, tmp_path).markdown.split("\n")[2:] == ["| TX | two, or three |", "| RX | =1+1 |"]


def test_a_cell_of_a_megabyte_is_a_fault(tmp_path):
    (tmp_path / "a.csv").write_text('a,"' + "b" * 1_000_000)
    with pytest.raises(Fault, match=r"a\.csv can't be read as a table: field larger.*leave it out"):
        read(tmp_path / "a.csv", tmp_path)
