"""Tables of LaTeX keep every cell, whatever stands in it and whatever kinds of columns they have."""

import re

import pytest

from runner.corpus.readers.latex_tables import plain_tables
from runner.corpus.readers.pandoc import read


def rows(tmp_path, body):
    """Read the rows of a table, without the line of dashes."""
    file = tmp_path / "a.tex"
    file.write_text(f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\nafter\n\\end{{document}}\n")
    markdown = read(file, tmp_path).markdown
    assert "after" in markdown
    return [re.sub(" +", " ", line).strip("| ") for line in markdown.split("\n") if line.startswith("| ")]


# Cells of one table, since each start of pandoc takes time. Each is followed by the cell "next".
CELLS = [
    (r"\begin{minipage}[t]{\linewidth}\raggedright one\\ two\end{minipage}", "one two"),
    (r"\begin{minipage}{3cm}\begin{itemize}\item one\\ two\item three\end{itemize}\end{minipage}", "one two; three"),
    (r"\makecell[tl]{one\\two}", "one two"),
    (r"\shortstack{one\\two}", "one two"),
    (r"{one\\[2pt] two}", "one two"),
    (r"\multirow[t]{1}{*}{\makecell{one\\two}}", "one two"),
    (r"\begin{tabular}{l}one\\two\end{tabular}", "one; two"),
    (r"\rotatebox[origin=c]{90}{one}", "one"),
    (r"\fbox{one}", "one"),
    (r"\{one % }", r"{one"),
    (r"\href{http://a/b%20c}{one}", "one"),
]


def test_a_cell_of_several_lines_stays_one_cell(tmp_path):
    lines = "\n".join(f"{source}\n& next \\\\" for source, _ in CELLS)
    read_rows = rows(tmp_path, f"\\begin{{tabular}}{{p{{3cm}}l}}\nName & Reset \\\\ \\hline\n{lines}\n\\end{{tabular}}")
    assert read_rows == ["Name | Reset", *(f"{text} | next" for _, text in CELLS)]


@pytest.mark.parametrize(
    "table",
    [
        r"\newcolumntype{L}[1]{>{\raggedright}p{#1}}\begin{tabular}{|L{3cm}|L{2cm}|}ROWS\end{tabular}",
        r"\resizebox{\textwidth}{!}{\begin{tabular}[t]{@{}S[table-format=1.2]*{1}{c}@{}}ROWS\end{tabular}}",
        r"\begin{tabulary}{5cm}{LL}ROWS\end{tabulary}",
        r"\begin{longtable}{ll}a & b\\ \endfirsthead a & b\\ \endhead more & \\ \endfoot c & d\\ \end{longtable}",
    ],
)
def test_a_table_of_unknown_columns_is_a_table(tmp_path, table):
    assert rows(tmp_path, table.replace("ROWS", r"a & b\\ c & d\\"))[-2:] == ["a | b", "c | d"]


def test_lines_outside_of_tables_stay():
    source = (
        r"\begin{minipage}{3cm}one\\two\end{minipage} {three\\four} \verb|\begin{tabular}| $\{\begin{array}{l}a\\b\end{array}$"
    )
    assert plain_tables(source).endswith(source)
