"""A component refuses what its schema does not hold, and its identity is all that decides its output."""

import hashlib
import subprocess
import sys
from dataclasses import FrozenInstanceError
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import PositiveInt, ValidationError

from runner.component import component, identity, imported_files, source_digest
from runner.size.full import FullSize
from runner.spending.budget import Budget

# These classes are not of the package, so their source is part of what they are.
SOURCE = {"source": source_digest(__name__)}


@component
class Kettle:
    """A component with a setting that decides what it returns and one that does not."""

    incidental: ClassVar[frozenset[str]] = frozenset({"colour"})

    later: ClassVar[frozenset[str]] = frozenset({"spout"})

    cups: PositiveInt
    colour: str = "red"
    spout: str = "straight"


@component
class Teapot:
    """A component that reads a file and was changed since its first version."""

    version: ClassVar[int] = 2

    cups: PositiveInt = 1

    def state(self) -> str:
        """The fingerprint of what it read."""
        return "leaves"


def test_a_setting_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="lid"):
        Kettle(cups=1, lid=True)


def test_a_setting_of_the_wrong_type_is_refused():
    with pytest.raises(ValidationError, match="cups"):
        Kettle(cups="many")


def test_a_setting_out_of_bounds_is_refused():
    with pytest.raises(ValidationError, match="greater than 0"):
        Kettle(cups=0)


def test_a_missing_setting_is_refused():
    with pytest.raises(ValidationError, match="cups"):
        Kettle()


def test_settings_are_given_by_name():
    with pytest.raises(ValidationError):
        Kettle(1)


def test_a_component_cannot_be_changed():
    kettle = Kettle(cups=1)
    with pytest.raises(FrozenInstanceError):
        kettle.cups = 2


def test_a_setting_that_was_removed_stays_in_the_identity_at_its_former_default():
    @component
    class Pot:
        former: ClassVar[dict[str, float]] = {"steam": 0.0}

        cups: int

    assert identity(Pot(cups=1))["steam"] == 0.0
    with pytest.raises(ValidationError, match="steam"):
        Pot(cups=1, steam=0.0)


def test_the_identity_holds_class_version_and_settings():
    assert identity(Kettle(cups=3)) == {"class": f"{__name__}.Kettle", "version": 1, "cups": 3} | SOURCE


def test_an_incidental_setting_does_not_change_the_identity():
    assert identity(Kettle(cups=1, colour="blue")) == identity(Kettle(cups=1))


def test_a_setting_that_came_later_counts_where_it_is_not_at_its_default():
    assert identity(Kettle(cups=1, spout="straight")) == identity(Kettle(cups=1))
    assert identity(Kettle(cups=1, spout="bent")) == {**identity(Kettle(cups=1)), "spout": "bent"}


def test_the_identity_holds_the_version_and_the_state_of_what_was_read():
    assert identity(Teapot()) == {"class": f"{__name__}.Teapot", "version": 2, "cups": 1, "state": "leaves"} | SOURCE


@component
class Tray:
    """A component that holds others."""

    pots: dict[str, Teapot]
    kettle: Kettle


def test_of_a_component_within_another_one_all_that_decides_counts():
    kettle = Kettle(cups=1, colour="blue")
    tray = identity(Tray(pots={"left": Teapot()}, kettle=kettle))
    assert (tray["pots"], tray["kettle"]) == ({"left": identity(Teapot())}, identity(Kettle(cups=1)))


def test_our_own_classes_have_no_source_in_their_identity():
    assert identity(Budget()) == {
        "class": "runner.spending.budget.Budget",
        "version": 1,
        "usd": None,
        "tokens": None,
        "requests": None,
    }


def test_a_class_that_was_renamed_is_kept_under_its_former_name():
    assert identity(FullSize())["class"] == "runner.size.full.Full"


OURS = """
from runner.component import component

@component
class Ours:
    word: str = "{word}"
"""


