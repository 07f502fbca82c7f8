"""A folder is read into sections, exam and labels, or refused with file and line; its state is the digest of its files."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.component import identity
from runner.corpus.folder import Folder
from runner.data.records import HumanGrade, Material, Question
from runner.errors import Fault

DOCUMENT = "# The Cup\n\nIntro.\n\n## Final\n\nAda won.\n"


def line(question: str = "Who won?", answer: str = "Ada", **more: object) -> str:
    """A row of an exam or of labels."""
    return json.dumps({"question": question, "answer": answer, **more}) + "\n"


def folder(root: Path, **files: str | bytes) -> Path:
    """A corpus of one document and these files: exam_jsonl is exam.jsonl."""
    (root / "documents").mkdir()
    (root / "documents" / "cup.md").write_text(DOCUMENT)
    for name, text in files.items():
        (root / name.replace("_", ".")).write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(root: Path, **settings: object) -> Material:
    """Read a corpus with these settings."""
    return Folder(path=str(root), **settings).read()


def refused(root: Path, message: str, **settings: object) -> str:
    """The message of the fault that reading raises, which holds `message`."""
    with pytest.raises(Fault, match=re.escape(message)) as found:
        read(root, **settings)
    return str(found.value)


def test_a_folder_of_documents_and_exam_is_read(tmp_path):
    material = read(folder(tmp_path, exam_jsonl=line(id="q1", section="cup.md#Final", aliases=["Ms Ada"])), purpose="Know.")
    assert [section.id for section in material.sections] == ["cup.md#The Cup", "cup.md#Final"]
    assert material.questions == (
        Question(
            id="q1", question="Who won?", answer="Ada", category="cup", aliases=("Ms Ada",), section="cup.md#Final", fact=""
        ),
    )
    assert (material.labels, material.purpose) == ((), "Know.")


def test_an_exam_that_was_copied_into_a_corpus_still_says_that_a_model_wrote_it(tmp_path):
    rows = line("a?", origin="written by m, not checked by a person") + line("b?")
    assert read(folder(tmp_path, exam_jsonl=rows)).exam_origin == "written by m, not checked by a person (1 of 2 questions)"


def test_the_category_of_a_question_is_its_own_else_its_sections(tmp_path):
    rows = line("a?", category="own", section="cup.md#Final") + line("b?", section="cup.md#Final") + line("c?")
    questions = read(folder(tmp_path, exam_jsonl=rows)).questions
    assert [question.category for question in questions] == ["own", "cup", "uncategorised"]


def test_a_question_without_an_id_is_named_by_its_words(tmp_path):
    assert read(folder(tmp_path, exam_jsonl=line("Who WON the cup?"))).questions[0].id == "who won cup"


def test_an_exam_may_be_csv(tmp_path):
    exam = "question,answer,aliases,section\nWho won?,Ada,Ms Ada | A.,cup.md#Final\n"
    (question,) = read(folder(tmp_path, exam_csv=exam)).questions
    assert (question.answer, question.aliases, question.section) == ("Ada", ("Ms Ada", "A."), "cup.md#Final")


def test_quoted_csv_may_hold_commas_quotes_and_lines(tmp_path):
    exam = 'question,answer\r\n"Who, on the\nday, won?","Ada ""the\nFox"""\r\n'
    (question,) = read(folder(tmp_path, exam_csv=exam)).questions
    assert (question.question, question.answer) == ("Who, on the\nday, won?", 'Ada "the\nFox"')


def test_a_fault_after_quoted_lines_names_the_line_of_the_file(tmp_path):
    exam = 'question,answer\n"Who\nwon?","Ada\nof"\nWho lost?,\n'
    refused(folder(tmp_path, exam_csv=exam), f"{tmp_path}/exam.csv:5: answer: field required")


def test_peoples_labels_are_read_with_their_place(tmp_path):
    labels = "\n" + line("Who lost?", "Bea", section="cup.md#Final", fact="Bea lost.")
    (label,) = read(folder(tmp_path, exam_jsonl=line(), labels_jsonl=labels)).labels
    assert (label.question, label.answer, label.category, label.fact) == ("Who lost?", "Bea", "cup", "Bea lost.")
    assert (label.method, label.origin) == ("human", "labels.jsonl:2")


