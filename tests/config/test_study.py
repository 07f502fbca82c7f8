"""Configs composed and built: every choice and every study fits, keys follow the settings, faults are told at once."""

from functools import cache
from pathlib import Path

import pytest

from runner.config.messages import CONF
from runner.errors import Fault
from runner.pipeline.checks import check
from tests import given

made = cache(given.study)  # a study is frozen, and a config takes a while to compose

MANDATORY = {
    "corpus=folder": ["corpus.path=documents"],
    "corpus=hub": ["corpus.path=owner/data"],
    "model=huggingface": ["model.id=owner/model"],
    "model@teacher=huggingface": ["teacher.id=owner/model"],
    "model@judge=huggingface": ["judge.id=owner/model"],
    "model@teacher=azure": ["teacher.id=ours"],
    "model@judge=azure": ["judge.id=ours"],
    "model@teacher=compatible": ["teacher.id=ours", "teacher.base_url=http://127.0.0.1:9/v1"],
    "model@judge=compatible": ["judge.id=ours", "judge.base_url=http://127.0.0.1:9/v1"],
    "model@teacher=panel": ["+model@teacher.members.first=openai", "+model@teacher.members.second=openai"],
    "model@judge=panel": ["+model@judge.members.first=openai", "+model@judge.members.second=openai"],
    "size=count": ["size.labels=10"],
    "size=fraction": ["size.fraction=0.5"],
    "size=tokens": ["size.tokens=1000"],
    "tuner=azure": ["model=azure", "model.id=d", "tuner.model=m"],
    "tuner=hosted": ["model=openai"],
}
ELSEWHERE = "run.py --cfg job prints every setting, run.py --help every group"
NOT_CHOSEN = "what is chosen has no such setting"
PANEL = ["model@judge=panel", *MANDATORY["model@judge=panel"]]
TRAINABLE = {"gemma3", "huggingface", "llama3", "qwen3", "smollm2", "smollm2-1.7b"}


def choices() -> list[str]:
    """Every GROUP=CHOICE there is; a model that can't be trained as teacher and judge alone."""
    named = []
    for file in sorted(CONF.glob("*/*.yaml")):
        group, choice = file.parent.name, file.stem
        # Presets of models are composed in tests/model/test_presets.py.
        if group == "model" and "defaults:" not in file.read_text(encoding="utf-8"):
            named += [f"model@{role}={choice}" for role in ("teacher", "judge")]
        if group != "experiment" and (group != "model" or choice in TRAINABLE):
            named.append(f"{group}={choice}")
    return named


@pytest.mark.parametrize("choice", choices())
def test_every_choice_of_every_group_composes_and_builds(choice: str) -> None:
    study = made(choice, *MANDATORY.get(choice, []))
    group, chosen = choice.split("=")
    assert chosen in study.choices[group]


@pytest.mark.parametrize("name", sorted(file.stem for file in (CONF / "experiment").glob("*.yaml")))
def test_every_study_kept_as_yaml_composes_and_builds(name: str) -> None:
    assert made(f"experiment={name}").choices["experiment"] == name


def test_the_same_settings_in_another_order_have_the_same_key() -> None:
    overrides = ["method=token", "tuner.rank=8", "size=1x", "seed=3"]
    assert made(*overrides).key("tuned") == made(*reversed(overrides)).key("tuned")


def test_a_default_written_out_has_the_same_key() -> None:
    assert made("tuner.rank=16", "seed=0", "method=fact").key("tuned") == made().key("tuned")


@pytest.mark.parametrize(
    "change",
    [
        "seed=1",
        "subset_seed=1",
        "training_seed=1",
        "seeds=2",
        "tuner.rank=8",
        "tuner.steps=100",
        "keep=replay",
        "keep=blend",
        "refine=dpo",
        "refine=kto",
        "refine=grpo",
        "refine=rounds",
        "size=1x",
        "method=token",
        "reply_tokens=16",
        "grader.words=5",
        "error=0.1",
        "near=0.8",
        "recall=30",
        "retention=none",
        "retention.questions=20",
        "retention.floor=0.9",
    ],
)
def test_another_setting_has_another_key(change: str) -> None:
    assert made(change).key("tuned") != made().key("tuned")


@pytest.mark.parametrize(
    "change",
    [
        "seed=1",
        "seeds=2",
        "tuner.rank=8",
        "refine=dpo",
        "size=1x",
        "method=token",
        "near=0.8",
        "recall=30",
        "retention=none",
        "retention.floor=1",
    ],
)
def test_what_only_tuning_needs_leaves_the_baselines_keys_as_they_are(change: str) -> None:
    assert [made(change).key(name) for name in ("base", "rag")] == [made().key(name) for name in ("base", "rag")]


