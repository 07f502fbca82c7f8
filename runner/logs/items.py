"""Items of several logs in, their numbers out."""

from dataclasses import dataclass, field
from hashlib import blake2b

from runner.comparison.words import shortened
from runner.errors import InvalidInput
from runner.logs import Score


@dataclass
class Items:
    """All items of the logs, numbered as they come."""

    names: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    clusters: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    _contents: list[bytes] = field(default_factory=list)
    _origins: list[str] = field(default_factory=list)  # the system that named an item first
    _places: dict[tuple[str, str], int] = field(default_factory=dict)

    def place(self, score: Score, task: str, system: str) -> int:
        """Return an item's number; a new item gets the next one.

        `task` is "" if items of all tasks have different names. Raise InvalidInput if the item has another content or
        another cluster than before.
        """
        content = blake2b(score.content.encode("utf-8", "replace"), digest_size=8).digest() if score.content else b""
        place = self._places.setdefault((task, score.item), len(self.names))
        if place == len(self.names):
            self.names.append(f"{task}/{score.item}" if task else score.item)
            self.tasks.append(score.task)
            self.clusters.append(score.cluster)
            self.questions.append(score.question)
            self.references.append(score.reference)
            self._contents.append(content)
            self._origins.append(system)
        other = self._origins[place]
        if content != self._contents[place]:
            raise InvalidInput(
                f"item {shortened(score.item)}: {system} and {other} were asked different things under this name, so their "
                "scores can't be compared. Expected logs of one task and one data set"
            )
        if score.cluster != self.clusters[place]:
            raise InvalidInput(
                f"item {shortened(score.item)} is in the cluster {shortened(score.cluster)!r} for {system}, and in "
                f"{shortened(self.clusters[place])!r} for {other}. Expected one cluster for each item"
            )
        return place
