"""Recall of each retriever and size of passage, on the shipped corpora and on a folder of register descriptions.

`--registers FOLDER` takes a folder whose documents/ holds Hjson as OpenTitan writes it (hw/ip/*/data/*.hjson). Questions about
its registers are made here, from the same files.
"""

import argparse
import random
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.records import Answer, Question, Section

RANKS = (1, 3, 5, 10)
ASKED = 60  # questions about registers


def shipped(corpus: str) -> tuple[Sequence[Section], Sequence[Question]]:
    """Read a shipped corpus."""
    from tests import given

    material = given.study(f"corpus={corpus}").material
    return material.sections, material.questions


def registers(folder: Path) -> tuple[Sequence[Section], Sequence[Question]]:
    """Read register descriptions, and make questions about them."""
    from runner.corpus.documents import ReadingRules, read_documents

    sections = read_documents(folder, ReadingRules(longest=1500, strict=False)).sections
    by_register = {(section.document, section.heading.split(" > ")[-1]): section.id for section in sections}
    asked = [*about_registers(folder / "documents", by_register)]
    random.Random(0).shuffle(asked)
    kinds: dict[str, list[Question]] = {}
    for question in asked:
        kinds.setdefault(question.category, []).append(question)
    return sections, [question for kind in kinds.values() for question in kind[: ASKED // len(kinds)]]


def about_registers(home: Path, sections: Mapping[tuple[str, str], str]) -> Iterator[Question]:
    """Yield three kinds of questions about each register."""
    import hjson

    for file in sorted(home.rglob("*.hjson")):
        content: Any = hjson.loads(file.read_text(encoding="utf-8"))
        block = str(content.get("human_name") or content.get("name"))
        entries = content.get("registers", [])
        # Some blocks have a list for each bus.
        for entry in entries if isinstance(entries, list) else [entry for bus in entries.values() for entry in bus]:
            entry = entry.get("multireg", entry)
            name = str(entry.get("name", ""))
            section = sections.get((file.relative_to(home).as_posix(), name))
            if section:
                yield from about_register(block, name, section, entry)


def about_register(block: str, name: str, section: str, entry: Mapping[str, Any]) -> Iterator[Question]:
    """Yield questions on bits, purpose and access of a field."""
    for field in entry.get("fields", []):
        own, bits = str(field.get("name", "")), str(field.get("bits", ""))
        said = re.split(r"(?<=[.:])\s", " ".join(str(field.get("desc", "")).split()))[0].rstrip(".:")
        if not own or not bits:
            continue
        yield asked(section, "bits", f"Which bits of {name} in the {block} hold {own}?", bits)
        # Its own name would make the question one of words alone.
        if 5 <= len(said.split()) <= 25 and own.lower() not in said.lower():
            yield asked(section, "purpose", f"Which field of the {block} has this purpose: {said[0].lower()}{said[1:]}?", own)
            yield asked(
                section, "register", f"In which register of the {block} does one find a field on this: {said.lower()}?", name
            )


def asked(section: str, kind: str, question: str, answer: str) -> Question:
    """Make a question about a section."""
    return Question(id=f"{section} {question}", question=question, answer=answer, category=kind, section=section)


def measure(sections: Sequence[Section], questions: Sequence[Question], sentences: int, tokens: int) -> None:
    """Print recall, answers held, and seconds of each retriever at one size of passage."""
    from runner.pipeline.passages_judged import held_answers, on_the_question
    from runner.pipeline.results import Output, Ranking, Retrieval
    from runner.retriever.dense import Dense
    from runner.retriever.hybrid import Hybrid
    from runner.retriever.index import VECTORS, read_passages
    from runner.retriever.lance_table import write_table
    from runner.retriever.lancedb import LanceDB
    from runner.retriever.lexical import Lexical

    asked = [question.question for question in questions]
    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.monotonic()
        Hybrid(passages=1, sentences=sentences, tokens=tokens).index(sections, folder)
        passages, indexed = read_passages(folder), time.monotonic() - began
        print(
            f"  {len(passages)} passages of {sentences} sentences (0: sections), {tokens} tokens at most; index {indexed:.0f} s"
        )
        # Of the same embeddings, since they take nearly all of the time.
        write_table([(passages, np.load(folder / VECTORS))], folder / "on-disk")
        for kind in (Lexical, Dense, Hybrid, LanceDB):
            began = time.monotonic()
            place = folder / "on-disk" if kind is LanceDB else folder
            ranked = kind(passages=1, sentences=sentences, tokens=tokens).search(asked, place, max(RANKS))
            seconds = time.monotonic() - began
            pairs = zip(asked, ranked, strict=True)
            rankings = [Ranking(question=question, passages=passages) for question, passages in pairs]
            found = on_the_question(questions, Retrieval(rankings=Output(value=rankings)))
            recall = [sum(any(hits[:rank]) for hits in found) / len(found) for rank in RANKS]
            held = []
            for rank in RANKS:
                answers = [
                    Answer(question=question.id, text="", passages=passages[:rank])
                    for question, passages in zip(questions, ranked, strict=True)
                ]
                held.append(sum(held_answers(questions, answers)) / len(answers))
            cells = "  ".join(" ".join(f"{100 * share:5.1f}" for share in shares) for shares in (recall, held))
            print(f"    {kind.__name__:8} {cells}  search {seconds:.1f} s", flush=True)


def padding(sections: Sequence[Section], questions: Sequence[Question]) -> None:
    """Print the tokens that batches compute as multiples of those of the texts: as before, and by length."""
    from runner.embedding.minilm import batches, encoder, token_ids
    from runner.local_models.network import batch_rows
    from runner.retriever.lexical import Lexical
    from runner.retriever.passages import searchable

    tokenizer, _ = encoder()
    retriever = Lexical(passages=3, sentences=0)
    lengths = [len(ids) for ids in token_ids([searchable(each) for each in retriever.cut(sections)], tokenizer, 512)]
    fixed = [range(at, min(at + 64, len(lengths))) for at in range(0, len(lengths), 64)]
    print(f"  tokens computed in search: {ratio(lengths, fixed):.2f} in order, {ratio(lengths, batches(lengths)):.2f} by length")
    # Lengths of prompts by the same tokenizer, since that of the student is not needed for a ratio.
    found = retriever.find([question.question for question in questions], sections)
    prompts = sorted(sum(len(ids) for ids in token_ids([each.text for each in passages], tokenizer)) for passages in found)
    at, parts = 0, list[range]()
    while at < len(prompts):
        rows = batch_rows([(length, 32) for length in prompts[at : at + 96]], None)
        parts.append(range(at, at + rows))
        at += rows
    whole = [range(start, min(start + 96, len(prompts))) for start in range(0, len(prompts), 96)]
    print(f"  tokens computed in answers: {ratio(prompts, whole):.2f} in 96 prompts, {ratio(prompts, parts):.2f} by padding")


def ratio(lengths: Sequence[int], parts: Iterable[Sequence[int]]) -> float:
    """Divide the tokens of padded batches by those of the texts."""
    return sum(len(part) * max(lengths[place] for place in part) for part in parts) / sum(lengths)


def main() -> None:
    """Print a table for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registers", type=Path)
    parser.add_argument("--corpora", default="quick,sports")
    parser.add_argument("--sizes", default="1/200,3/200,0/100,0/200", help="sentences/tokens, joined by commas")
    chosen = parser.parse_args()
    corpora = {name: shipped(name) for name in chosen.corpora.split(",") if name}
    if chosen.registers:
        corpora["registers"] = registers(chosen.registers)
    print(f"in %: questions with a passage of their section among the first {RANKS}, and with one that holds the answer")
    for name, (sections, questions) in corpora.items():
        print(f"{name}: {len(sections)} sections, {len(questions)} questions")
        padding(sections, questions)
        for size in filter(None, chosen.sizes.split(",")):
            sentences, tokens = map(int, size.split("/"))
            measure(sections, questions, sentences, tokens)


if __name__ == "__main__":
    main()
