"""The first sentences weigh every arm: a table of situations, from tracked answers to words."""

from typing import Any

import pytest

from runner.comparison import Comparison
from runner.comparison.compare import compare
from runner.comparison.tracked import Tracked
from tests.comparison.given import sheet, trained, untrained

FACTS = 30
LOST = "of the general questions that the untuned model knew."
STAY = "Stay with the untuned model: no tuned arm is decidedly better on this exam."
RAISE = "Raise tuner.epochs (or tuner.steps) or tuner.rate, and compare again."
ASKED = "did not take: asked again, {} at most 0.0% of the questions of the training itself."


def grades(right: int, first: int = 0) -> str:
    """Grades of 30 questions of which so many are right, from `first` on."""
    return "".join("+" if first <= place < first + right else "-" for place in range(FACTS))


def recall(share: float) -> dict[str, float]:
    """What coverage tracks of the training questions, of which so many are answered."""
    ends = {"": share, "_low": max(0.0, share - 0.1), "_high": min(1.0, share + 0.1)}
    return {"coverage/labelled": 30.0, **{f"coverage/trained{end}": value for end, value in ends.items()}}


def forgetting(lost: int, floor: float = 0.0) -> dict[str, Any]:
    """Tables and numbers of an arm that lost so many of 30 general questions, with a gate at `floor`."""
    accuracies = {"before": 1.0, "after": 1 - lost / 30}
    numbers = {f"retention/{name}{end}": value for name, value in accuracies.items() for end in ("", "_low", "_high")}
    table = [{**row, "grade_before": "pass"} for row in sheet(grades(30 - lost))]
    known = {"retention/known": 30.0, "retention/gained": 0.0, "retention/lost": float(lost), "retention/floor": floor}
    return {"general": table, "metrics": {**known, **numbers, **recall(0.95)}, "losses": [3.0, 0.3]}


def arm(size: str, right: int | str, *, first: int = 0, lost: int | None = None, keep: str = "", **more: Any) -> Tracked:
    """A tuned arm of this size, right on so many questions, or with these grades."""
    settings = {"size": size, "labels": str(30 * int(size[0])), "tuner.epochs": "7", "tuner.rate": "0.002"}
    settings |= {"keep": keep} if keep else {}
    tables = {"metrics": recall(0.95), "losses": [3.0, 0.3]} if lost is None else forgetting(lost)
    graded = right if isinstance(right, str) else grades(right, first)
    return trained(size + keep, graded, settings=settings, **{**tables, **more})


BASE, RAG, POOR = untrained("base", grades(0)), untrained("rag", grades(25)), untrained("rag", grades(8))
WEAK = {"metrics": recall(0.0), "losses": [3.0, 2.9]}
GATED = forgetting(20, floor=0.8)  # of an arm that is more accurate than all others, and failed the gate

