"""Results of a tuned model in, its model card out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.component import identity
from runner.config.study import TUNED, Study
from runner.data.records import digest
from runner.data.verdicts import VERDICTS
from runner.model.huggingface import HuggingFace
from runner.model.smollm2 import SmolLM2
from runner.statistics import Interval
from runner.statistics.accuracy import GradedAnswer, accuracy, accuracy_by_category
from runner.version import RELEASE, commit

Rows = Sequence[Mapping[str, Any]]

LOADING = """\
```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(FOLDER)
model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype="auto")
turns = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": "A question?"}]
inputs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True, return_tensors="pt")
output = model.generate(**inputs, max_new_tokens=64, do_sample=False)
print(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
```"""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The facts of one training that are tracked nowhere."""

    name: str  # of the folder
    training: int  # its number among the trainings of the arm, from 1
    seed: int
    labels: int
    check: str  # a sentence: how the exam went when it was answered again


def write_card(study: Study, exported: Exported, folder: Path) -> None:
    """Write README.md with the Hub's metadata."""
    from huggingface_hub import EvalResult, ModelCard, ModelCardData

    estimates = {arm: _estimates(study, arm, exported.training) for arm in (TUNED, *study.baseline)}
    base, licence = _base(study)
    results = [
        EvalResult(
            task_type="text-generation",
            dataset_type=study.corpus.name,
            dataset_name=f"exam of {study.corpus.name}",
            dataset_config=category,
            metric_type="accuracy",
            metric_value=round(value.estimate, 4),
        )
        for category, value in estimates[TUNED].items()
    ]
    data = ModelCardData(
        base_model=base or None,
        license=licence.get("license"),
        license_name=licence.get("license_name"),
        license_link=licence.get("license_link"),
        library_name="transformers",
        pipeline_tag="text-generation",
        tags=["experiment-runner", f"method-{study.choices['method']}", study.choices["tuner"]],
        model_name=exported.name if results else None,
        eval_results=results or None,
    )
    text = "\n\n".join(_sections(study, exported, estimates, licence))
    ModelCard(f"---\n{data.to_yaml()}\n---\n\n{text}\n").save(folder / "README.md")


def _sections(
    study: Study, exported: Exported, estimates: Mapping[str, Mapping[str, Interval]], licence: Mapping[str, str]
) -> list[str]:
    """Write the parts of the card's text."""
    made_by = " ".join(filter(None, (f"experiment-runner {RELEASE}", commit())))
    settings = _settings(("", study.tuner), *([("refine.", study.refine)] if study.refine.refines else []))
    settings = f"{settings}\n- seed: {exported.seed}"
    known = f"`{licence['license']}`" if licence.get("license") else "not stated by its files"
    loading = LOADING.replace("FOLDER", repr(exported.name)).replace("INSTRUCTION", repr(study.settings.instruction))
    return [
        f"# {exported.name}",
        f"{study.model.name}, tuned on {exported.labels} question/answer pairs about the corpus `{study.corpus.name}` "
        f"({study.title(TUNED)}) by {made_by}. The key of its run is `{study.key(TUNED)}`. The SHA-256 of the corpus's sections "
        f"begins with `{digest(study.material.sections)}`.",
        "## Use",
        loading,
        "## Accuracy",
        _table(study, estimates),
        exported.check,
        "## What was forgotten",
        _forgotten(study, exported.training),
        "## Training",
        settings,
        "## Licences",
        f"Base model: {known}. Corpus: this program does not know its licence. The model can repeat what the documents say, so "
        "ask their owner before you share it.",
    ]


def _settings(*parts: tuple[str, object]) -> str:
    """List the settings of components, each under its prefix."""
    return "\n".join(f"- {prefix}{name}: {value}" for prefix, part in parts for name, value in identity(part).items())


def _estimates(study: Study, arm: str, training: int) -> dict[str, Interval]:
    """Compute an arm's accuracy: overall as `all`, and by category."""
    rows = _rows(study, arm, "answers", training if arm == TUNED else 1)
    answers = [GradedAnswer(VERDICTS[row["grade"]], row["fact"] or row["id"], row["category"], 1) for row in rows]
    overall = accuracy(answers, study.settings.error)
    return {"all": overall} | accuracy_by_category(answers, study.settings.error) if overall else {}


def _rows(study: Study, arm: str, table: str, training: int) -> Rows:
    """Read a training's rows of an arm's tracked table."""
    run = study.tracker.find(study.corpus.name, study.key(arm))
    return [row for row in study.tracker.rows(run.id, table) if row["training"] == training] if run else []


def _table(study: Study, estimates: Mapping[str, Mapping[str, Interval]]) -> str:
    names = {"this model": TUNED, **{name: name for name in study.baseline}}
    lines = [["category", *names], ["---"] * (len(names) + 1)]
    for category in estimates[TUNED]:
        lines.append([_cell(category), *(_percent(estimates[arm].get(category)) for arm in names.values())])
    sure = 100 * (1 - study.settings.error)
    about = f"Answers that passed (grader {study.choices['grader']}), in %, with a {sure:g}% interval."
    if study.exam_set.origin:
        about += f" The exam was {study.exam_set.origin}."
    return "\n".join([about, "", *(f"| {' | '.join(line)} |" for line in lines)])


def _percent(value: Interval | None) -> str:
    return f"{100 * value.estimate:.1f} [{100 * value.low:.0f}, {100 * value.high:.0f}]" if value else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _forgotten(study: Study, training: int) -> str:
    """Tell which general questions tuning lost."""
    rows = [row for row in _rows(study, TUNED, "retention", training) if VERDICTS[row["grade_before"]]]
    if not rows:
        return "Not measured."
    lost = [row["category"] for row in rows if VERDICTS[row["grade"]] is False]
    subjects = ", ".join(f"{_cell(subject)} {lost.count(subject)}" for subject in sorted(set(lost)))
    sentence = f"Of {len(rows)} general questions that the untuned model answered correctly, this one fails {len(lost)}"
    return f"{sentence}: {subjects}." if lost else f"{sentence}."


def _base(study: Study) -> tuple[str, dict[str, str]]:
    """Return the base model's hub id and licence.

    Both are empty where they are not known.
    """
    model = study.model
    if isinstance(model, SmolLM2):
        return model.origin, {"license": model.licence}
    if not isinstance(model, HuggingFace):
        return "", {}
    return ("" if Path(model.id).is_dir() else model.id), model.licence()