def test_labels_may_be_csv(tmp_path):
    (label,) = read(folder(tmp_path, exam_jsonl=line(), labels_csv="question,answer\nWho lost?,Bea\n")).labels
    assert label.origin == "labels.csv:2"


def test_the_space_around_a_field_does_not_count(tmp_path):
    (question,) = read(folder(tmp_path, exam_jsonl=line(" Who won? ", " Ada "))).questions
    assert (question.question, question.answer) == ("Who won?", "Ada")


def test_only_so_many_sections_of_each_document_are_kept_with_what_belongs_to_them(tmp_path):
    exam = line("a?", section="cup.md#The Cup") + line("b?", section="cup.md#Final")
    labels = line("c?", section="cup.md#Final") + line("d?", section="cup.md#The Cup")
    material = read(folder(tmp_path, exam_jsonl=exam, labels_jsonl=labels), sections=1)
    assert [section.heading for section in material.sections] == ["The Cup"]
    assert [question.question for question in material.questions] == ["a?"]
    assert [label.question for label in material.labels] == ["d?"]


def test_a_sample_holds_every_category_and_lies_within_every_larger_one_in_the_order_of_the_corpus(tmp_path):
    root = folder(tmp_path, exam_jsonl=line())
    for name, many in (("small", 4), ("large", 16)):
        (root / "documents" / name).mkdir()
        parts = "".join(f"## Part {part}\n\nAda won cup {part} of {name}, and Bea came second.\n\n" for part in range(many))
        (root / "documents" / name / "cups.md").write_text(f"# Cups\n\n{parts}")
    whole = read(root, documents=["small/**", "large/**"])
    samples = [read(root, documents=["small/**", "large/**"], sample=size).sections for size in (5, 10, 50)]
    assert [len(sections) for sections in samples] == [5, 10, 20]
    assert [Counter(section.category for section in sections) for sections in samples[:2]] == [
        {"small": 1, "large": 4},
        {"small": 2, "large": 8},
    ]
    assert {*samples[0]} < {*samples[1]} < {*samples[2]} == {*whole.sections}
    assert [section for section in whole.sections if section in samples[1]] == [*samples[1]]


def test_only_the_named_documents_are_kept_with_what_belongs_to_them(tmp_path):
    root = folder(tmp_path, exam_jsonl=line("a?", section="cup.md#Final") + line("b?", section="bowl.md#Bowl"))
    (root / "documents" / "bowl.md").write_text("# Bowl\n\nBea won.\n")
    material = read(root, documents=["bowl"])
    assert [section.id for section in material.sections] == ["bowl.md#Bowl"]
    assert [question.question for question in material.questions] == ["b?"]


def test_the_name_is_the_title_else_the_folders(tmp_path):
    assert Folder(path=str(tmp_path / "my-docs")).name == "my-docs"
    assert Folder(path=str(tmp_path), title="sports").name == "sports"


def test_a_missing_folder_is_named_with_what_was_expected(tmp_path):
    refused(tmp_path / "nowhere", f"corpus.path={tmp_path}/nowhere: no such folder. Expected a folder of documents")


def test_an_empty_folder_holds_no_document(tmp_path):
    refused(tmp_path, f"{tmp_path} holds no document to read (found: nothing)")


def test_documents_of_other_kinds_are_named(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "cup.xyz").write_text("x")
    refused(tmp_path, "(found: .xyz). Expected files ending in .adoc, ")


def test_documents_without_text_are_named(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "cup.md").write_text("# The Cup\n")
    refused(tmp_path, "the documents hold no text (cup.md)")


def test_a_document_without_text_beside_others_is_noted(tmp_path):
    root = folder(tmp_path, exam_jsonl=line())
    (root / "documents" / "later.md").write_text("# Later\n")
    assert len(read(root).sections) == 2
    assert read(root).notes == ("documents without text: later.md",)


def test_a_folder_without_an_exam_is_read_for_the_group_exam(tmp_path):
    material = read(folder(tmp_path, labels_jsonl=line()))
    assert (material.questions, len(material.sections), len(material.labels)) == ((), 2, 1)


