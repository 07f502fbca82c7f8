"""Configs composed and built: every choice and every study fits, keys follow the settings, faults are told at once."""

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir

from runner.fault import Fault
from runner.study import CONF, Study, build

MANDATORY = {
    "corpus=folder": ["corpus.path=documents"],
    "model=huggingface": ["model.id=owner/model"],
    "model@teacher=huggingface": ["teacher.id=owner/model"],
    "model@judge=huggingface": ["judge.id=owner/model"],
    "size=count": ["size.labels=10"],
    "size=fraction": ["size.fraction=0.5"],
}
TRAINABLE = {"huggingface", "smollm2"}


def made(*overrides: str) -> Study:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        cfg = compose("config", overrides=list(overrides), return_hydra_config=True)
    return build(cfg, cfg.hydra.runtime.choices, overrides)


def choices() -> list[str]:
    """Every GROUP=CHOICE there is; a model that can't be trained as teacher and judge alone."""
    found = []
    for file in sorted(CONF.glob("*/*.yaml")):
        group, choice = file.parent.name, file.stem
        if group == "model":
            found += [f"model@{role}={choice}" for role in ("teacher", "judge")]
        if group != "experiment" and (group != "model" or choice in TRAINABLE):
            found.append(f"{group}={choice}")
    return found


@pytest.mark.parametrize("choice", choices())
def test_every_choice_of_every_group_composes_and_builds(choice: str) -> None:
    study = made(choice, *MANDATORY.get(choice, []))
    group, chosen = choice.split("=")
    assert chosen in study.choices[group]


@pytest.mark.parametrize("name", sorted(file.stem for file in (CONF / "experiment").glob("*.yaml")))
def test_every_study_kept_as_yaml_composes_and_builds(name: str) -> None:
    assert made(f"+experiment={name}").choices["experiment"] == name


def test_the_same_settings_in_another_order_have_the_same_key() -> None:
    overrides = ["method=token", "tuner.rank=8", "size=1x", "seed=3"]
    assert made(*overrides).key("tuned") == made(*reversed(overrides)).key("tuned")


def test_a_default_written_out_has_the_same_key() -> None:
    assert made("tuner.rank=16", "seed=0", "method=fact").key("tuned") == made().key("tuned")


@pytest.mark.parametrize("change", ["seed=1", "tuner.rank=8", "size=1x", "method=token", "reply_tokens=16", "grader.words=5"])
def test_another_setting_has_another_key(change: str) -> None:
    assert made(change).key("tuned") != made().key("tuned")


@pytest.mark.parametrize("change", ["seed=1", "tuner.rank=8", "size=1x", "method=token"])
def test_what_only_tuning_needs_leaves_the_baselines_keys_as_they_are(change: str) -> None:
    assert [made(change).key(name) for name in ("base", "rag")] == [made().key(name) for name in ("base", "rag")]


def test_the_retriever_counts_for_rag_and_not_for_base() -> None:
    lexical, hybrid = made("retriever=lexical"), made("retriever=hybrid")
    assert lexical.key("base") == hybrid.key("base")
    assert lexical.key("rag") != hybrid.key("rag")


@pytest.mark.parametrize("change", ["store=/elsewhere", "model.batch=1", "model.device=cpu", "tracker.uri=sqlite:///other.db"])
def test_where_and_how_fast_it_runs_leaves_the_key_as_it_is_and_is_no_setting(change: str) -> None:
    study = made(change)
    assert (study.key("tuned"), study.settings) == (made().key("tuned"), {})


@pytest.mark.parametrize("change", ["teacher.timeout=60", "teacher.concurrency=2", "teacher.retries=1", "teacher.key=OUR_KEY"])
def test_how_a_teacher_is_reached_leaves_the_key_as_it_is_and_is_no_setting(change: str) -> None:
    study, other = made("model@teacher=openai", change), made("model@teacher=openai")
    assert (study.key("tuned"), study.settings) == (other.key("tuned"), {})