def test_the_retriever_counts_for_rag_and_not_for_base() -> None:
    lexical, hybrid = made("retriever=lexical"), made("retriever=hybrid")
    assert lexical.key("base") == hybrid.key("base")
    assert lexical.key("rag") != hybrid.key("rag")


@pytest.mark.parametrize("change", ["judge.members.second.id=gpt-5", "+model@judge.members.third=openai"])
def test_another_member_of_a_panel_has_another_key(change: str) -> None:
    assert made("grader=judge", *PANEL, change).key("base") != made("grader=judge", *PANEL).key("base")


def test_how_a_member_of_a_panel_is_reached_leaves_the_key_as_it_is() -> None:
    change = "judge.members.second.timeout=60"
    assert made("grader=judge", *PANEL, change).key("base") == made("grader=judge", *PANEL).key("base")


@pytest.mark.parametrize(
    "change", ["store=/elsewhere", "model.batch_size=1", "model.device=cpu", "tracker.uri=sqlite:///other.db"]
)
def test_where_and_how_fast_it_runs_leaves_the_key_as_it_is_and_is_no_setting(change: str) -> None:
    study = made(change)
    assert (study.key("tuned"), study.overrides) == (made().key("tuned"), {})


@pytest.mark.parametrize("change", ["teacher.timeout=60", "teacher.concurrency=2", "teacher.retries=1", "teacher.key=OUR_KEY"])
def test_how_a_teacher_is_reached_leaves_the_key_as_it_is_and_is_no_setting(change: str) -> None:
    study, other = made("model@teacher=openai", change), made("model@teacher=openai")
    assert (study.key("tuned"), study.overrides) == (other.key("tuned"), {})


