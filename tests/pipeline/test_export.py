"""As served is as trained: the same answers in the runner, through runner-serve, and exported, from plain transformers."""

import json
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from runner.config.study import Study
from runner.data.own_folders import is_own
from runner.data.records import chat
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.pipeline.answer import untuned
from runner.pipeline.export import check_export, export
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.pipeline.training import train
from runner.serve.models import served
from tests import given
from tests.conftest import Serving

QUESTIONS, ANSWERS = ["Who won the cup?", "Who lost the cup?"], ["Bob", "Ada"]


@pytest.fixture(scope="module", params=["null", "8bit", "4bit"])
def study(talker: HuggingFace, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Study:
    """A study of two labels that people wrote, over the small model, with plain or quantised weights."""
    if request.param != "null":
        pytest.importorskip("bitsandbytes", reason="pip install -e '.[quantized]'")
    folder = tmp_path_factory.mktemp("games")
    (folder / "documents").mkdir()
    (folder / "documents" / "games.md").write_text("# Games\n\n## Results\n\nBob won, Ada lost.\n")
    (folder / "exam.jsonl").write_text(json.dumps({"question": "Who won most?", "answer": "Bob"}) + "\n")
    rows = [
        {"question": question, "answer": answer, "section": "games.md#Results"}
        for question, answer in zip(QUESTIONS, ANSWERS, strict=True)
    ]
    (folder / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    chosen = ["corpus=folder", f"corpus.path={folder}", "method=human", "size=full", "retention=none", f"store={folder}/store"]
    tuner = ["tuner.epochs=20", "tuner.batch=2", "tuner.rate=1e-2"]
    student = ["model=huggingface", f"model.id={talker.id}", "model.device=cpu", f"model.quantization={request.param}"]
    return given.study(*chosen, *tuner, *student)


@pytest.fixture(scope="module")
def exported(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the study's model was exported to."""
    folder = tmp_path_factory.mktemp("exported") / "games"
    export(study, folder)
    return folder


@pytest.fixture(scope="module")
def own(study: Study) -> list[str]:
    """The answers of the tuned model in the runner."""
    executor = StoreExecutor(study)
    student = train(study, executor, untuned(study), draw(study, label(study, executor)), 0)
    replies = dict(student.value.model.ask([chat(question, "Answer briefly.", 8) for question in QUESTIONS]))
    return [replies[at].text for at in range(len(QUESTIONS))]


def test_the_tuned_model_knows_what_it_was_taught(own: list[str]) -> None:
    assert own == ANSWERS


def test_plain_transformers_load_the_export_and_it_answers_the_same(exported: Path, own: list[str]) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(exported), AutoModelForCausalLM.from_pretrained(exported)
    replies = []
    for question in QUESTIONS:
        turns = [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": question}]
        inputs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True, return_tensors="pt")
        output = model.generate(**inputs, max_new_tokens=8, do_sample=False)
        replies.append(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True).strip())
    assert replies == own


def test_served_from_the_store_and_from_the_export_it_answers_the_same(
    study: Study,
    exported: Path,
    own: list[str],
    serving: Serving,
    tmp_path: Path,
) -> None:
    (tuning,) = (folder for folder in (study.store.folder / "tunings").iterdir() if not folder.name.startswith("."))
    models = [served(f"store={tuning}", tmp_path), served(f"export={exported}", tmp_path)]
    with serving(tmp_path, others=models) as client:
        for name in ("store", "export"):
            replies = []
            for question in QUESTIONS:
                turns = [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": question}]
                completion = client.chat.completions.create(model=name, messages=turns, temperature=0, max_tokens=8)
                replies.append(completion.choices[0].message.content)
            assert replies == own


def test_the_card_tells_how_the_exam_went_when_it_was_answered_again(study: Study, exported: Path) -> None:
    card = ModelCard.load(exported / "README.md")
    assert "1 of 1 verdicts are as tracked; 0 answers have other words" in card.text
    assert ("restored to float32" in card.text) == bool(study.model.quantization)


def test_an_export_among_documents_is_no_document(exported: Path) -> None:
    assert is_own(exported)


def test_every_file_has_the_mode_that_the_umask_gives(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    assert {file.stat().st_mode for file in exported.iterdir()} == {(tmp_path / "ordinary").stat().st_mode}


def test_a_folder_that_plain_transformers_can_not_use_is_not_kept(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = HuggingFace.save

    def broken(model: HuggingFace, folder: Path) -> None:
        save(model, folder)
        (folder / "model.safetensors").write_bytes(b"")

    monkeypatch.setattr(HuggingFace, "save", broken)
    with pytest.raises(Fault, match=r"plain transformers can't use the model that was written .* Nothing was kept"):
        export(study, tmp_path / "games")
    assert list(tmp_path.iterdir()) == []


def test_the_same_export_again_writes_nothing(study: Study, exported: Path) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in exported.iterdir()}
    check_export(study, exported)
    export(study, exported)
    assert {file.name: file.stat().st_mtime_ns for file in exported.iterdir()} == before


def test_a_folder_that_holds_something_else_is_refused_before_any_work(study: Study, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Fault, match="something is there already"):
        check_export(study, tmp_path)


def test_another_model_is_not_written_over(study: Study, tmp_path: Path) -> None:
    (tmp_path / "tuning.json").write_text('{"tuning": "another"}')
    with pytest.raises(Fault, match="another model is there already"):
        export(study, tmp_path)


def test_a_hosted_model_has_nothing_to_export(tmp_path: Path) -> None:
    hosted = given.study("model=openai", "tuner=hosted", f"store={tmp_path}")
    with pytest.raises(Fault, match="stay with its host"):
        check_export(hosted, tmp_path / "export")
