"""A study in, a Fault out if rounds would fail."""

from collections.abc import Iterator

from runner.config.study import Study
from runner.data.records import Labelling
from runner.errors import Fault
from runner.model import Drawing, Replaying
from runner.pipeline.practice import check_practice
from runner.pipeline.round_labels import asks_teacher
from runner.refine import LabelsAgain


def check_rounds(study: Study, refine: LabelsAgain) -> None:
    """Raise one Fault with all that rounds lack."""
    check_practice(study)
    if faults := [f"refine={study.choices['refine']}: {fault}" for fault in _faults(study, refine)]:
        raise Fault("\n".join(faults))


def check_units(study: Study, labelling: Labelling) -> None:
    """Raise a Fault if no label names a section."""
    sections = {section.id for section in study.material.sections}
    if labelling.labels and not any(label.section in sections for label in labelling.labels):
        raise Fault(
            f"refine={study.choices['refine']}: no label of method={study.choices['method']} names a section of the documents, "
            "so nobody knows what to label again. Expected the id of a section in each label's field section"
        )


def _faults(study: Study, refine: LabelsAgain) -> Iterator[str]:
    method, teacher = study.choices["method"], study.choices["model@teacher"]
    if not study.method.asks:
        yield f"method={method} asks no teacher, so nothing can be labelled again. Choose method=fact or method=token"
        return
    if not study.method.questions:
        yield (
            f"labels of method={method} are texts without a question, so there are no practice questions. Choose method=fact or "
            "method=token"
        )
    if refine.samples and not isinstance(study.model, Drawing):
        yield f"{study.model.name} can't draw answers. Set refine.samples=0"
    if refine.source == "teacher" and isinstance(study.teacher, Replaying) and study.teacher.replays:
        yield (
            f"refine.source=teacher: model@teacher={teacher} has recorded replies alone, and none to what a student will answer "
            "wrongly. Choose refine.source=larger, or a teacher that can answer, such as model@teacher=openai"
        )
    if study.review.seen_alone and asks_teacher(study):
        yield (
            f"review={study.choices['review']} leaves out labels that nobody has seen, and so those that the teacher is to write "
            "in a round. Choose review=done, or refine.source=larger, whose labels can be reviewed before"
        )
    if (refine.once or not asks_teacher(study)) and refine.scale <= study.size.scale + refine.practice:
        yield (
            f"refine.scale={refine.scale:g} leaves no labels for rounds: {study.size.scale:g}x are those of size="
            f"{study.choices['size']}, and {refine.practice:g}x are practice (refine.practice). Choose a smaller size, such as "
            "size=1x, or a larger refine.scale"
        )