@pytest.mark.parametrize(
    ("override", "setting"),
    [
        ("tuner.rate=1e-2", {"tuner.rate": "1e-2"}),
        ("seed=4", {"seed": "4"}),
        ("size=1x", {}),
        pytest.param(
            "reply_tokens=16",
            {"reply_tokens": "16"},
        ),
        pytest.param(
            "instruction=Think.",
            {"instruction": "Think."},
        ),
    ],
)
def test_an_override_that_sets_a_value_is_a_setting(override: str, setting: dict[str, str]) -> None:
    assert made(override).settings == setting


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["+tuner.rnak=8"], "tuner.rnak: no such setting"),
        (["+method.x=1"], "method.x: no such setting"),
        (["tuner.rank=lots"], "tuner.rank: found 'lots', expected a valid integer"),
        (["size.scale=0"], "size.scale: found 0, expected greater than 0"),
        (["size.scale=-1"], "size.scale: found -1, expected greater than 0"),
        (["size.scale=many"], "size.scale: found 'many', expected a valid number"),
        (["size=count", "size.labels=0"], "size.labels: found 0, expected greater than 0"),
        (["size=fraction", "size.fraction=1.5"], "size.fraction: found 1.5, expected less than or equal to 1"),
        (["size=count"], "size: Missing mandatory value: size.labels"),
        (["seed=x"], "seed: found 'x', expected a whole number from 0"),
        (["baseline.rag.prompt=5"], "baseline.rag.prompt: found 5, expected a valid string"),
        (["~size.scale"], "size.scale: not set, and it has no default"),
    ],
)
def test_a_fault_names_group_and_field_what_was_found_and_what_was_expected(overrides: list[str], told: str) -> None:
    with pytest.raises(Fault) as found:
        made(*overrides)
    assert str(found.value) == told


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Fault) as found:
        made("seed=x", "tuner.rank=lots", "tuner.rate=-1", "+size.q=1", "model@judge=huggingface", "corpus.sections=0")
    assert {line.split(":")[0] for line in str(found.value).splitlines()} == {
        "corpus.sections",
        "judge",
        "size.q",
        "tuner.rank",
        "tuner.rate",
        "seed",
    }


def test_a_truth_value_is_no_seed() -> None:
    with pytest.raises(Fault, match="seed"):
        made("seed=true")


def test_no_reply_tokens_is_a_fault_without_baselines_too() -> None:
    with pytest.raises(Fault, match="reply_tokens"):
        made("reply_tokens=0", "baseline=[]")


@pytest.mark.parametrize("choice", sorted({file.stem for file in (CONF / "model").glob("*.yaml")} - TRAINABLE))
def test_a_student_that_can_not_be_trained_is_a_fault(choice: str) -> None:
    with pytest.raises(Fault, match="model"):
        made(f"model={choice}")


@pytest.mark.parametrize("group", ["tracker", "method", "model", "corpus"])
def test_a_group_that_was_taken_away_is_a_fault_that_names_it(group: str) -> None:
    with pytest.raises(Fault, match=group):
        made(f"~{group}", *(["teacher.path=x"] if group == "corpus" else []))


def test_a_corpus_that_is_not_there_is_a_fault_that_names_path_and_field(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"corpus\.path=.*/nowhere: no such folder\. Expected a folder that holds documents/"):
        _ = made("corpus=folder", f"corpus.path={tmp_path}/nowhere").material


def test_a_corpus_without_a_path_is_a_fault_that_names_the_field() -> None:
    with pytest.raises(Fault, match=r"corpus: Missing mandatory value: corpus\.path"):
        made("corpus=folder")


def test_a_corpus_without_documents_or_exam_is_a_fault(tmp_path: Path) -> None:
    study = made("corpus=folder", f"corpus.path={tmp_path}")
    with pytest.raises(Fault, match="holds no document to read"):
        _ = study.material
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text("# A\n\nSome text.\n")
    with pytest.raises(Fault, match=r"no exam\.jsonl or exam\.csv"):
        _ = study.material