# Arms; the first sentences; the arm with the star.
SITUATIONS: dict[str, tuple[list[Tracked], list[str], str]] = {
    "rag is ahead of every tuned arm": (
        [BASE, RAG, arm("1x", 3), arm("5x", 10)],
        ["Use rag: it is decidedly better than every tuned arm, 83.3% against 33.3% for the best of them, fact 5x."],
        "",
    ),
    "rag is ahead and tuning forgets": (
        [BASE, RAG, arm("5x", 10, lost=22)],
        [
            "Use rag: it is decidedly better than every tuned arm, 83.3% against 33.3% for the best of them, fact 5x. But "
            f"fact 5x lost 73.3% {LOST}"
        ],
        "",
    ),
    "rag alone beats the untuned model": (
        [BASE, RAG, arm("1x", 2), arm("5x", 4)],
        ["Use rag: it is decidedly better than the untuned model, 83.3% against 0.0%, and no tuned arm is."],
        "",
    ),
    "an arm that failed the gate beats the untuned model too": (
        [BASE, arm("1x", 20), arm("5x", 25, **GATED)],
        ["Take fact 1x: it is the only tuned arm that passed the gate and beats the untuned model."],
        "fact 1x",
    ),
    "an arm that failed the gate is the most accurate": (
        [BASE, arm("1x", 20), arm("2x", 22), arm("5x", 25, **GATED)],
        [
            "Take fact 2x: it has the highest accuracy of the tuned arms that passed the gate and beat the untuned model. None "
            "with fewer labels is shown to be within 5 points (margin=5) of it."
        ],
        "fact 2x",
    ),
    "an arm that failed the gate alone beats the untuned model": (
        [BASE, arm("1x", 2), arm("5x", 28, **GATED)],
        ["Stay with the untuned model: no tuned arm that passed the gate is decidedly better on this exam."],
        "",
    ),
    "an arm that failed the gate alone beats the untuned model, as rag does": (
        [BASE, untrained("rag", grades(12)), arm("1x", 2), arm("5x", 28, **GATED)],
        ["Use rag: it is decidedly better than the untuned model, 40.0% against 0.0%, and no tuned arm that passed the gate is."],
        "",
    ),
    "an arm that failed the gate alone reaches rag": (
        [BASE, untrained("rag", grades(20)), arm("1x", 9), arm("5x", 30, **GATED)],
        [
            "Use rag: it is decidedly better than every tuned arm that passed the gate, 66.7% against 30.0% for the best of "
            "them, fact 1x."
        ],
        "",
    ),
    "no training took and rag is ahead": (
        [BASE, RAG, arm("1x", 0, **WEAK), arm("5x", 0, **WEAK)],
        [
            f"The training of fact 1x and fact 5x {ASKED.format('they answer')} {RAISE}",
            "Use rag: it is decidedly better than the untuned model, 83.3% against 0.0%, and no tuned arm is.",
        ],
        "",
    ),
    "no training took and nothing else is better": (
        [BASE, arm("1x", 0, **WEAK)],
        [f"The training of fact 1x {ASKED.format('it answers')} {RAISE}", STAY],
        "",
    ),
    "no training question was asked again and the loss hardly fell": (
        [BASE, arm("1x", 0, metrics={}, losses=[3.0, 2.9])],
        [f"The training of fact 1x did not take: the training loss hardly fell. {RAISE}", STAY],
        "",
    ),
    "a training diverged": (
        [BASE, arm("1x", 0, metrics={}, losses=[3.0, float("nan")])],
        ["The training of fact 1x did not take: the training loss did not fall. Lower tuner.rate, and compare again.", STAY],
        "",
    ),
    "one training did not take beside one that did": (
        [BASE, arm("1x", 0, **WEAK), arm("5x", 20)],
        [
            "Take fact 5x: it is the only tuned arm that beats the untuned model.",
            f"The training of fact 1x {ASKED.format('it answers')} {RAISE}",
        ],
        "fact 5x",
    ),
    "a training that did not take made the model forget": (
        [BASE, arm("1x", 0, **{**forgetting(20), "metrics": {**forgetting(20)["metrics"], **recall(0.0)}})],
        [
            f"The training of fact 1x {ASKED.format('it answers')} Of the general questions that the untuned model knew, they "
            "kept: fact 1x 33.3%. Raise tuner.epochs (or tuner.steps), and compare again.",
            STAY,
        ],
        "",
    ),
    "a training that did not take is compared alone": (
        [arm("1x", 0, **WEAK)],
        [f"The training of fact 1x {ASKED.format('it answers')} {RAISE}"],
        "",
    ),
    "a training that did not take is compared with rag alone": (
        [RAG, arm("1x", 0, **WEAK)],
        [
            f"The training of fact 1x {ASKED.format('it answers')} {RAISE}",
            "Use rag: it is decidedly better than every tuned arm, 83.3% against 0.0% for the best of them, fact 1x.",
        ],
        "",
    ),
    "labels were learned, and that does not carry over": ([BASE, arm("1x", 0)], [STAY], ""),
    "tuned and rag are not decided": (
        [BASE, RAG, arm("1x", 3), arm("5x", 24)],
        [
            "Take fact 5x or rag: this exam does not decide which of them is more accurate, fact 5x at 80.0% or rag at 83.3%.",
            "Of the tuned arms, take fact 5x: it is the only tuned arm that beats the untuned model.",
        ],
        "fact 5x",
    ),
    "of two tuned arms rag is ahead of one": (
        [BASE, RAG, arm("1x", 9), arm("5x", 24)],
        [
            "Take fact 5x or rag: this exam does not decide which of them is more accurate, fact 5x at 80.0% or rag at 83.3%.",
            "Of the tuned arms, take fact 5x: it is the only tuned arm that beats the untuned model and that rag does not beat.",
        ],
        "fact 5x",
    ),
    "tuned and rag are not decided, and tuning forgets": (
        [BASE, RAG, arm("5x", 24, lost=15)],
        [
            "Prefer rag to fact 5x: this exam does not decide which of them is more accurate, fact 5x at 80.0% or rag at 83.3%, "
            f"and fact 5x lost 50.0% {LOST}",
        ],
        "fact 5x",
    ),
    "tuned is ahead of rag": (
        [BASE, POOR, arm("5x", 24)],
        [
            "Take fact 5x: it is decidedly better than rag, 80.0% against 26.7%, and it is the only tuned arm that beats the "
            "untuned model.",
            "fact 5x beats base.",
            "fact 5x beats rag.",
        ],
        "fact 5x",
    ),
    "tuned is ahead of rag and forgets": (
        [BASE, POOR, arm("5x", 24, lost=15)],
        [
            "Take fact 5x: it is decidedly better than rag, 80.0% against 26.7%, and it is the only tuned arm that beats the "
            f"untuned model. But fact 5x lost 50.0% {LOST}"
        ],
        "fact 5x",
    ),
    "of two that are as good one forgets": (
        [BASE, arm("1x", 22, lost=15), arm("5x", 24, lost=1)],
        [
            "Take fact 5x: it has the highest accuracy of the other tuned arms that beat the untuned model. Left out, for what "
            "they made the model forget: fact 1x."
        ],
        "fact 5x",
    ),
    "the best forgets, and one that is decidedly worse is more accurate than one that is not": (
        # The last one is right where the best is wrong, so that their pair is not decided.
        [BASE, arm("9x", 27, lost=15), arm("5x", 19, lost=1), arm("2x", "+" * 15 + "-" * 12 + "+" * 3, lost=1)],
        [
            "Take fact 5x: it has the highest accuracy of the other tuned arms that beat the untuned model. None with fewer "
            "labels is shown to be within 5 points (margin=5) of it. Left out, for what they made the model forget: fact 9x."
        ],
        "fact 9x",
    ),
    "all that are as good forget, and one decidedly less": (
        [BASE, arm("5x", 24, lost=25), arm("5x", 22, lost=8, keep="kl")],
        [
            "Take fact 5x keep=kl: it has the highest accuracy of the other tuned arms that beat the untuned model. Left out, "
            f"for what they made the model forget: fact 5x. But fact 5x keep=kl lost 26.7% {LOST}",
        ],
        "fact 5x",
    ),
    "nothing is decidedly better": (
        [BASE, untrained("rag", grades(3)), arm("5x", 3, first=5)],
        ["Stay with the untuned model: neither rag nor any tuned arm is decidedly better on this exam."],
        "",
    ),
    "no tuned arm finished": (
        [BASE, RAG, trained("1", status="FAILED")],
        ["Use rag: it is decidedly better than the untuned model, 83.3% against 0.0%, and no tuned arm can be recommended."],
        "",
    ),
    "no tuned arm finished and there is no rag": (
        [BASE, trained("1", status="FAILED")],
        ["No tuned arm can be recommended."],
        "",
    ),
    "the untuned model was not asked": (
        [RAG, arm("5x", 10)],
        ["Use rag: it is decidedly better than every tuned arm, 83.3% against 33.3% for the best of them, fact 5x."],
        "",
    ),
    "two tuned arms are as accurate and none forgets": (
        [BASE, arm("1x", 24), arm("5x", 24)],
        [
            "Take fact 1x: it and fact 5x have the highest accuracy of the tuned arms that beat the untuned model. It needs the "
            "fewest labels of them."
        ],
        "fact 1x",
    ),
    "there is no baseline, and no answer is right": (
        [arm("1x", 0), arm("5x", 0)],
        ["No tuned arm can be recommended: none answers a question of this exam right."],
        "",
    ),
    "the exam has too few facts": (
        [untrained("base", "-" * 5), trained("5x", "+" * 5)],
        [
            "This exam is too small for a verdict: it asks about 5 facts, and a verdict needs at least 6. Ask about more "
            "facts, and compare again."
        ],
        "",
    ),
    "there is no baseline": (
        [arm("1x", 10), arm("5x", 24)],
        [
            "Take fact 5x: it has the highest accuracy of the tuned arms that can be recommended. None with fewer labels is "
            "shown to be within 5 points (margin=5) of it."
        ],
        "",
    ),
}


