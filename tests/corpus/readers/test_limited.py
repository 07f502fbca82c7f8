"""Files that a parser could not hold are refused by their size."""

import pytest

from runner.corpus.readers.choose import read_document
from runner.corpus.readers.limited import LARGEST
from runner.errors import Fault


@pytest.mark.parametrize("suffix", ["sv", "v", "vhd", "h", "py", "csv", "xml", "hjson"])
def test_a_huge_file_is_a_fault_that_says_what_to_do(tmp_path, suffix):
    file = tmp_path / f"netlist.{suffix}"
    with file.open("wb") as content:
        content.truncate(LARGEST + 1)  # a file with a hole takes no space
    with pytest.raises(Fault, match=rf"netlist\.{suffix} has 33,554,433 bytes.*Split it, or leave it out"):
        read_document(file, tmp_path)
