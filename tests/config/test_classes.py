"""A component that one's own yaml names is refused before any work where its class can't be used."""

from pathlib import Path

import pytest

from runner.errors import Fault
from tests.given import study

OURS = """
from runner.component import component

class Plain:
    pass

@component
class OurMethod:
    pass
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules of one's own, one whole and two that can't be imported."""
    for name, text in (("our_package", OURS), ("our_other", "import nowhere_at_all"), ("our_draft", "def label(:")):
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (
            "our_packge.OurMethod",
            "no module our_packge can be imported. Install it, put its folder on PYTHONPATH, or start run.py",
        ),
        ("our_package.Plain", "it is not a @component. Write `@component`, of runner.component, above its class"),
        ("our_package.Nope", "our_package has no Nope; it has OurMethod"),
        ("our_other.Ours", "our_other imports nowhere_at_all, which is not installed here"),
        ("our_draft.Ours", "our_draft can't be imported: SyntaxError: "),
        ("runner.method.human.Humane", "runner.method.human has no Humane; it has Human"),
    ],
)
def test_a_class_that_can_not_be_used_is_named_with_the_reason_beside_the_other_faults(target: str, words: str) -> None:
    with pytest.raises(Fault) as caught:
        study("method=human", f"method._target_={target}", "tuner.rank=lots")
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"method._target_={target}: {words}")
    assert second == "tuner.rank: found 'lots', expected a valid integer"


def test_a_component_without_a_class_is_told_so() -> None:
    with pytest.raises(Fault, match=r"^method\._target_: not set\. Expected the module and class of a component"):
        study("~method._target_")