@pytest.mark.parametrize(
    ("override", "setting"),
    [
        ("tuner.rate=0.01", {"tuner.rate": "0.01"}),
        ("tuner.rate=1e-2", {"tuner.rate": "0.01"}),
        ("seed=4", {"seed": "4"}),
        ("seeds=3", {"seeds": "3"}),
        ("training_seed=3", {"training_seed": "3"}),
        ("near=0.8", {"near": "0.8"}),
        ("recall=30", {"recall": "30"}),
        ("retention.questions=20", {"retention.questions": "20"}),
        ("tuner.steps=100", {"tuner.steps": "100"}),
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
    assert made(override).overrides == setting


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["+tuner.rnak=8"], "tuner.rnak: no such setting. Did you mean tuner.rank?"),
        (["+method.x=1"], f"method.x: no such setting. {ELSEWHERE}"),
        (["+metod=human"], "metod: no such group or setting. Did you mean method?"),
        (["+tunr.epochs=2"], "tunr: no such group or setting. Did you mean tuner?"),
        (["teacher=openai"], "teacher: found 'openai', expected a component. Choose one: model@teacher=openai"),
        (["retention=none", "+retention.floor=1"], f"retention.floor: {NOT_CHOSEN}; it belongs to retention=general"),
        (["tuner=full", "+tuner.rank=8"], f"tuner.rank: {NOT_CHOSEN}; it belongs to tuner=lora"),
        (["corpus=folder"], "corpus.path: not set. Expected corpus.path=FOLDER"),
        (
            ["model@teacher=compatible"],
            "teacher.base_url, teacher.id: not set. Expected teacher.base_url=http://localhost:8000/v1 teacher.id=MODEL",
        ),
        (
            [*PANEL, "judge.members.second=openai"],
            "judge.members.second: found 'openai', expected a model. Choose one as +model@judge.members.first=openai does",
        ),
        (["tuner.rank=lots"], "tuner.rank: found 'lots', expected a valid integer"),
        (["size.scale=0"], "size.scale: found 0, expected greater than 0"),
        (["size.scale=-1"], "size.scale: found -1, expected greater than 0"),
        (["size.scale=many"], "size.scale: found 'many', expected a valid number"),
        (["size=count", "size.labels=0"], "size.labels: found 0, expected greater than 0"),
        (["size=fraction", "size.fraction=1.5"], "size.fraction: found 1.5, expected less than or equal to 1"),
        (["size=count"], "size.labels: not set. Expected size.labels=1000"),
        (["seed=x"], "seed: found 'x', expected a whole number from 0 to 4294967295"),
        (["seed=x", "subset_seed=1"], "seed: found 'x', expected a whole number from 0 to 4294967295"),
        (["training_seed=x"], "training_seed: found 'x', expected a whole number from 0 to 4294967295"),
        (["subset_seed=-1"], "subset_seed: found -1, expected a whole number from 0 to 4294967295"),
        (["seeds=0"], "seeds: found 0, expected a whole number from 1 to 1000, or auto"),
        (["seeds=x"], "seeds: found 'x', expected a whole number from 1 to 1000, or auto"),
        (["seeds=5000000"], "seeds: found 5000000, expected a whole number from 1 to 1000, or auto"),
        (["seeds=autos"], "seeds: found 'autos', expected a whole number from 1 to 1000, or auto"),
        (["seeds=auto", "most_seeds=1"], "most_seeds: found 1, expected a whole number from 2 to 1000"),
        (["most_seeds=auto"], "most_seeds: found 'auto', expected a whole number from 2 to 1000"),
        (["seeds=1.5"], "seeds: found 1.5, expected a whole number from 1 to 1000, or auto"),
        (["seeds=[0,1]"], "seeds: found [0, 1], expected a whole number from 1 to 1000, or auto"),
        (["seeds=null"], "seeds: found None, expected a whole number from 1 to 1000, or auto"),
        (["error=0"], "error: found 0, expected a number above 0, below 1"),
        (["error=1"], "error: found 1, expected a number above 0, below 1"),
        (["error=2"], "error: found 2, expected a number above 0, below 1"),
        (["error=nan"], "error: found nan, expected a number above 0, below 1"),
        (["near=0"], "near: found 0, expected a number above 0, up to 1"),
        (["near=1.1"], "near: found 1.1, expected a number above 0, up to 1"),
        (["near=high"], "near: found 'high', expected a number above 0, up to 1"),
        (["near=true"], "near: found True, expected a number above 0, up to 1"),
        (["recall=-1"], "recall: found -1, expected a whole number from 0"),
        (["recall=all"], "recall: found 'all', expected a whole number from 0"),
        (["tuner.steps=0"], "tuner.steps: found 0, expected greater than 0"),
        (["keep=replay", "keep.share=0"], "keep.share: found 0, expected greater than 0"),
        (["keep=replay", "keep.share=inf"], "keep.share: found inf, expected a finite number"),
        (["keep=kl", "keep.weight=-1"], "keep.weight: found -1, expected greater than 0"),
        (["keep=kl", "keep.weight=inf"], "keep.weight: found inf, expected a finite number"),
        (["keep=l2", "keep.weight=0"], "keep.weight: found 0, expected greater than 0"),
        (["keep=blend", "keep.scale=1.5"], "keep.scale: found 1.5, expected less than or equal to 1"),
        (["keep=blend", "keep.scale=-0.5"], "keep.scale: found -0.5, expected greater than or equal to 0"),
        (["refine=dpo", "refine.beta=-1"], "refine.beta: found -1, expected greater than 0"),
        (["refine=kto", "refine.temperature=0"], "refine.temperature: found 0, expected greater than 0"),
        (["refine=grpo", "refine.beta=-1"], "refine.beta: found -1, expected greater than 0"),
        (["refine=grpo", "refine.samples=1"], "refine.samples: found 1, expected greater than or equal to 2"),
        (["refine=grpo", "refine.loss_type=ppo"], "refine.loss_type: found 'ppo', expected 'dapo' or 'grpo'"),
        (["refine=dpo", "refine.chosen=mine"], "refine.chosen: found 'mine', expected 'own', 'label' or 'passage'"),
        (["refine=rounds", "refine.replay=2"], "refine.replay: found 2, expected less than or equal to 1"),
        (["refine=rounds", "refine.source=exam"], "refine.source: found 'exam', expected 'teacher' or 'larger'"),
        (["size=tokens"], "size.tokens: not set. Expected size.tokens=3000"),
        (["size=tokens", "size.tokens=0"], "size.tokens: found 0, expected greater than 0"),
        (["baseline.rag.prompt=5"], "baseline.rag.prompt: found 5, expected a valid string"),
        (["retention.floor=1.5"], "retention.floor: found 1.5, expected less than or equal to 1"),
        (["retention.floor=-0.1"], "retention.floor: found -0.1, expected greater than or equal to 0"),
        (["retention.questions=0"], "retention.questions: found 0, expected greater than 0"),
        (["exam=written", "exam.near=5"], "exam.near: found 5, expected less than or equal to 1"),
        (["exam=cloze", "exam.near=-1"], "exam.near: found -1, expected greater than 0"),
        (["exam=written", "exam.error=7"], "exam.error: found 7, expected less than 1"),
        (["exam=cloze", "exam.sees=0.5"], "exam.sees: found 0.5, expected greater than or equal to 2"),
        (["exam=written", "exam.sees=100"], "exam.sees: found 100, expected less than or equal to 50"),
        (["exam=written", "exam.spare=5000"], "exam.spare: found 5000, expected less than or equal to 50"),
        (["exam=cloze", "exam.questions=51"], "exam.questions: found 51, expected less than or equal to 50"),
        (["exam=written", "exam.folder="], "exam.folder: found '', expected text of at least 1 character"),
        (["retriever.tokens=3"], "retriever.tokens: found 3, expected greater than or equal to 20"),
        (["+retention.rate=1"], f"retention.rate: no such setting. {ELSEWHERE}"),
        (["~size.scale"], "size.scale: not set, and it has no default"),
        (
            ["grader=judge", "grader.prompt='Pass {answer}?'"],
            "grader.prompt: found 'Pass {answer}?', expected a prompt with a place for {question}, {reference}",
        ),
        (["model@judge=panel"], "judge.members: found {}, Dictionary should have at least 2 items after validation, not 0"),
        (
            [*PANEL, "judge.members.second.temperature=-1"],
            "judge.members.second.temperature: found -1, expected greater than or equal to 0",
        ),
    ],
)
def test_a_fault_names_group_and_field_what_was_found_and_what_was_expected(overrides: list[str], words: str) -> None:
    with pytest.raises(Fault) as caught:
        made(*overrides)
    assert str(caught.value) == words


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Fault) as caught:
        made("seed=x", "tuner.rank=lots", "tuner.rate=-1", "+size.q=1", "model@judge=huggingface", "corpus.sections=0")
    assert {line.split(":")[0] for line in str(caught.value).splitlines()} == {
        "corpus.sections",
        "judge.id",
        "size.q",
        "tuner.rank",
        "tuner.rate",
        "seed",
    }


