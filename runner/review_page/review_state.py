"""The file of reviews in, each item's outcome out; it follows what other servers add."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from runner.data.records import Section
from runner.data.reviews import Review, Standing, append_review, counting, outdated, reviews_from, source_of, standing_of


class ReviewState:
    """The reviews of a file, by item and by person."""

    def __init__(self, path: Path, sections: Mapping[str, Section]) -> None:
        """Read the file, if it is there."""
        self.path = path
        self.current = {name: source_of(section) for name, section in sections.items()}
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self._end, self._file = 0, 0
        self.by_item: dict[str, list[Review]] = defaultdict(list)
        self.reviewed: list[str] = []  # the item of each review, in the order of the file
        self._given: dict[str, list[Review]] = defaultdict(list)  # by person: those that can be undone, oldest first
        self._standings: dict[str, Standing | None] = {}
        self._counting: dict[str, dict[str, Review]] = {}

    def refresh(self) -> None:
        """Read what was added since; all again if the file was replaced."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return self._forget()
        if status.st_ino != self._file or status.st_size < self._end:  # as git replaces it
            self._forget()
            self._file = status.st_ino
        if status.st_size > self._end:
            reviews, self._end = reviews_from(self.path, self._end)
            for review in reviews:
                self._take(review)
        return None

    def _take(self, review: Review) -> None:
        item, given = review.before.id, self._given[review.who]
        self.by_item[item].append(review)
        self.reviewed.append(item)
        self._standings.pop(item, None)
        self._counting.pop(item, None)
        if review.verdict != "undo":
            given.append(review)
        else:
            undone = next((place for place in reversed(range(len(given))) if given[place].before.id == item), None)
            if undone is not None:
                del given[undone]

    def add(self, review: Review) -> None:
        """Append a review; return when the disk has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_review(self.path, review)
        self.refresh()

    def standing(self, item: str) -> Standing | None:
        """Return the outcome for an item."""
        if item not in self.by_item:
            return None
        if item not in self._standings:
            self._standings[item] = standing_of(self.by_item[item], self.current)
        return self._standings[item]

    def counting(self, item: str) -> Mapping[str, Review]:
        """Return the reviews of an item that count, by person."""
        if item not in self.by_item:
            return {}
        if item not in self._counting:
            self._counting[item] = counting(self.by_item[item], self.current)
        return self._counting[item]

    def own(self, item: str, who: str) -> Review | None:
        """Return a person's review that counts."""
        return self.counting(item).get(who)

    def outdated(self, item: str) -> Review | None:
        """Return the last review before an item's section changed."""
        reviews = [review for review in self.by_item.get(item, ()) if review.verdict != "undo"]
        return reviews[-1] if reviews and outdated(reviews[-1], self.current) else None

    def others(self, item: str, who: str) -> list[Review]:
        """Return the reviews by other people that count."""
        return [review for person, review in self.counting(item).items() if person != who]

    def is_drawn(self, item: str) -> bool:
        """Return true if an item was judged in a sample."""
        return any(review.drawn for review in self.counting(item).values())

    def last_of(self, who: str) -> Review | None:
        """Return the review that a person's next undo takes back."""
        return self._given[who][-1] if self._given.get(who) else None
