"""Labels are written for other trainers, and the files are the labels of a corpus again."""

import json
from dataclasses import replace
from pathlib import Path

import datasets
import pytest

from runner.config.study import Study
from runner.corpus.folder import Folder
from runner.data.label_forms import CHAT, DATASETS, FORMS
from runner.data.records import Label, Labelling, Ledger, Material
from runner.errors import Fault
from runner.hosts.chat_lines import examples
from runner.method.human import Human
from runner.pipeline.label_files import check_label_files, folder_of, write_label_files
from tests import given
from tests.given import Scripted

PLACED = {"section": "cup.md#Final", "method": "fact", "origin": "teacher", "category": "finals"}
PAIRS = tuple(
    given.label(
        f"Who won cup {number}?", answer=f"=Ada of “{number}”.", fact=f"Fact {number % 5}.", position=number // 5, **PLACED
    )
    for number in range(12)
)
TEXTS = (given.label("", answer="Ada won.\n\nBea lost.", around="Who won?", position=1, **PLACED | {"method": "document"}),)
LEDGER = Ledger(stage="pairs", requested=13, kept=12, filtered={"duplicate": 1})


def written(folder: Path, labels: tuple[Label, ...], *chosen: str) -> Study:
    """Write labels below a folder."""
    study = given.study(f"store={folder}/store", f"labels_to={folder}/out", *chosen)
    write_label_files(study, Labelling(labels=labels, ledgers=(LEDGER,)), labels, folder_of(study, several=False))
    return study


def read_again(folder: Path, place: Path) -> tuple[Label, ...]:
    """Make a file or folder the labels of a corpus, and read it."""
    root = folder / f"corpus-{place.name}"
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "cup.md").write_text(
        "# The Cup\n\n## Final\n\nAda won the cup, and Bea lost it in the rain of the north.\n"
    )
    place.rename(root / f"labels{place.suffix}")
    return Folder(path=str(root)).read().labels


@pytest.mark.parametrize("form", FORMS)
def test_labels_that_left_come_in_again_as_they_were(tmp_path: Path, form: str) -> None:
    written(tmp_path, PAIRS)
    labels = read_again(tmp_path, tmp_path / "out" / (form if form == DATASETS else f"{form}.jsonl"))
    if form == CHAT:  # its lines hold question and answer alone
        assert [(label.question, label.answer) for label in labels] == [(label.question, label.answer) for label in PAIRS]
        return
    assert labels == PAIRS
    assert Human().label(Material(sections=(), questions=(), labels=labels), Scripted(str), 5).labels == PAIRS


@pytest.mark.parametrize("form", FORMS)
def test_texts_have_files_of_their_own_and_come_in_again(tmp_path: Path, form: str) -> None:
    written(tmp_path, TEXTS)
    assert read_again(tmp_path, tmp_path / "out" / (form if form == DATASETS else f"{form}-texts.jsonl")) == TEXTS


def test_a_folder_of_datasets_with_pairs_and_texts_is_read_whole(tmp_path: Path) -> None:
    written(tmp_path, (*PAIRS, *TEXTS), "labels_as=[datasets]")
    assert read_again(tmp_path, tmp_path / "out" / DATASETS) == (*PAIRS, *TEXTS)


def test_the_chat_lines_are_those_of_a_fine_tuning_file(tmp_path: Path) -> None:
    written(tmp_path, PAIRS, "labels_as=[chat]")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["chat.jsonl", "labels.json"]
    taught = examples((tmp_path / "out" / "chat.jsonl").read_bytes())
    assert [(prompt.messages[-1].content, reply) for prompt, reply in taught] == [(one.question, one.answer) for one in PAIRS]
    assert taught[0][0].messages[0].content == "Answer briefly."


def test_the_folder_loads_by_datasets_with_a_card_that_says_what_it_holds(tmp_path: Path) -> None:
    written(tmp_path, (*PAIRS, *TEXTS), "labels_licence=cc-by-4.0")
    loaded = datasets.load_dataset(f"{tmp_path}/out/datasets", split="train", cache_dir=f"{tmp_path}/cache")
    assert loaded["question"][0] == "Who won cup 0?"
    assert loaded["messages"][0][-1] == {"role": "assistant", "content": "=Ada of “0”."}
    card = (tmp_path / "out" / "datasets" / "README.md").read_text()
    for words in ("license: cc-by-4.0", "13 labels by method=fact", "1 duplicate", "category finals: 13", "Below are a section"):
        assert words in card


def test_columns_of_several_types_are_written_as_words(tmp_path: Path) -> None:
    mixed = [replace(PAIRS[0], extra={"level": 3}), replace(PAIRS[1], extra={"level": "hard"})]
    written(tmp_path, tuple(mixed), "labels_as=[datasets]")
    assert [label.extra for label in read_again(tmp_path, tmp_path / "out" / DATASETS)] == [{"level": "3"}, {"level": "hard"}]


def test_the_same_labels_are_written_once_and_others_never_over_them(tmp_path: Path) -> None:
    written(tmp_path, PAIRS)
    (tmp_path / "out" / "note.txt").write_text("ours")
    written(tmp_path, PAIRS)
    with pytest.raises(Fault, match="other labels are there already"):
        written(tmp_path, PAIRS[:5])
    assert (tmp_path / "out" / "note.txt").read_text() == "ours"
    assert len((tmp_path / "out" / "alpaca.jsonl").read_text().splitlines()) == 12


def test_labels_that_are_written_among_the_documents_are_no_documents(tmp_path: Path) -> None:
    root = tmp_path / "docs"
    root.mkdir()
    (root / "cup.md").write_text("# The Cup\n\nAda won the cup.\n")
    corpus = Folder(path=str(root))
    before = corpus.state(), corpus.read().sections
    written(root, PAIRS, f"store={tmp_path}/store")
    assert (root / "out" / "datasets" / "README.md").exists()
    assert (corpus.state(), corpus.read().sections) == before


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Fault, match="something is there already"):
        check_label_files(given.study(), tmp_path)
    check_label_files(given.study(), tmp_path / "new")


@pytest.mark.parametrize("other", ["size=10x", "method=token", "subset_seed=1", "labels_as=[chat]", "corpus.purpose=Another."])
def test_a_folder_with_other_labels_is_refused_before_any_is_made(tmp_path: Path, other: str) -> None:
    study = written(tmp_path, PAIRS)
    check_label_files(study, tmp_path / "out")
    with pytest.raises(Fault, match=r"labels_to=.*/out: other labels are there already, of another corpus, method"):
        check_label_files(given.study(other), tmp_path / "out")


def test_a_folder_from_before_this_check_is_left_to_the_writing(tmp_path: Path) -> None:
    written(tmp_path, PAIRS)
    mark = tmp_path / "out" / "labels.json"
    mark.write_text(json.dumps({name: value for name, value in json.loads(mark.read_text()).items() if name != "of"}))
    check_label_files(given.study("size=10x"), tmp_path / "out")


def test_half_a_character_does_not_stop_the_writing(tmp_path: Path) -> None:
    written(tmp_path, (replace(PAIRS[0], answer="half \ud83d of it"),), "labels_as=[alpaca]")
    assert json.loads((tmp_path / "out" / "alpaca.jsonl").read_text())["output"] == "half \ud83d of it"


def test_each_run_of_a_sweep_has_a_folder_by_its_name(tmp_path: Path) -> None:
    study = given.study(f"labels_to={tmp_path}", "method=mixed", "method.share=0.5", "size=1x")
    assert folder_of(study, several=True) == tmp_path / "quick" / "mixed-1x-method.share=0.5"
    assert folder_of(given.study(), several=True) is None