@pytest.mark.parametrize("file", ["exam", "labels"])
def test_a_table_under_an_ending_that_is_not_read_is_named(tmp_path, file):
    files = {"exam_jsonl": line()} if file == "labels" else {}
    found = refused(folder(tmp_path, **files, **{f"{file}_json": "[]"}), f"{tmp_path} holds {file}.json, which is not read.")
    assert f"Expected {file}.jsonl" in found


def test_an_exam_that_is_one_array_is_told_once(tmp_path):
    found = refused(
        folder(tmp_path, exam_jsonl=f"[\n{line().strip()},\n{line('q')}]\n"), f"{tmp_path}/exam.jsonl is one JSON array"
    )
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("question;answer", "the fields are separated by ';'. Expected commas"),
        ("question\tanswer", "the fields are separated by '\\t'. Expected commas"),
        ("Who won?,Ada", "found 'Who won?, Ada'. Expected a header that names the columns: question,answer"),
    ],
)
def test_a_csv_of_other_columns_is_refused_once(tmp_path, header, reason):
    found = refused(folder(tmp_path, exam_csv=f"{header}\nWho lost?,Bea\nWho drew?,Cleo\n"), f"{tmp_path}/exam.csv:1: {reason}")
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize("exam", ["", "\n \n"])
def test_an_exam_without_a_line_is_refused(tmp_path, exam):
    refused(folder(tmp_path, exam_jsonl=exam), f"{tmp_path}/exam.jsonl holds no line")


def test_a_csv_of_a_header_alone_is_refused(tmp_path):
    refused(folder(tmp_path, exam_csv="question,answer\n"), "exam.csv holds no line")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("Who won?\n", "not JSON"),
        ('{"question": "q"\n', "not JSON"),
        ('{"question": "q"}\n', "answer: field required"),
        ('{"answer": "a"}\n', "question: field required"),
        ('["q", "a"]\n', '["q", "a"] is not an object. Expected one'),
        ("null\n", "null is not an object. Expected one"),
        (line("q", " "), "answer: string should have at least 1 character"),
        ('{"question": "q", "answer": true}\n', "answer: input should be a valid string, found True"),
        ('{"question": "q", "answer": NaN}\n', "answer: value error, expected text or a number, found nan"),
        (line("q", catgory="red"), "the column 'catgory' looks like 'category'. Correct it"),
        (line("q", awnser="red"), "the column 'awnser' looks like 'answer'"),
        (line("q", tags=["red"]), "the column 'tags' holds ['red']. Expected text, a number, true or false"),
        (line("q", level=float("nan")), "the column 'level' holds nan. Expected text, a number"),
        (line("q", author="\ud83d"), "the column 'author' holds"),
        (line("q", grade="A"), "the column 'grade' has a name that the results need"),
        (line("q", aliases="b"), "aliases: input should be a valid list"),
        ('{"question": "\\ud83d", "answer": "a"}\n', "question: input should be a valid string"),
        (line("who won"), "the same question as"),
        (line("q", id="first"), "the same id as"),
    ],
)
def test_a_bad_line_is_named_with_its_file_number_and_reason(tmp_path, bad, reason):
    exam = line(id="first") + "\n" + bad
    refused(folder(tmp_path, exam_jsonl=exam), f"{tmp_path}/exam.jsonl:3: {reason}")


def test_a_duplicate_names_the_line_that_it_repeats(tmp_path):
    found = refused(folder(tmp_path, exam_jsonl=line() + line("Who, won")), "exam.jsonl:2: the same question")
    assert f"{tmp_path}/exam.jsonl:1: 'Who, won'" in found


def test_bad_labels_are_named_too(tmp_path):
    refused(folder(tmp_path, exam_jsonl=line(), labels_jsonl=line("q") + "x\n"), "labels.jsonl:2: not JSON")


def test_aliases_are_for_the_exam_alone(tmp_path):
    refused(folder(tmp_path, exam_jsonl=line(), labels_jsonl=line("q", aliases=["b"])), "labels.jsonl:1: the column 'aliases'")


