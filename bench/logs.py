"""runner-compare: its speed, and its verdicts beside those of inspect_ai and lm-evaluation-harness.

Without arguments: simulated logs whose truth is known, and the speed. With logs: the verdicts of all on each pair of systems.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from runner.commands.compare_logs import arguments, log_paths
from runner.comparison.page import page
from runner.logs import Choices
from runner.logs.alignment import aligned
from runner.logs.comparing import compare_systems
from runner.logs.gathering import LogPath, gather
from runner.statistics import Grades, Verdict, contrast, decisions, numbered

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
ERROR, COMPARISONS, FAMILIES, SYSTEMS = 0.05, 2000, 400, 10
# Clusters, items in each, spread of difficulty over clusters and over items, spread between systems over clusters and over
# items (all on the scale of logits), and the gain of the better system.
SETTINGS = {
    "300 independent items": (300, 1, 0.0, 2.0, 0.0, 0.5, 0.45),
    "100 texts of 3 questions": (100, 3, 1.5, 1.0, 0.5, 0.5, 0.5),
    "30 texts of 10 questions": (30, 10, 1.0, 1.0, 1.0, 0.3, 0.8),
    "12 texts of 25 questions": (12, 25, 1.0, 1.0, 1.0, 0.3, 1.2),
    "100 texts of 3, scores 0 to 1": (100, 3, 1.5, 1.0, 0.5, 0.5, 0.35),
}
EPOCHS = (2, 3, 5)
VERDICTS = {1: Verdict.BETTER, -1: Verdict.WORSE, 0: Verdict.UNDECIDED}
ITEMS, LOGGED = 14_000, 20


def main(words: Sequence[str]) -> None:
    """Simulate and measure, or read logs."""
    if words:
        return beside(words)
    simulate()
    families()
    epochs()
    with tempfile.TemporaryDirectory() as folder:
        for write in (as_samples, as_table):
            speed(Path(folder), write)
    return None


def sit(setting: tuple[float, ...], gains: Sequence[float], random: np.random.Generator, answers: int = 1) -> Array:
    """Draw scores by system, answer and item."""
    clusters, size, cluster, item, system_cluster, system_item, _ = setting
    clusters, size = int(clusters), int(size)
    facts = np.repeat(np.arange(clusters), size)
    hard = random.normal(0, cluster, clusters)[facts] + random.normal(0, item, len(facts))
    shape = (len(gains), clusters)
    own = random.normal(0, system_cluster, shape)[:, facts] + random.normal(0, system_item, (len(gains), len(facts)))
    rights = 1 / (1 + np.exp(-(0.5 + hard + own + np.array(gains)[:, None])))
    return (random.random((answers, *rights.shape)) < rights).astype(float).swapaxes(0, 1)


def fractions(scores: Array, random: np.random.Generator) -> Array:
    """Blur right and wrong to scores between 0 and 1, as F1 or a judge gives them."""
    blurred: Array = np.round(np.clip(0.15 + 0.7 * scores + random.normal(0, 0.15, scores.shape), 0, 1), 2)
    return blurred


def ours(first: Array, second: Array, facts: Counts) -> int:
    """Our verdict: 1 for better, -1 for worse, 0 for undecided."""
    difference = contrast(Grades(first), Grades(second), facts)
    assert difference
    return int(np.sign(difference.estimate)) if difference.p <= ERROR and not difference.lacking else 0


def lm_eval(first: Array, second: Array, _: Counts) -> int:
    """That of lm-eval's scripts/model_comparator.py: z of two accuracies with their own standard errors.

    inspect's stderr() is the same standard error, so that two of its scores with stderr lead to the same verdict.
    """
    return unpaired(first, second, [values.std(ddof=1) / np.sqrt(values.size) for values in (first, second)])


def clustered(first: Array, second: Array, facts: Counts) -> int:
    """That of two scores with inspect's stderr(cluster=...), which is the error of a mean over clusters (Miller 2024)."""
    errors = []
    for values in (first[0], second[0]):
        sums = np.bincount(facts, values - values.mean())
        errors.append(np.sqrt((sums**2).sum()) / len(values))
    return unpaired(first, second, errors)