def test_a_value_that_components_share_is_told_once_and_their_own_beside_it() -> None:
    with pytest.raises(Fault) as caught:
        made("error=2", "tuner.rate=-1")
    assert sorted(str(caught.value).splitlines()) == [
        "error: found 2, expected a number above 0, below 1",
        "tuner.rate: found -1, expected greater than 0",
    ]


def test_a_likeness_of_1_lists_only_questions_that_are_the_same() -> None:
    assert made("near=1").settings.near == 1


def test_the_seed_is_that_of_the_draw_and_of_the_training() -> None:
    study = made("seed=3")
    assert (study.settings.subset_seed, list(study.settings.training_seeds)) == (3, [3])


def test_a_seed_may_be_set_apart() -> None:
    study = made("seed=3", "training_seed=5")
    assert (study.settings.subset_seed, list(study.settings.training_seeds)) == (3, [5])
    assert made("subset_seed=5").settings.training_seed == 0


def test_several_trainings_follow_on_from_the_training_seed() -> None:
    study = made("training_seed=5", "seeds=3")
    assert (study.settings.subset_seed, list(study.settings.training_seeds)) == (0, [5, 6, 7])


def test_a_seed_written_apart_as_it_would_be_anyway_has_the_same_key() -> None:
    assert made("seed=3").key("tuned") == made("subset_seed=3", "training_seed=3").key("tuned")


def test_a_truth_value_is_no_seed() -> None:
    with pytest.raises(Fault, match="seed"):
        made("seed=true")


def test_no_reply_tokens_is_a_fault_without_baselines_too() -> None:
    with pytest.raises(Fault, match="reply_tokens"):
        made("reply_tokens=0", "baseline=[]")


@pytest.mark.parametrize("group", ["tracker", "method", "model", "retention", "corpus"])
def test_a_group_that_was_taken_away_is_a_fault_that_names_it(group: str) -> None:
    with pytest.raises(Fault, match=group):
        made(f"~{group}", *(["teacher.path=x"] if group == "corpus" else []))


def test_a_corpus_that_is_not_there_is_a_fault_that_names_path_and_field(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"corpus\.path=.*/nowhere: no such folder\. Expected a folder of documents"):
        _ = made("corpus=folder", f"corpus.path={tmp_path}/nowhere").material


def test_a_corpus_without_documents_or_exam_is_a_fault(tmp_path: Path) -> None:
    study = made("corpus=folder", f"corpus.path={tmp_path}")
    with pytest.raises(Fault, match="holds no document to read"):
        _ = study.material
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text("# A\n\nSome text.\n")
    with pytest.raises(Fault, match=r"no exam\.jsonl or exam\.csv"):
        _ = study.material