def test_all_bad_lines_are_told_at_once_up_to_ten(tmp_path):
    found = refused(folder(tmp_path, exam_jsonl="x\n" * 12), "exam.jsonl:10: not JSON")
    assert "exam.jsonl:11:" not in found
    assert found.endswith("(and 2 more)")


def test_an_exam_that_is_not_utf8_is_refused(tmp_path):
    refused(folder(tmp_path, exam_jsonl=line("caf?").encode().replace(b"f?", b"f\xe9")), "exam.jsonl is not UTF-8 (byte ")


def test_a_document_that_is_not_utf8_is_refused(tmp_path):
    root = folder(tmp_path, exam_jsonl=line())
    (root / "documents" / "bad.txt").write_bytes(b"caf\xe9")
    refused(root, "documents/bad.txt is not UTF-8 (byte 3 is 0xe9)", strict=True)


def test_a_document_that_can_not_be_read_is_left_out_with_a_note(tmp_path):
    root = folder(tmp_path, exam_jsonl=line())
    (root / "documents" / "bad.txt").write_bytes(b"caf\xe9")
    material = read(root)
    assert {section.document for section in material.sections} == {"cup.md"}
    assert any(note.startswith("left out: ") and "bad.txt is not UTF-8 (byte 3 is 0xe9)" in note for note in material.notes)


def test_a_question_on_a_document_that_was_left_out_is_refused_with_the_reason(tmp_path):
    root = folder(tmp_path, exam_jsonl=line() + line("q", section="bad.txt#bad"))
    (root / "documents" / "bad.txt").write_bytes(b"caf\xe9")
    refused(root, "exam.jsonl:2: section 'bad.txt#bad' is of a document that was left out: ")
    refused(root, "corpus.documents: bad matches only documents that were left out: ", documents=["bad"])


def test_a_document_whose_name_is_not_utf8_is_refused(tmp_path):
    root = folder(tmp_path, exam_jsonl=line())
    try:
        (root / "documents" / os.fsdecode(b"caf\xe9.md")).touch()
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    refused(root, "the name is not UTF-8", strict=True)
    assert any("the name is not UTF-8" in note for note in read(root).notes)


def test_a_question_in_labels_and_exam_is_a_leak(tmp_path):
    found = refused(folder(tmp_path, exam_jsonl=line(), labels_jsonl=line("q") + line("who WON")), "labels.jsonl:2")
    assert f"{tmp_path}/exam.jsonl:1: who WON" in found


@pytest.mark.parametrize("file", ["exam", "labels"])
def test_an_unknown_section_is_named_with_those_there_are(tmp_path, file):
    rows = {"exam_jsonl": line(), "labels_jsonl": line("q")}
    rows[f"{file}_jsonl"] += line("r", section="cup.md#Finale")
    found = refused(folder(tmp_path, **rows), f"{tmp_path}/{file}.jsonl:2: no section 'cup.md#Finale'")
    assert "cup.md#Final" in found


@pytest.mark.parametrize("file", ["exam", "labels"])
def test_jsonl_beside_csv_is_refused(tmp_path, file):
    files = {"exam_jsonl": line("q"), f"{file}_jsonl": line(), f"{file}_csv": "question,answer\na,b\n"}
    refused(folder(tmp_path, **files), f"holds both {file}.jsonl and {file}.csv")


def test_an_unknown_document_is_named_with_those_there_are(tmp_path):
    refused(
        folder(tmp_path, exam_jsonl=line()),
        "corpus.documents: no document matches bowl. Expected a name or a pattern of cup.md",
        documents=["bowl"],
    )


def test_a_choice_may_leave_no_question(tmp_path):
    assert read(folder(tmp_path, exam_jsonl=line(section="cup.md#Final")), sections=1).questions == ()


def test_a_line_separator_in_a_string_does_not_end_the_line(tmp_path):
    exam = json.dumps({"question": "Who\u2028won?", "answer": "Ada"}, ensure_ascii=False)
    assert read(folder(tmp_path, exam_jsonl=exam)).questions[0].answer == "Ada"


@pytest.mark.parametrize("row", ['Who won?,"Ada\n', 'Who won?,"A"da\n'], ids=["quote left open", "quote in the middle"])
def test_a_csv_that_cannot_be_read_is_refused_with_its_line(tmp_path, row):
    refused(folder(tmp_path, exam_csv=f"question,answer\n{row}"), "exam.csv:2:")


