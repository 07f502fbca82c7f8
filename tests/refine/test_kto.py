"""KTO learns judged replies, each by itself."""

from runner.data.records import chat
from runner.data.training import Judged, Preference
from runner.refine import LearnsPreferences
from runner.refine.kto import KahnemanTversky
from tests.refine.given import LESSONS, network
from tests.refine.test_dpo import SETTINGS

PROMPT = chat("Who?", "", 8)
KTO = KahnemanTversky(**SETTINGS, rejected=1.0)


def test_the_replies_of_pairs_count_too_and_each_once():
    assert isinstance(KTO, LearnsPreferences)
    pairs = [Preference(PROMPT, "Ada", "Bob"), Preference(PROMPT, "Ada", "Eve")]
    lessons = KTO.lessons(pairs, [Judged(PROMPT, "Bob", False), Judged(PROMPT, "Ann", True)])
    assert lessons == [Judged(PROMPT, name, name[0] == "A") for name in ("Bob", "Ann", "Ada", "Eve")]


def test_each_reply_is_an_example_of_its_own():
    objective = KTO.objective(network(), LESSONS)
    assert objective.together == 1
    assert objective.labels.weight(0) == 1.0