@pytest.mark.parametrize("layout", ["ours.py", "ours/methods.py"])
def test_an_edited_class_of_ones_own_has_another_identity(layout: str, tmp_path: Path):
    module = layout.removesuffix(".py").replace("/", ".")
    (tmp_path / layout).parent.mkdir(exist_ok=True)
    if "/" in layout:
        (tmp_path / "ours/__init__.py").write_text("")
    show = f"from {module} import Ours; from runner.component import identity; print(identity(Ours(word='a'))['source'])"
    seen = []
    for word in ("one", "two", "two"):
        (tmp_path / layout).write_text(OURS.format(word=word))
        done = subprocess.run([sys.executable, "-c", show], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
        seen.append(done.stdout)
    assert seen[0] != seen[1] == seen[2]


def test_a_file_beside_the_class_in_its_package_counts_too(tmp_path: Path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/__init__.py").write_text("")
    (tmp_path / "ours/methods.py").write_text(OURS.format(word="same"))
    show = "from ours.methods import Ours; from runner.component import identity; print(identity(Ours())['source'])"
    seen = []
    for prompt in ("Ask.", "Ask again."):
        (tmp_path / "ours/prompts.py").write_text(f"PROMPT = {prompt!r}\n")
        done = subprocess.run([sys.executable, "-c", show], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
        seen.append(done.stdout)
    assert seen[0] != seen[1]


def test_a_subclass_of_a_renamed_class_is_another_class():
    @component
    class Half(FullSize):
        pass

    assert identity(Half())["class"].endswith("Half")


def test_a_package_within_a_namespace_folder_counts_with_every_file(tmp_path: Path):
    (tmp_path / "space/ours").mkdir(parents=True)
    (tmp_path / "space/ours/__init__.py").write_text("")
    (tmp_path / "space/ours/methods.py").write_text(OURS.format(word="same"))
    show = "from space.ours.methods import Ours; from runner.component import identity; print(identity(Ours())['source'])"
    seen = []
    for prompt in ("Ask.", "Ask again."):
        (tmp_path / "space/ours/prompts.py").write_text(f"PROMPT = {prompt!r}\n")
        done = subprocess.run([sys.executable, "-c", show], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
        seen.append(done.stdout)
    assert seen[0] != seen[1]


def test_the_modules_beside_a_class_count_that_it_imports(tmp_path: Path):
    contents = {
        "mine/cloze.py": "import json\nimport runner.component\nfrom mine import gaps\ndef f():\n    from .words import WORDS\n",
        "mine/gaps.py": "import common.text\nimport mine.cloze\n",  # they may import each other
        "mine/words.py": "from os import path\n",
        "mine/unused.py": "",
        "common/__init__.py": "",
        "common/text.py": "",
        "runner/component.py": "",
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    files = imported_files(tmp_path / "mine/cloze.py", tmp_path)
    expected = ["common/__init__.py", "common/text.py", "mine/gaps.py", "mine/words.py"]
    assert sorted(file.relative_to(tmp_path).as_posix() for file in files) == expected


def test_an_edited_module_beside_a_class_gives_another_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "a_class_of_mine.py").write_text("import a_helper_of_mine\n")
    (tmp_path / "a_helper_of_mine.py").write_text("WORD = 1\n")
    import_module("a_class_of_mine")
    before = source_digest("a_class_of_mine")
    (tmp_path / "a_helper_of_mine.py").write_text("WORD = 2\n")
    source_digest.cache_clear()
    assert source_digest("a_class_of_mine") != before


def test_a_module_that_imports_nothing_beside_it_keeps_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(tmp_path)
    content = b"import json\n"
    (tmp_path / "a_lone_class_of_mine.py").write_bytes(content)
    import_module("a_lone_class_of_mine")
    assert source_digest("a_lone_class_of_mine") == hashlib.sha256(b"a_lone_class_of_mine.py\0" + content).hexdigest()
