"""A study in, a Fault out for unusable general pairs."""

from runner.config.study import Study
from runner.data.tables import MOST_FAULTS
from runner.data.text import normal
from runner.errors import Fault
from runner.pipeline.examined import general_words


def check_general_pairs(study: Study) -> None:
    """Raise a Fault if pairs are missing, or are measured.

    General questions are read too, which raises a Fault if they can't be used.
    """
    choice, pairs = study.choices["keep"], study.general_pairs
    if study.keep.general and not pairs:
        raise Fault(
            f"keep={choice}: retention={study.choices['retention']} has no general pairs to train on. Name a folder with "
            "replay.jsonl (a line a question with its answer): keep.path=FOLDER; or choose retention=general, or keep=none"
        )
    # The shipped pairs and questions differ; those of a folder of one's own may not.
    measured = dict.fromkeys(general_words(study), "a general question")
    measured |= dict.fromkeys(study.examined, "a question of the exam")
    leaks = [f"{measured[key]}: {question}" for question, _ in pairs if (key := normal(question)) in measured]
    if leaks:
        place = f"keep.path={study.keep.path}" if study.keep.path else "the pairs of the group retention"
        raise Fault(
            f"keep={choice}: {len(leaks)} of {len(pairs)} general pairs are measured too, so a model would be trained on what it "
            f"is asked. Remove them from {place}:\n" + "\n".join(leaks[:MOST_FAULTS])
        )