def said(arms: list[Tracked], margin: float = 0.05) -> tuple[Comparison, list[str]]:
    comparison = compare(arms, margin=margin)
    return comparison, [advice.sentence for advice in comparison.advice]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_first_sentences_and_the_star_of_a_situation(situation: str) -> None:
    arms, sentences, star = SITUATIONS[situation]
    comparison, first = said(arms)
    if len(sentences) == 1:
        assert first[0].startswith(sentences[0])
    else:
        assert first[: len(sentences)] == sentences
    assert comparison.star == star


def test_what_has_fewer_labels_is_set_beside_the_most_accurate_of_those_that_did_not_forget() -> None:
    _, first = said([BASE, arm("9x", 24, lost=15), arm("5x", 23, lost=1), arm("2x", 22, lost=1)], margin=0.2)
    assert first[0] == (
        "Take fact 2x: it has the fewest labels of the tuned arms that beat the untuned model and are shown to be at most 20 "
        "points (margin=20) worse than fact 5x, the most accurate of the others. Left out, for what they made the model forget: "
        "fact 9x."
    )


def test_every_training_that_did_not_take_is_named_and_no_larger_exam_is_advised_for_it() -> None:
    weak = [arm("1x", 1, **WEAK), arm("5x", 2, **WEAK), arm("9x", 0, **WEAK)]
    alone, beside = said([BASE, *weak])[1], said([BASE, *weak, arm("2x", 0)])[1]
    named = "The training of fact 1x, fact 5x and fact 9x did not take"
    assert [each[0].startswith(named) for each in (alone, beside)] == [True] * 2
    assert len(alone) == 2  # the other one is to stay with the untuned model
    advised = said([untrained("base", grades(3)), *weak, arm("2x", 20)])[0].advice
    assert not [part for part in advised if "questions" in part.sentence and "To decide" in part.sentence]
    assert not [reason for part in advised[2:] for reason in part.because if "fact 5x" in reason]


