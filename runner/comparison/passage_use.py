"""Compare tuned arms that read passages with RAG.

A tuned arm with retrieval and RAG read the same passages in the same prompt. They differ in the training alone.
"""

from collections.abc import Iterator, Sequence

from runner.comparison import Advice, Arm, Comparison
from runner.comparison.chosen import without_group
from runner.comparison.standing import gap
from runner.comparison.words import listed, ranged
from runner.statistics import Verdict

SENTENCES = {
    Verdict.BETTER: "Tuning helped the use of passages: with the same passages, {arms} beat{s} {rag}.",
    Verdict.WORSE: "Tuning spoiled the use of passages: with the same passages, {arms} do{es} not reach {rag}.",
    Verdict.UNDECIDED: "It is not decided whether tuning helped or spoiled the use of passages: {arms} against {rag}.",
}


def passage_use(comparison: Comparison) -> Iterator[Advice]:
    """Write a sentence for each verdict on such arms."""
    readers = [arm for arm in comparison.arms if arm.tuned and arm.passages and arm.accuracy]
    for rag in (arm for arm in comparison.arms if not arm.tuned and arm.passages):
        alike = [arm for arm in readers if _read_the_same(arm, rag)]
        for verdict, sentence in SENTENCES.items():
            if arms := [arm for arm in alike if (pair := comparison.pair(rag.name, arm.name)) and pair.verdict == verdict]:
                yield _sentence(comparison, sentence, arms, rag)
    apart = [arm.name for arm in readers if not any(_read_the_same(arm, rag) for rag in comparison.arms if not rag.tuned)]
    if apart:
        yield Advice(
            sentence=f"Whether tuning helped the use of passages is not known for {listed(apart)}: RAG read other passages.",
            because=["to compare them, choose retrieval as retriever, and give both the same settings"],
        )


def _read_the_same(arm: Arm, rag: Arm) -> bool:
    # The words tell how many passages of which length the prompts held.
    return arm.passages == rag.passages and arm.parameters.get("retrieval") == rag.parameters.get("retriever")


def _sentence(comparison: Comparison, sentence: str, arms: Sequence[Arm], rag: Arm) -> Advice:
    several = len(arms) > 1
    names = {
        "arms": listed([arm.name for arm in arms]),
        "rag": rag.name,
        "s": "" if several else "s",
        "es": "" if several else "es",
    }
    reasons = [f"{rag.name}: {ranged(rag.accuracy)}", *(gap(comparison, rag, arm) for arm in arms)]
    # The same training, asked without passages.
    without = [other for arm in arms for other in comparison.arms if other.tuned and not other.passages and _twins(other, arm)]
    reasons += [f"without passages, {other.name}: {ranged(other.accuracy)}" for other in without]
    return Advice(sentence=sentence.format(**names), because=reasons)


def _twins(arm: Arm, other: Arm) -> bool:
    """Return True if two arms differ in their retrieval alone."""
    return without_group(arm.parameters, "retrieval") == without_group(other.parameters, "retrieval")