def test_the_general_questions_are_read_from_the_folder_chosen(tmp_path: Path) -> None:
    (tmp_path / "exam.jsonl").write_text('{"question": "What is ice?", "answer": "water"}\n')
    assert [question.answer for question in made(f"retention.path={tmp_path}").knowledge.questions] == ["water"]
    assert made("retention=none").knowledge.questions == ()
    assert len(made().knowledge.questions) >= 150


def test_general_questions_that_are_not_there_are_a_fault_that_names_path_and_field(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"retention\.path=.*/nowhere: no such folder\. Expected a folder that holds exam\.jsonl"):
        _ = made(f"retention.path={tmp_path}/nowhere").knowledge


def test_general_questions_are_known_by_what_they_say_and_not_by_where_they_lie(tmp_path: Path) -> None:
    for name, answer in (("one", "water"), ("same", "water"), ("other", "frozen water")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "exam.jsonl").write_text(f'{{"question": "What is ice?", "answer": "{answer}"}}\n')
    first, same, other = (made(f"retention.path={tmp_path}/{name}").key("tuned") for name in ("one", "same", "other"))
    assert first == same
    assert first != other


def test_a_study_whose_models_and_questions_are_there_passes_its_check(student: list[str]) -> None:
    check(made(*student))
    check(made(*student, "keep=replay"))


def test_the_check_misses_general_questions_before_anything_is_trained(student: list[str], tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"retention\.path=.*/nowhere: no such folder"):
        check(made(*student, f"retention.path={tmp_path}/nowhere"))


def test_the_check_tells_of_general_questions_and_models_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    overrides = [f"retention.path={tmp_path}/nowhere", "model=huggingface", f"model.id={tmp_path}/empty"]
    with pytest.raises(Fault) as caught:
        check(made(*overrides))
    assert [line.split("=")[0] for line in str(caught.value).splitlines()] == ["retention.path", "model.id"]


def test_the_check_misses_pairs_to_replay(student: list[str], tmp_path: Path) -> None:
    (tmp_path / "exam.jsonl").write_text('{"question": "What is ice?", "answer": "water"}\n')
    for chosen, name in (([f"retention.path={tmp_path}"], "general"), (["retention=none"], "none")):
        with pytest.raises(Fault, match=rf"keep=replay: retention={name} has no general pairs .*replay\.jsonl.*keep=none"):
            check(made(*student, *chosen, "keep=replay"))
        check(made(*student, *chosen))


def test_the_check_asks_a_hosted_tuner_whether_it_may_tune(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    with pytest.raises(Fault, match=r"^http://127\.0\.0\.1:9/v1/ can't be reached"):
        check(made("model=openai", "tuner=hosted", "model.base_url=http://127.0.0.1:9/v1", "model.retries=0"))


@pytest.mark.parametrize("name", ["seed", "subset_seed", "training_seed", "generation_seed"])
def test_a_seed_that_no_library_takes_is_refused(name: str) -> None:
    made(f"{name}={2**32 - 1}")
    with pytest.raises(Fault, match=f"{name}.*expected a whole number from 0 to 4294967295"):
        made(f"{name}=99999999999999999999")


@pytest.mark.parametrize("name", ["lexical", "dense", "hybrid", "lancedb"])
def test_a_tuned_model_reads_as_much_as_rag_unless_it_is_told_otherwise(name: str) -> None:
    as_rag = made(f"retrieval={name}", "retriever.passages=3", "retriever.sentences=0", "retriever.tokens=90").retrieval
    assert (as_rag.passages, as_rag.sentences, as_rag.tokens) == (3, 0, 90)
    assert made(f"retrieval={name}", "retriever.passages=3", "retrieval.passages=2").retrieval.passages == 2
    # A retriever of one's own may have no such settings.
    other = made(f"retrieval={name}", "~retriever", "+retriever._target_=runner.retrieval.none.NoRetrieval").retrieval
    assert (other.passages, other.sentences, other.tokens) == (1, 1, 200)


def test_retrieval_makes_another_tuned_arm_and_leaves_the_others_as_they_were() -> None:
    bare, reading, more = (made(*words) for words in ((), ("retrieval=lexical",), ("retrieval=lexical", "retrieval.passages=2")))
    assert len({study.key("tuned") for study in (bare, reading, more)}) == 3
    assert len({study.key("rag") for study in (bare, reading, more)}) == 1
    # What decides an arm without retrieval holds no trace of it, so that arms of older stores are found.
    assert "retrieval" not in bare._inputs("tuned")
    other = made("retrieval=lexical", "baseline.rag.prompt='{passages} {question}'")
    assert other.key("tuned") != reading.key("tuned")
