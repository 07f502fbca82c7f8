"""CSV and TSV: a file in, its table out."""

import csv
import io
from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.sheet import sheet
from runner.errors import Fault

DELIMITERS = ",;\t|"  # spreadsheets write the second in many countries


def read(file: Path, home: Path) -> Document:
    """Read a table whose values are separated by a character.

    Formulas stay text. Raise a Fault if the file can't be read.
    """
    text = limited_text(file)
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = "\t" if file.suffix.lower() == ".tsv" else max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Fault(f"{file} can't be read as a table: {error}. Correct it, or leave it out") from error
    return Document(markdown="\n".join(sheet(rows)), places=((0, "line 1"),))