def labels(*questions: str) -> list[dict[str, str]]:
    return [{"question": question, "answer": "Ada"} for question in questions]


def test_the_same_training_under_two_names_is_recognised_and_has_one_verdict() -> None:
    full = arm("5x", 8, labels=labels("a", "b"))
    count = {**full.row.parameters, "size": "150 labels"}
    comparison, first = said([BASE, full, trained("2", grades(3), settings=count, labels=labels("b", "a"))])
    assert first[0] == STAY
    assert any(
        note.startswith("fact 5x and fact 150 labels were trained on the same labels with the same settings.")
        for note in comparison.notes
    )
    for other in (
        trained("2", grades(3), settings=count, labels=labels("b", "c")),
        trained("2", grades(3), settings={**count, "tuner.rate": "1"}, labels=labels("a", "b")),
    ):
        assert said([BASE, full, other])[1][0].startswith("Take fact 5x")


def test_on_too_few_facts_for_a_verdict_no_arm_is_shown_to_be_as_good_as_another() -> None:
    # 12 facts of 25 questions: a rare fact that is lost as a whole may not be among them.
    facts, told = "".join(letter * 25 for letter in "abcdefghijkl"), {"metrics": recall(0.95), "losses": [3.0, 0.3]}
    fewer, more = (
        trained(size, "+" * right + "-" * (300 - right), settings={"size": size, "labels": labels}, facts=facts, **told)
        for size, right, labels in (("1x", 299, "30"), ("5x", 300, "150"))
    )
    comparison = compare([untrained("base", "-" * 300, facts=facts), fewer, more], margin=0.2)
    first, *others = [advice.sentence for advice in comparison.advice]
    assert comparison.pair("fact 5x", "fact 1x").difference.low > -0.2
    assert first.startswith("Take fact 5x: it has the highest accuracy of the tuned arms that beat the untuned model. None with")
    assert not [sentence for sentence in others if sentence.startswith("It is shown")]
