"""Graders beside people's grades: errors, kappa, wrong answers passed and right ones refused, by kind and length, printed.

`--answers FOLDER` adds the 24,788 answers of EVOUNA (github.com/wangcunxiang/QA-Eval), whose NQ.json and TQ.json are in the
folder. `--ablate` grades without each rule. An older `match` is measured by PYTHONPATH=<its checkout>.
"""

import argparse
import json
import re
import string
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

import yaml
from sklearn.metrics import cohen_kappa_score

from runner.config.places import CONF
from runner.data.records import Answer, Question
from runner.grader.match import Match
from tests.given import Scripted

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "grader" / "pairs.jsonl"
SYSTEMS = ("fid", "gpt35", "chatgpt", "gpt4", "newbing")  # whose answers EVOUNA has
LENGTHS = ((1, 3), (4, 12), (13, 30), (31, 60), (61, 10**6))  # words
SHORT = 12
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Graded:
    """An answer that a person graded."""

    question: str
    references: tuple[str, ...]
    answer: str
    right: bool
    kind: str = ""
    held: bool = False

    @property
    def words(self) -> int:
        """Count the words of the answer."""
        return len(self.answer.split())


Grade = Callable[[Sequence[Graded]], list[bool]]


def written() -> list[Graded]:
    """Read the development set."""
    rows = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    names = ("question", "answer", "right", "kind", "held")
    return [Graded(references=tuple(row["references"]), **{name: row[name] for name in names}) for row in rows]


def public(folder: Path) -> list[Graded]:
    """Read EVOUNA without the questions that its authors call improper."""
    return [
        Graded(row["question"], tuple(row["golden_answer"].split("/")), row[f"answer_{system}"], row[f"judge_{system}"], name)
        for name in ("NQ", "TQ")
        for row in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for system in SYSTEMS
        if not row["improper"] and row.get(f"answer_{system}") is not None and row.get(f"judge_{system}") is not None
    ]


def match(rows: Sequence[Graded]) -> list[bool]:
    """Grade by our rules."""
    words = yaml.safe_load((CONF / "grader" / "match.yaml").read_text(encoding="utf-8"))["words"]
    questions = [
        Question(id=str(place), question=row.question, answer=row.references[0], aliases=row.references[1:], category="")
        for place, row in enumerate(rows)
    ]
    answers = [Answer(question=str(place), text=row.answer) for place, row in enumerate(rows)]
    return [bool(grade.passed) for grade in Match(words=words).grade(questions, answers, Scripted(str))]


def squad(text: str) -> str:
    """Normalise as SQuAD's evaluation does (evaluate-v1.1.py)."""
    plain = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", plain).split())


def f1(answer: str, reference: str) -> float:
    """Return the F1 of the words of two normalised texts."""
    common = sum((Counter(answer.split()) & Counter(reference.split())).values())
    return 2 * common / (len(answer.split()) + len(reference.split())) if common else 0.0


def stripped(text: str) -> str:
    """Strip as inspect_ai's match does (scorer/_common.py): spaces, case and punctuation at the ends."""
    return text.strip().casefold().strip(string.whitespace + string.punctuation)


def ignoring(text: str) -> str:
    """Reduce a text as lm-eval's exact_match does in nq_open: without articles, case and punctuation."""
    text = re.sub(r"\b(?:The |the |An |A |The |a |an )", "", text)
    return text.lower().translate(str.maketrans("", "", string.punctuation)).strip()


def by(compare: Callable[[str, str], bool], reduce: Callable[[str], str]) -> Grade:
    """Return a grader that compares reduced answers with each reduced reference."""

    reduced = cache(reduce)

    def grade(rows: Sequence[Graded]) -> list[bool]:
        return [any(compare(reduced(row.answer), reduced(reference)) for reference in row.references) for row in rows]

    return grade


GRADERS: dict[str, Grade] = {
    "match": match,
    "containment (SQuAD)": by(lambda answer, reference: reference in answer, squad),
    "EM (SQuAD)": by(str.__eq__, squad),
    "F1 >= 0.5 (SQuAD)": by(lambda answer, reference: f1(answer, reference) >= 0.5, squad),
    "includes (inspect)": by(lambda answer, reference: reference in answer, str.casefold),
    "match (inspect)": by(str.endswith, stripped),
    "exact_match (lm-eval)": by(str.__eq__, ignoring),
}


def line(name: str, rows: Sequence[Graded], grades: Sequence[bool]) -> str:
    """Write the measures of some grades in a line."""
    right = [row.right for row in rows]
    wrong_passed = sum(grade and not row.right for row, grade in zip(rows, grades, strict=True))
    right_refused = sum(row.right and not grade for row, grade in zip(rows, grades, strict=True))
    error, lead = (wrong_passed + right_refused) / len(rows), (sum(grades) - sum(right)) / len(rows)
    kappa = cohen_kappa_score(right, grades) if len({*right, *grades}) > 1 else 1.0
    return f"{name:<24}{len(rows):>7}{error:>9.1%}{kappa:>8.3f}{wrong_passed:>9}{right_refused:>9}{100 * lead:>+9.1f}"


