"""A result of promptfoo in, its tests' scores out.

`promptfoo eval -o FILE.json` writes one object; its list results.results has an element for each prompt, provider and test.
Repeats (--repeat) of a test case are epochs.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.logs import Choices, Log, Score, chosen, cluster_of, members, text
from runner.logs.json_stream import parts

PATH = ("results", "results")
PASSED, SCORE = "success", "score"  # whether all assertions passed, and their weighted mean from 0 to 1
ERROR = 2  # promptfoo's failureReason where the provider failed, and not the answer
OWN = {"sessionId"}  # variables that promptfoo itself adds, with another value each time


def log(file: Path, choices: Choices) -> Log:
    """Open a result file; raise InvalidInput if it lacks the score."""
    prompts: dict[str, None] = {}
    names = {PASSED: None, SCORE: None}
    for result in _results(file):
        prompts[_prompt(result)] = None
        names |= dict.fromkeys(members(result.get("namedScores")))
    # What promptfoo reports itself is the share of passed tests, so that needs no choice.
    score = chosen(file, names, choices) if choices.score else PASSED
    numbers = {prompt: number for number, prompt in enumerate(prompts, start=1)}
    return Log(tool="promptfoo", score=score, scores=lambda: _scores(file, score, numbers, choices))


def _scores(file: Path, score: str, prompts: Mapping[str, int], choices: Choices) -> Iterator[Score]:
    repeats = Counter[tuple[str, str]]()
    for result in _results(file):
        test = members(result.get("testCase")) or result  # older versions keep no test case
        variables = {name: value for name, value in members(test.get("vars")).items() if name not in OWN}
        # Two tests may ask the same and check other things, so the assertions belong to the item.
        known = [test.get("description"), variables, test.get("assert")]
        item = " ".join(json.dumps(part, sort_keys=True, ensure_ascii=False) for part in known if part)
        system = _provider(result)
        if len(prompts) > 1:
            system += f" prompt {prompts[_prompt(result)]}"
        repeats[system, item] += 1
        fields = {**variables, **members(test.get("metadata"))}
        asked = variables.values() if len(variables) == 1 else [f"{name}: {value}" for name, value in variables.items()]
        yield Score(
            system=system,
            task="",
            item=item,
            epoch=str(repeats[system, item]),
            value=_value(result, score),
            question=text([str(test.get("description") or ""), *map(str, asked)]),
            answer=text(members(result.get("response")).get("output")),
            cluster=cluster_of(f"{file}, test {result.get('testIdx')}", fields, choices),
        )


def _results(file: Path) -> Iterator[dict[str, Any]]:
    for key, value in parts(file, PATH):
        if key == PATH[-1] and isinstance(value, dict) and PASSED in value:
            yield value


def _provider(result: Mapping[str, Any]) -> str:
    provider = result.get("provider") or ""
    return str(provider.get("label") or provider.get("id") or "") if isinstance(provider, dict) else str(provider)


def _prompt(result: Mapping[str, Any]) -> str:
    return str(result.get("promptId") or members(result.get("prompt")).get("raw"))


def _value(result: Mapping[str, Any], score: str) -> float | None:
    if result.get("failureReason") == ERROR:
        return None
    value = result.get(score) if score in (PASSED, SCORE) else members(result.get("namedScores")).get(score)
    return float(value) if isinstance(value, int | float) else None