def paired(first: Array, second: Array, _: Counts) -> int:
    """That of a paired z test over items, without clusters, as proposed to inspect (#4260) and lm-eval (#3831)."""
    change = (second - first)[0]
    error = change.std(ddof=1) / np.sqrt(change.size)
    return decided(change.mean() / error if error else 0)


def unpaired(first: Array, second: Array, errors: Sequence[float]) -> int:
    """Compare two means by their own errors."""
    error = float(np.hypot(*errors))
    return decided((second.mean() - first.mean()) / error if error else 0)


def decided(z: float) -> int:
    """Decide by a two-sided normal test."""
    return int(np.sign(z)) if 2 * norm.sf(abs(z)) <= ERROR else 0


METHODS: dict[str, Callable[[Array, Array, Counts], int]] = {
    "ours": ours,
    "lm-eval": lm_eval,
    "inspect, cluster": clustered,
    "paired z": paired,
}


def simulate() -> None:
    """Print false and missed verdicts of each method."""
    print(
        f"Of {COMPARISONS:,} comparisons: decided though the systems are equal (false), and decided rightly where one is better"
    )
    print(f"{'':32}" + "".join(f"{name:>22}" for name in METHODS))
    differing = {name: {True: [0, 0], False: [0, 0]} for name in METHODS}
    for number, (name, setting) in enumerate(SETTINGS.items()):
        random, facts = np.random.default_rng(number), np.repeat(np.arange(int(setting[0])), int(setting[1]))
        found = {gain: {method: [0, 0] for method in METHODS} for gain in (0.0, setting[-1])}
        gaps = []
        for gain, counts in found.items():
            for _ in range(COMPARISONS):
                scores = sit(setting, (0.0, gain), random)
                scores = fractions(scores, random) if "scores" in name else scores
                gaps += [scores[1].mean() - scores[0].mean()] if gain else []
                verdicts = {method: judge(scores[0], scores[1], facts) for method, judge in METHODS.items()}
                truth = int(gain > 0)
                for method, verdict in verdicts.items():
                    counts[method][0] += verdict != 0
                    counts[method][1] += verdict == 1
                    if verdict != verdicts["ours"]:
                        # A claim is right if there is such a difference. To decide nothing claims nothing.
                        claim = verdict or verdicts["ours"]
                        counted = differing[method][verdict == 0]
                        counted[0] += 1
                        counted[1] += claim == truth
        none, some = found.values()
        cells = (f"{none[method][0] / COMPARISONS:.1%} / {some[method][1] / COMPARISONS:.1%}" for method in METHODS)
        print(f"{name:32}" + "".join(f"{cell:>22}" for cell in cells) + f"   gap {100 * np.mean(gaps):.1f} points", flush=True)
    for method, counted in differing.items():
        for alone, (times, right) in counted.items():
            if times:
                who = f"we decide, and {method} does not" if alone else f"{method} decides, and we do not"
                print(f"{who}: {times:,} times, {right / times:.1%} rightly")


def families() -> None:
    """Print how often a family of comparisons holds a false verdict."""
    print(f"\nOf {FAMILIES} tables of {SYSTEMS} equal systems beside a base: with at least one false verdict")
    for number, (name, setting) in enumerate(SETTINGS.items()):
        random, facts = np.random.default_rng(number), np.repeat(np.arange(int(setting[0])), int(setting[1]))
        false = {"ours": 0, "lm-eval": 0}
        for _ in range(FAMILIES):
            scores = sit(setting, [0.0] * (SYSTEMS + 1), random)
            pairs = [contrast(Grades(scores[0]), Grades(other), facts) for other in scores[1:]]
            false["ours"] += any(
                decision.verdict != Verdict.UNDECIDED for decision in decisions([pair for pair in pairs if pair], ERROR)
            )
            false["lm-eval"] += any(lm_eval(scores[0], other, facts) for other in scores[1:])
        print(f"{name:32}" + "".join(f"{method} {count / FAMILIES:.1%}   " for method, count in false.items()), flush=True)