def parts(rows: Sequence[Graded]) -> Iterator[tuple[str, list[int]]]:
    """Yield the kinds and lengths of answers, with their places."""
    for kind in sorted({row.kind for row in rows}):
        yield kind, [place for place, row in enumerate(rows) if row.kind == kind]
    for low, high in LENGTHS:
        name = f"{low} to {high} words" if high < 10**6 else f"{low} words and more"
        yield name, [place for place, row in enumerate(rows) if low <= row.words <= high]


def report(title: str, rows: Sequence[Graded]) -> None:
    """Print every grader on some answers, and `match` on their parts."""
    print(f"\n{title}\n{'':<24}{'answers':>7}{'errors':>9}{'kappa':>8}{'passed':>9}{'refused':>9}{'lead':>9}")
    for name, grade in GRADERS.items():
        print(line(name, rows, grade(rows)), flush=True)
    grades = match(rows)
    print("match on parts")
    for name, places in parts(rows):
        if places:
            print(line(name, [rows[place] for place in places], [grades[place] for place in places]))


def ablate(rows: Sequence[Graded]) -> None:
    """Print what each rule gains and costs: the grades with it beside those without it."""
    from runner.grader import claims, denial, find, references
    from runner.grader import match as module

    rules: dict[str, tuple[object, str, object]] = {
        "denied before": (denial, "_DENIED", NEVER),
        "excepted": (denial, "_EXCEPT", NEVER),
        "denied after": (denial, "_IS_NOT", NEVER),
        "called wrong": (denial, "_IS_WRONG", NEVER),
        "doubted": (denial, "_UNKNOWN", NEVER),
        "or before": (denial, "_OR_BEFORE", NEVER),
        "or after": (denial, "_OR_AFTER", NEVER),
        "only lists": (module, "only_lists", lambda *_: False),
        "repeats the choice": (module, "repeats_choice", lambda *_: False),
        "items of a list": (module, "items", lambda *_: ()),
        "yes/no": (module, "asks_yes_or_no", lambda *_: False),
        "another count": (claims.Answered, "_counts_another", lambda *_: False),
        "another date": (claims.Answered, "_dated_otherwise", lambda *_: False),
        "middle names": (claims, "named", lambda *_: []),
        "last names": (claims, "surname", lambda *_: []),
        "words in any order": (claims, "scattered", lambda *_: []),
        "written as one": (find, "_in_one_word", lambda *_: []),
        "footnotes": (find, "_FOOTNOTE", NEVER),
        "forms of words": (find, "stem", lambda word: word),
        "plurals of names": (find, "singular", lambda word: word),
        "brackets": (references, "_BRACKET", NEVER),
        "the question's words": (references, "_ends", lambda *_: False),
        "counted nouns": (references, "_nouns", lambda *_: False),
    }
    print(
        f"\n{'without the rule':<24}{'right +':>9}{'right -':>9}{'wrong +':>9}{'wrong -':>9}   passed more or less than with it"
    )
    full = match(rows)
    for name, (owner, attribute, neutral) in rules.items():
        references.forms.cache_clear()
        with patch.object(owner, attribute, neutral):
            without = match(rows)
        changes = Counter((row.right, after) for row, before, after in zip(rows, full, without, strict=True) if before != after)
        counts = [changes[True, True], changes[True, False], changes[False, True], changes[False, False]]
        print(f"{name:<24}" + "".join(f"{count:>9}" for count in counts), flush=True)
    references.forms.cache_clear()


def main() -> None:
    """Measure the graders on the development set, and on EVOUNA if it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, help="folder with EVOUNA's NQ.json and TQ.json")
    parser.add_argument("--ablate", action="store_true", help="grade without each rule")
    options = parser.parse_args()
    pairs = written()
    report("Development set: two thirds for which rules were made", [pair for pair in pairs if not pair.held])
    report("Development set: the third that was held back", [pair for pair in pairs if pair.held])
    sets = {"development set": pairs}
    if options.answers:
        sets["EVOUNA"] = answers = public(options.answers)
        report("EVOUNA", answers)
        report(f"EVOUNA, answers of up to {SHORT} words", [row for row in answers if row.words <= SHORT])
        began = time.monotonic()
        match(answers)
        print(f"\nmatch graded {len(answers)} answers in {time.monotonic() - began:.0f} s")
    for name, rows in sets.items() if options.ablate else ():
        print(f"\n{name}")
        ablate(rows)


if __name__ == "__main__":
    main()