def test_a_csv_row_with_more_fields_than_the_header_is_refused_with_its_line(tmp_path):
    exam = "question,answer\nWho won?,Ada,on Sunday\n"
    refused(folder(tmp_path, exam_csv=exam), f"{tmp_path}/exam.csv:2: more fields than the header names: on Sunday")


def test_empty_lines_of_a_csv_are_counted(tmp_path):
    refused(folder(tmp_path, exam_csv="question,answer\n\n\nWho won?,\n"), f"{tmp_path}/exam.csv:4: answer: field required")


def test_a_quote_left_open_is_named_by_the_line_that_it_opens_on(tmp_path):
    exam = 'question,answer\nWho won?,Ada\n"Who lost?,Bea\nWho drew?,Cleo\n'
    refused(folder(tmp_path, exam_csv=exam), f"{tmp_path}/exam.csv:3: not CSV")


def grade(question: str = "Who won?", answer: str = "Ms Ada", passed: object = True, **more: object) -> str:
    """A row of people's grades."""
    return line(question, answer, **{"pass": passed, **more})


def test_peoples_grades_are_read_with_the_exams_question(tmp_path):
    rows = grade("who WON") + grade(answer="Bea", passed=False)
    material = read(folder(tmp_path, exam_jsonl=line(id="q1", aliases=["A."]), grades_jsonl=rows))
    (question,) = material.questions
    assert material.grades == (
        HumanGrade(question=question, answer="Ms Ada", passed=True),
        HumanGrade(question=question, answer="Bea", passed=False),
    )


def test_grades_may_be_csv(tmp_path):
    grades = "question,answer,pass\nWho won?,Ada,true\nWho won?,Bea,False\n"
    found = read(folder(tmp_path, exam_jsonl=line(), grades_csv=grades)).grades
    assert [marking.passed for marking in found] == [True, False]


def test_a_grade_may_bring_a_question_and_a_reference_of_its_own(tmp_path):
    rows = grade("Who lost?", "Cleo", False, reference="Bea", category="cup") + grade(reference="Ada Fox")
    first, second = read(folder(tmp_path, exam_jsonl=line(aliases=["A."]), grades_jsonl=rows)).grades
    assert first.question == Question(id="who lost", question="Who lost?", answer="Bea", category="cup")
    assert (second.question.answer, second.question.aliases) == ("Ada Fox", ())


def test_a_grade_for_a_question_that_the_exam_does_not_ask_needs_a_reference(tmp_path):
    rows = grade() + grade("Who lost?")
    refused(
        folder(tmp_path, exam_jsonl=line(), grades_jsonl=rows), f"{tmp_path}/grades.jsonl:2: the exam does not ask 'Who lost?'"
    )


def test_only_the_grades_of_the_chosen_questions_are_kept(tmp_path):
    exam = line("a?", section="cup.md#The Cup") + line("b?", section="cup.md#Final")
    rows = grade("a?") + grade("b?") + grade("c?", reference="Ada")
    found = read(folder(tmp_path, exam_jsonl=exam, grades_jsonl=rows), sections=1).grades
    assert [marking.question.question for marking in found] == ["a?", "c?"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (
            line("Who won?", "Bea"),
            "pass: field required. Expected an object with question, answer, pass and, where known, category",
        ),
        (grade(passed="maybe"), "pass: input should be a valid boolean"),
        (grade(passed=None), "pass: field required"),
        (grade(score=1), "score: extra inputs are not permitted"),
        (grade("who won", "Ada", False), "the same answer to the same question as"),
        ("x\n", "not JSON"),
    ],
)
def test_a_bad_grade_is_named_with_its_file_number_and_reason(tmp_path, bad, reason):
    rows = grade(answer="Ada") + bad
    refused(folder(tmp_path, exam_jsonl=line(), grades_jsonl=rows), f"{tmp_path}/grades.jsonl:2: {reason}")


def test_a_corpus_without_peoples_grades_has_none(tmp_path):
    assert read(folder(tmp_path, exam_jsonl=line())).grades == ()


