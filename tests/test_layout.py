"""The layout's promises: conf and runner mirror each other, contracts import no implementation, tests stand beside code."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runner.config.messages import CONF

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(file.parent.name for file in (ROOT / "runner").glob("*/__init__.py"))
GROUPS = sorted({file.parent.name for file in CONF.glob("*/*.yaml")} - {"experiment"})
CHOICES = sorted(file for file in CONF.glob("*/*.yaml") if file.parent.name != "experiment")
EVERY = sorted((ROOT / "runner").glob("**/*.py"))
MODULES = [file for file in EVERY if file.parent.name in GROUPS and file.name != "__init__.py"]

# From the command down to what everything rests on. A package imports from lower floors alone.
FLOORS = (
    {"__main__"},
    {"run", "review_page"},
    {"commands", "notebook"},
    {"sweep"},
    {"preview"},
    {"pipeline", "serve"},
    {"config"},
    {"exam"},
    {"exam_writing", "spending"},
    {"filter", "grader", "method", "store", "tuner"},
    {"baseline", "keep", "refine", "logs", "metric", "model", "retrieval", "review"},
    {"comparison", "corpus", "exam_checks", "hosts", "local_models", "retention", "retriever", "size"},
    {"embedding"},
    {"data", "launcher", "statistics", "terminal", "tracker", "web"},
    {"component", "errors", "version"},
)

HOSTED = """
import sys
import hydra
from runner.run import main
from runner.config.messages import CONF
with hydra.initialize_config_dir(str(CONF), version_base="1.3"):
    cfg = hydra.compose("config", overrides=["model=openai", "model@teacher=openai"])
groups = "model teacher judge method size tuner keep refine retriever grader retention tracker"
for group in groups.split():
    hydra.utils.instantiate(cfg[group])
print(sorted({"torch", "transformers", "peft"} & set(sys.modules)))
"""


# A choice with defaults is a preset of its neighbour, which it names first, or made of several neighbours, or the choice
# of another group.
WITH_DEFAULTS = {file: yaml.safe_load(text)["defaults"] for file in CHOICES if "defaults:" in (text := file.read_text("utf-8"))}
MADE_OF_SEVERAL = [file for file, defaults in WITH_DEFAULTS.items() if defaults[0] == "_self_"]
BORROWED = [file for file, defaults in WITH_DEFAULTS.items() if defaults[0].startswith("/")]
PRESETS = [file for file in WITH_DEFAULTS if file not in (*MADE_OF_SEVERAL, *BORROWED)]


def targets(value: object) -> list[str]:
    """Every `_target_` in a yaml, however deep."""
    if not isinstance(value, dict):
        return []
    own = [str(value["_target_"])] if "_target_" in value else []
    return own + [target for part in value.values() for target in targets(part)]


def imports(file: Path) -> set[str]:
    """Every module that a file imports, within functions too."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}


def imported_packages(file: Path) -> set[str]:
    """Our own packages that a file imports from, without its own."""
    own = file.relative_to(ROOT / "runner").parts[0].removesuffix(".py")
    return {name.split(".")[1] for name in imports(file) if name.startswith("runner.")} - {own}


def test_every_package_stands_on_one_floor() -> None:
    named = [name for floor in FLOORS for name in floor]
    assert sorted(named) == sorted([*PACKAGES, "__main__", "run", "notebook", "component", "errors", "version"])


@pytest.mark.parametrize("file", EVERY, ids=lambda file: str(file.relative_to(ROOT / "runner")))
def test_no_import_runs_up_or_sideways(file: Path) -> None:
    parts = file.relative_to(ROOT / "runner").parts
    if parts == ("__init__.py",):
        return
    floor = next(number for number, names in enumerate(FLOORS) if parts[0].removesuffix(".py") in names)
    lower = {name for names in FLOORS[floor + 1 :] for name in names}
    assert imported_packages(file) - lower == set()


def test_every_group_of_code_has_its_choices_and_the_other_way_round() -> None:
    assert sorted({file.parent.name for file in CHOICES}) == GROUPS


@pytest.mark.parametrize("file", sorted({*CHOICES} - {*BORROWED}), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_choice_names_a_class_of_its_own_group(file: Path) -> None:
    found = targets(yaml.safe_load(file.read_text(encoding="utf-8")))
    assert found
    assert [target for target in found if not target.startswith(f"runner.{file.parent.name}.")] == []


@pytest.mark.parametrize("file", BORROWED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_choice_of_another_group_is_taken_over_whole_and_under_its_name(file: Path) -> None:
    other, *own = WITH_DEFAULTS[file]
    name = other.removeprefix("/").removesuffix("@_here_")
    assert (CONF / f"{name}.yaml").exists()
    assert name.rpartition("/")[2] == file.stem
    # By default its settings are those that the other group has at the time.
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    del settings["defaults"]
    assert own == (["_self_"] if settings else [])
    group = name.rpartition("/")[0]
    assert [key for key, value in settings.items() if not value.startswith(f"${{oc.select:{group}.{key},")] == []


@pytest.mark.parametrize("file", MADE_OF_SEVERAL, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_choice_that_is_made_of_others_gives_each_the_name_that_it_has(file: Path) -> None:
    for part in WITH_DEFAULTS[file][1:]:
        name, _, place = part.partition("@")
        assert place == name
        assert file.with_stem(name).exists()


@pytest.mark.parametrize("file", PRESETS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_preset_sets_values_of_the_neighbour_that_it_names_and_no_others(file: Path) -> None:
    preset = yaml.safe_load(file.read_text(encoding="utf-8"))
    base, own = preset.pop("defaults")
    neighbour = yaml.safe_load(file.with_stem(base).read_text(encoding="utf-8"))
    assert (own, preset["_target_"]) == ("_self_", neighbour["_target_"])
    assert preset.keys() <= neighbour.keys()


def test_no_pattern_repeats_a_group_possessively() -> None:
    # Before Python 3.11.5 such a group matches too little where it has alternatives: gh-106052. Debian 12 has 3.11.2.
    group = re.compile(r"\)(?:[*+?]|\{[\d,]+\})\+[^+\s]")
    lines = [(file.name, line) for file in EVERY for line in file.read_text("utf-8").splitlines() if 'r"' in line or "r'" in line]
    assert [(name, line) for name, line in lines if group.search(line.replace("{{", "{").replace("}}", "}"))] == []


@pytest.mark.parametrize("file", EVERY, ids=lambda file: str(file.relative_to(ROOT / "runner")))
def test_every_module_has_its_test_module(file: Path) -> None:
    place = file.relative_to(ROOT / "runner")
    assert file.name in {"__init__.py", "errors.py"} or (ROOT / "tests" / place.parent / f"test_{file.name}").exists()


@pytest.mark.parametrize("group", GROUPS)
def test_a_contract_imports_records_and_nothing_that_implements_it(group: str) -> None:
    ours = {name for name in imports(ROOT / "runner" / group / "__init__.py") if name.split(".")[0] in {"runner", ""}}
    contracts = {f"runner.{package}" for package in PACKAGES}
    assert ours <= contracts | {f"runner.data.{name}" for name in ("records", "reviews", "training", "exam_set", "general_set")}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_component_knows_other_groups_by_their_contract_alone(file: Path) -> None:
    others = tuple(f"runner.{group}." for group in GROUPS if group != file.parent.name)
    assert [name for name in imports(file) if name.startswith(others)] == []


def test_choosing_a_hosted_model_imports_no_torch() -> None:
    done = subprocess.run([sys.executable, "-c", HOSTED], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
