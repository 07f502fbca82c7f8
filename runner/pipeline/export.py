"""A tuned model in, a folder for plain transformers out."""

import json
import logging
from pathlib import Path

from runner.config.study import Study
from runner.data.atomic_write import whole_folder
from runner.data.own_folders import WEIGHTS, check_free, written_before
from runner.data.records import Answer, digest
from runner.errors import Fault
from runner.local_models.loading import Source
from runner.local_models.plain import plain_replies
from runner.model import LocalWeights
from runner.model.huggingface import HuggingFace
from runner.pipeline.answer import examine
from runner.pipeline.executor import Executor
from runner.pipeline.experiment import trained
from runner.pipeline.labels import label
from runner.pipeline.model_card import Exported, write_card
from runner.pipeline.prompts import exam_requests
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.rounds import with_larger
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw

log = logging.getLogger("runner")


def check_export(study: Study, folder: Path) -> None:
    """Raise a Fault if the model can't be exported."""
    if not isinstance(study.model, LocalWeights):
        raise Fault(f"export={folder}: the weights of {study.model.name} stay with its host, there is nothing to export")
    # An earlier export may lie there. Whether it is this very model is known once its training is.
    check_free(folder, "export", ours=study.settings.trainings > 1 or (folder / WEIGHTS).exists())


def export(study: Study, folder: Path) -> None:
    """Write the tuned model into `folder`, with adapters merged.

    With several seeds, each goes into folder/seed-N. Before a folder is kept, the exam is answered again from it by plain
    transformers, and a model card is written.
    """
    # The pipeline's own stages: all of them are kept by now, so nothing is trained again.
    executor = StoreExecutor(study)
    labelling = label(study, executor)
    subset = draw(study, labelling)
    labelling = with_larger(study, executor, labelling)
    for number, seed in enumerate(study.settings.training_seeds, start=1):
        tuned = trained(study, executor, labelling, subset, seed)
        model = tuned.value.model
        assert isinstance(model, LocalWeights)  # by check_export
        target = folder / f"seed-{seed}" if study.settings.trainings > 1 else folder
        if written_before(target / WEIGHTS, "tuning", tuned.key, f"export={target}: another model is"):
            continue
        with study.store.lock(f"export-{digest(target.resolve())}"), whole_folder(target) as draft:
            model.save(draft)
            (draft / WEIGHTS).write_text(json.dumps({"tuning": tuned.key, "of": study.model.name}), encoding="utf-8")
            check = _answered_again(study, executor, tuned, draft)
            about = {"training": number, "seed": seed, "labels": len(subset.value.labels) + len(tuned.value.labels)}
            write_card(study, Exported(name=target.name, check=check, **about), draft)
        log.info("exported to %s; runner-serve %s serves it", target, target)


def _answered_again(study: Study, executor: Executor, tuned: Output[Checkpoint], folder: Path) -> str:
    """Answer the exam by plain transformers; tell how many verdicts agree.

    Raises a Fault if the folder can't be loaded.
    """
    questions, model = study.material.questions, tuned.value.model
    source = model.source if isinstance(model, HuggingFace) else Source(id=str(folder))
    requests = exam_requests(study, executor)
    tracked = examine(study, executor, tuned, Output(value=questions), requests)
    prompts = [request.prompt for request in requests.value]
    try:
        replies = plain_replies(folder, prompts, source, "answering the exam again")
    except Exception as error:  # of transformers or torch, which raise many kinds
        reason = f"{type(error).__name__}: {error}"
        raise Fault(f"export: plain transformers can't use the model that was written ({reason}). Nothing was kept") from error
    other = [place for place, reply in enumerate(replies) if reply != tracked.answers[place].text]
    agree = len(questions) - len(other)
    # The same answer has the same verdict. A judge is not paid to grade the others.
    if other and not study.grader.asks:
        asked = [questions[place] for place in other]
        answers = [Answer(question=questions[place].id, text=replies[place], passages=()) for place in other]
        grades = {grade.question: grade.passed for grade in study.grader.grade(asked, answers, study.judge)}
        agree += sum(grades[questions[place].id] == tracked.grades[place].passed for place in other)
    kind = str(source.computed_in).removeprefix("torch.")
    words = f"the exam was answered again by plain transformers, in {kind}: {agree} of {len(questions)} verdicts are as tracked"
    different = f"{len(other)} answers have other words"
    (log.info if agree == len(questions) else log.warning)("export: %s; %s", words, different)
    return f"Before it was kept, {words}; {different}. {_rounding(source, kind)}"


def _rounding(source: Source, kind: str) -> str:
    if source.quantization:
        return f"It was trained and examined beside {source.quantization} weights; this folder holds them restored to float32."
    return f"It was examined in {kind}; the weights here are float32, and another type may change an answer now and then."