def state(root: Path) -> str:
    """The digest of the files that are read."""
    return Folder(path=str(root)).state()


def test_the_state_is_the_same_for_the_same_files_in_another_folder(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folder(tmp_path / name, exam_jsonl=line(), labels_csv="question,answer\na?,b\n")
    assert state(tmp_path / "one") == state(tmp_path / "two")
    assert identity(Folder(path=str(tmp_path / "one"))) == identity(Folder(path=str(tmp_path / "two")))


@pytest.mark.parametrize(
    "name",
    [
        "documents/cup.md",
        "documents/more/new.TXT",
        "exam.jsonl",
        "exam.csv",
        "labels.jsonl",
        "labels.json",
        "grades.csv",
        "grades.xlsx",
        "documents/cup.png",  # a note tells that it is not read
        "documents/.DS_Store",
    ],
)
def test_the_state_changes_with_each_file_that_is_read(tmp_path, name):
    before = state(folder(tmp_path, exam_jsonl=line(), grades_csv="question,answer,pass\n"))
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("something else")
    changed = state(tmp_path)
    file.unlink()
    assert before != changed != state(tmp_path)


def test_the_state_changes_when_a_document_is_renamed(tmp_path):
    before = state(folder(tmp_path, exam_jsonl=line()))
    (tmp_path / "documents" / "cup.md").rename(tmp_path / "documents" / "bowl.md")
    assert state(tmp_path) != before


@pytest.mark.parametrize("name", ["recorded/teacher.jsonl", "README.md", "exam.jsonl.bak"])
def test_the_state_does_not_change_with_files_that_are_not_read(tmp_path, name):
    before = state(folder(tmp_path, exam_jsonl=line()))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x")
    assert state(tmp_path) == before


def test_a_file_is_hashed_once_until_it_changes(tmp_path, monkeypatch):
    before = state(folder(tmp_path, exam_jsonl=line()))
    with monkeypatch.context() as patch:
        patch.setattr("hashlib.file_digest", None)
        assert state(tmp_path) == before
    file = tmp_path / "exam.jsonl"
    status = file.stat()
    file.write_text(line(answer="Bea"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert file.stat().st_size == status.st_size
    assert state(tmp_path) != before


def test_a_missing_folder_has_a_state_and_is_refused_only_when_it_is_read(tmp_path):
    assert state(tmp_path / "nowhere") == state(tmp_path / "elsewhere")


@pytest.fixture
def cup(tmp_path: Path) -> Path:
    """A corpus of one document, beside a file that does not belong to it."""
    root = tmp_path / "corpus"
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "cup.md").write_text(DOCUMENT)
    (root / "exam.jsonl").write_text(line())
    (tmp_path / "secret.txt").write_text("A password.\n")
    return root


@pytest.mark.parametrize("target", ["../../secret.txt", "/etc/hostname"])
def test_a_document_that_is_a_link_out_of_the_corpus_is_a_fault_that_names_both_ends(cup: Path, target: str) -> None:
    link = cup / "documents" / "more.txt"
    link.symlink_to(target)
    words = re.escape(f"{link} is a link out of the corpus, to {link.resolve()}. ") + ".*copy it there.*remove the link"
    with pytest.raises(Fault, match=words):
        Folder(path=str(cup), strict=True).read()
    assert any(re.search(words, note) for note in Folder(path=str(cup)).read().notes)


def test_a_documents_folder_that_leads_out_of_the_corpus_is_a_fault(cup: Path, tmp_path: Path) -> None:
    (cup / "documents").rename(tmp_path / "elsewhere")
    (cup / "documents").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Fault, match=r"documents is a link out of the corpus, to .*elsewhere"):
        Folder(path=str(cup)).read()


def test_links_within_the_corpus_a_linked_corpus_and_a_linked_exam_are_read(cup: Path, tmp_path: Path) -> None:
    (cup / "exam.jsonl").rename(tmp_path / "exam.jsonl")
    (cup / "exam.jsonl").symlink_to(tmp_path / "exam.jsonl")
    (cup / "documents" / "same.md").symlink_to("cup.md")
    (cup / "documents" / "again").symlink_to(".")
    (tmp_path / "linked").symlink_to(cup)
    material = Folder(path=str(tmp_path / "linked")).read()
    assert sorted({section.document for section in material.sections}) == ["cup.md", "same.md"]
    assert "linked folders are not read: again" in material.notes


def test_a_link_that_leads_nowhere_is_a_fault(cup: Path) -> None:
    (cup / "documents" / "a.md").symlink_to("b.md")
    with pytest.raises(Fault, match=r"a\.md can't be read: .*where it leads"):
        Folder(path=str(cup), strict=True).read()
    (cup / "documents" / "b.md").symlink_to("a.md")
    with pytest.raises(Fault, match=r"a\.md is a link that leads nowhere"):
        Folder(path=str(cup), strict=True).read()


@pytest.mark.parametrize("name", ["exam.csv", "labels.jsonl", "grades.jsonl", "documents/more.md"])
@pytest.mark.parametrize(("make", "kind"), [(os.mkfifo, "pipe"), (lambda file: file.symlink_to("/dev/zero"), "device")])
def test_what_is_no_regular_file_is_a_fault_and_never_waited_for(
    cup: Path, name: str, make: Callable[[Path], object], kind: str
) -> None:
    if name == "exam.csv":
        (cup / "exam.jsonl").unlink()
    make(cup / name)
    expected = f"{name} is a {kind}. Expected a regular file"
    if name.startswith("documents") and kind == "device":
        expected = "is a link out of the corpus, to /dev/zero"
    with pytest.raises(Fault, match=re.escape(expected)):
        Folder(path=str(cup), strict=True).read()
    if name.startswith("documents"):
        assert any(re.search(re.escape(expected), note) for note in Folder(path=str(cup)).read().notes)


def test_an_answer_and_a_label_of_a_changed_document_are_noted_with_file_and_line(cup: Path) -> None:
    row = line("Who won?", "Ada", section="cup.md#Final")
    (cup / "exam.jsonl").write_text(row)
    (cup / "labels.jsonl").write_text(line("How long?", "It took 18 ms.", section="cup.md#Final"))
    document = DOCUMENT.replace("Ada", "Ada, in 18 ms,")
    (cup / "documents" / "cup.md").write_text(document)
    assert Folder(path=str(cup)).read().notes == ()
    (cup / "documents" / "cup.md").write_text(document.replace("Ada", "Bob").replace("18", "19"))
    (note,) = Folder(path=str(cup)).read().notes
    assert "2 of 2 answers stand nowhere in their section: exam.jsonl:1 ('Ada'), labels.jsonl:1 ('It took 18 ms.')" in note


def test_further_columns_of_exam_and_labels_are_kept(tmp_path):
    labels = "question,answer,author\nWho lost?,Bea,Eve\nWho drew?,Cy,\n"
    material = read(folder(tmp_path, exam_jsonl=line(difficulty="hard", level=3, checked=True), labels_csv=labels))
    assert material.questions[0].extra == {"difficulty": "hard", "level": 3, "checked": True}
    assert [label.extra for label in material.labels] == [{"author": "Eve"}, {}]


def test_a_level_of_folders_may_be_a_number_as_in_yaml(tmp_path):
    assert (Folder(path=str(tmp_path), category=2).category, Folder(path=str(tmp_path), category=1)) == (
        "2",
        Folder(path=str(tmp_path)),
    )


@pytest.mark.parametrize("name", ["Exam.CSV", "EXAM.csv"])
def test_an_exam_with_capitals_in_its_name_is_the_exam_and_no_document(tmp_path, name):
    (tmp_path / "cup.md").write_text("## Final\n\nAda won.\n")
    (tmp_path / name).write_text("question,answer\nWho won?,Ada\n")
    (tmp_path / "preferences.csv").write_text("prompt,chosen,rejected\nWho lost?,Bea,Ada\n")
    folder = Folder(path=str(tmp_path))
    material = folder.read()
    assert [question.question for question in material.questions] == ["Who won?"]
    assert {section.document for section in material.sections} == {"cup.md"}
    before = folder.state()
    (tmp_path / name).write_text("question,answer\nWho won?,Bea\n")
    assert folder.state() != before