def epochs() -> None:
    """Print what epochs gain if they are averaged, and if they are taken as runs that may differ as a whole."""
    print(f"\nOf {FAMILIES} comparisons with several epochs: false verdicts, and gains that are decided")
    setting = SETTINGS["100 texts of 3 questions"]
    facts = np.repeat(np.arange(100), 3)
    for count in EPOCHS:
        random = np.random.default_rng(count)
        found = {}
        for gain in (0.0, setting[-1]):
            drawn = [sit(setting, (0.0, gain), random, count) for _ in range(FAMILIES)]
            for name, shaped in {
                "averaged": lambda scores: scores.mean(1, keepdims=True),
                "as runs": lambda scores: scores,
                "first epoch alone": lambda scores: scores[:, :1],
            }.items():
                found[name, gain] = sum(ours(*shaped(scores), facts) != 0 for scores in drawn) / FAMILIES
        names = dict.fromkeys(name for name, _ in found)
        print(
            f"{count} epochs: " + ", ".join(f"{name} {found[name, 0.0]:.1%} / {found[name, setting[-1]]:.1%}" for name in names)
        )


def beside(words: Sequence[str]) -> None:
    """Print all verdicts on each pair of systems in logs: --score NAME --cluster FIELD LOG LOG ..."""
    options = arguments().parse_intermixed_args(words)
    systems = aligned(gather(log_paths(options.logs), Choices(score=options.score, cluster=options.cluster)))
    facts = numbered(systems.clusters)
    print(f"{'':40}{'points':>8}" + "".join(f"{name:>18}" for name in METHODS))
    for first, second in combinations(systems.systems, 2):
        scores = [system.means[None] for system in (first, second)]
        verdicts = [VERDICTS[judge(*scores, facts)] for judge in METHODS.values()]
        print(
            f"{second.name + ' than ' + first.name:40}{100 * (scores[1].mean() - scores[0].mean()):+8.1f}"
            + "".join(f"{verdict:>18}" for verdict in verdicts)
        )


def logged(random: np.random.Generator) -> Iterator[tuple[str, list[float]]]:
    """Draw the scores of each system."""
    hard = random.normal(0, 1.5, ITEMS)
    for number in range(LOGGED):
        right = random.random(ITEMS) < 1 / (1 + np.exp(-hard - number / 20))
        yield f"system-{number}", right.astype(float).tolist()


def as_table(folder: Path) -> list[Path]:
    """Write one CSV of all systems."""
    with (folder / "all.csv").open("w") as stream:
        stream.write("item,system,score,cluster\n")
        for name, scores in logged(np.random.default_rng(0)):
            stream.writelines(f"{item},{name},{score},{item // 4}\n" for item, score in enumerate(scores))
    return [folder / "all.csv"]


def as_samples(folder: Path) -> list[Path]:
    """Write samples of lm-evaluation-harness, with texts of usual length."""
    paths = []
    for name, scores in logged(np.random.default_rng(0)):
        (folder / name).mkdir()
        with (folder / name / "samples_exam_2026-11-29T10-32-23.383731.jsonl").open("w") as stream:
            for item, score in enumerate(scores):
                line = {
                    "doc_id": item,
                    "doc": {"text": item // 4, "question": "What is it? " * 40},
                    "resps": [["An answer. " * 40]],
                }
                stream.write(
                    json.dumps({**line, "filter": "none", "metrics": ["acc"], "doc_hash": str(item), "acc": score}) + "\n"
                )
        paths.append(folder / name)
    return paths


def speed(folder: Path, write: Callable[[Path], list[Path]]) -> None:
    """Print seconds and memory for many systems and items."""
    paths = write(folder)
    size = sum(file.stat().st_size for path in paths for file in ([path] if path.is_file() else path.iterdir()))
    before, began = peak(), time.process_time()
    systems = aligned(gather([LogPath("", path) for path in paths], Choices(cluster="" if len(paths) == 1 else "text")))
    read = time.process_time()
    after = peak()
    comparison = compare_systems(systems)
    compared = time.process_time()
    page(comparison)
    print(
        f"\n{LOGGED} systems on {ITEMS:,} items, {size / 1e6:,.0f} MB ({write.__name__}): read in {read - began:.1f} s with "
        f"{after - before:.0f} MB, {len(comparison.pairs)} pairs compared in {compared - read:.1f} s, "
        f"page in {time.process_time() - compared:.1f} s (of the processor)"
    )


def peak() -> float:
    """Return the peak memory of the process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
