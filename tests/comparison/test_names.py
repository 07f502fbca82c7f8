"""Arms are named by what varies, and no two names are equal."""

import json
from dataclasses import replace

from runner.comparison.names import names as named
from runner.comparison.tracked import Tracked
from tests.comparison.given import trained, untrained

LONG = {"method": "human", "size": "full", "teacher": "none"}


def names(*arms: Tracked) -> list[str]:
    return [name.arm for name in named([tracked.row for tracked in arms])]


def test_a_tuned_arm_is_named_by_its_method_and_size_alone_where_nothing_else_varies() -> None:
    assert names(trained("1", "+"), trained("2", "+", settings={"size": "1x", "labels": "30", "steps": "9"})) == [
        "fact 5x",
        "fact 1x",
    ]


def test_a_setting_that_varies_stands_in_every_name_and_one_that_does_not_in_none() -> None:
    rate = {"tuner.rate": "1e-3"}
    assert names(trained("1", "+", settings=rate), trained("2", "+", settings={**rate, "seed": "1"})) == [
        "fact 5x seed=0",
        "fact 5x seed=1",
    ]


def test_a_setting_that_only_one_arm_has_stands_in_its_name_alone() -> None:
    assert names(trained("1", "+"), trained("2", "+", settings={"tuner.rate": "1e-3"})) == ["fact 5x", "fact 5x tuner.rate=1e-3"]


def test_arms_without_a_teacher_do_not_make_the_others_show_theirs() -> None:
    assert names(trained("1", "+"), trained("2", "+", settings=LONG)) == ["fact 5x", "human full"]


def test_an_arm_that_reads_passages_says_so_also_where_no_other_arm_does_not() -> None:
    assert names(untrained("rag", "+", {"retriever": "hybrid"}), trained("1", "+", settings={"retrieval": "hybrid"})) == [
        "rag",
        "fact 5x retrieval=hybrid",
    ]


def test_two_teachers_are_told_apart() -> None:
    assert names(trained("1", "+"), trained("2", "+", settings={"teacher": "small"})) == [
        "fact 5x teacher=large",
        "fact 5x teacher=small",
    ]


def test_what_varies_between_baselines_is_not_in_the_names_of_tuned_arms() -> None:
    searched = [untrained("rag", "+", {"retriever": kind}) for kind in ("dense", "lexical")]
    assert names(untrained("base", "+"), *searched, trained("1", "+")) == [
        "base",
        "rag retriever=dense",
        "rag retriever=lexical",
        "fact 5x",
    ]


def test_two_arms_that_would_bear_the_same_name_are_told_apart() -> None:
    assert names(trained("abcdef12", "+"), trained("fedcba98", "+")) == ["fact 5x", "fact 5x (2)"]


def test_a_setting_with_brackets_stands_in_the_name_as_it_is() -> None:
    assert names(trained("1", "+"), trained("2", "+", settings={"corpus.documents": "[/rugby,fifa]"}))[1] == (
        "fact 5x corpus.documents=[/rugby,fifa]"
    )


def test_arms_of_all_sizes_that_are_else_alike_are_one_learning_curve() -> None:
    arms = [trained(size, "+", settings={"size": size, "tuner.rate": rate}) for size in ("1x", "5x") for rate in ("1", "2")]
    lines = [name.line for name in named([tracked.row for tracked in arms])]
    assert lines == ["fact tuner.rate=1", "fact tuner.rate=2"] * 2


def test_a_setting_that_the_sizes_name_tells_makes_no_other_curve() -> None:
    sizes = [trained(number, "+", settings={"size": f"{number} labels", "size.labels": number}) for number in ("50", "100")]
    both = named([tracked.row for tracked in sizes])
    assert [(name.arm, name.line) for name in both] == [("fact 50 labels", "fact"), ("fact 100 labels", "fact")]
    assert names(*sizes, trained("3", "+", settings={"size": "50 labels", "size.labels": "50", "size.scale": "5"}))[::2] == [
        "fact 50 labels",
        "fact 50 labels size.scale=5",
    ]


def swept(swept: list[str] | None, *settings: dict[str, str]) -> list[str]:
    """The names of tuned arms with these settings, of which people chose `swept`."""
    rows = [trained("1", "+", settings=each).row for each in settings]
    tags = {} if swept is None else {"runner.chosen": json.dumps(swept)}
    return [name.arm for name in named([replace(row, tags={**row.tags, **tags}) for row in rows])]


def test_a_choice_names_the_arm_and_the_settings_that_come_with_it_do_not() -> None:
    lora, full = {"tuner": "lora", "tuner.rank": "16", "tuner.rate": "2e-3"}, {"tuner": "full", "tuner.rate": "2e-4"}
    assert swept(None, lora, full) == ["fact 5x tuner=lora", "fact 5x tuner=full"]
    assert swept(None, lora, {**lora, "tuner.rate": "1"}, full) == [
        "fact 5x tuner=lora tuner.rate=2e-3",
        "fact 5x tuner=lora tuner.rate=1",
        "fact 5x tuner=full tuner.rate=2e-4",
    ]


def test_a_seed_is_named_once_and_not_by_the_seeds_that_follow_from_it() -> None:
    seeds = [{"seed": seed, "subset_seed": seed, "teacher.seed": seed} for seed in "01"]
    assert swept(None, *seeds) == ["fact 5x seed=0", "fact 5x seed=1"]


def test_a_setting_that_nobody_swept_is_named_only_where_two_names_would_be_equal() -> None:
    ranks = [{"tuner.rank": "8", "tuner.alpha": "16"}, {"tuner.rank": "16", "tuner.alpha": "32"}]
    assert swept(["tuner.rank"], *ranks) == ["fact 5x tuner.rank=8", "fact 5x tuner.rank=16"]
    assert swept([], *ranks) == ["fact 5x tuner.alpha=16 tuner.rank=8", "fact 5x tuner.alpha=32 tuner.rank=16"]
    assert swept([], {"size": "1x", "tuner.rank": "8"}, {"size": "5x", "tuner.rank": "16"}) == ["fact 1x", "fact 5x"]


def test_a_long_value_is_cut_and_two_that_then_look_alike_are_numbered() -> None:
    prompts = [{"method.prompt": "Write pairs of questions and answers,\nplease, " + end} for end in ("now", "later")]
    assert swept(None, *prompts) == [
        "fact 5x method.prompt=Write pairs of questions and answers, p…",
        "fact 5x method.prompt=Write pairs of questions and answers, p… (2)",
    ]
