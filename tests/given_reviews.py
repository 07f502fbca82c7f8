"""A corpus folder with reviews."""

from pathlib import Path

from runner.config.study import Study
from runner.data.reviews import NAME, Item, Review, append_review
from tests.given import study
from tests.sweep.given import corpus


class ReviewedFolder:
    """A corpus of two questions and two labels, in a folder."""

    def __init__(self, root: Path) -> None:
        """Write the corpus."""
        self.root, self.words = root, corpus(root, "Who won?", "Who lost?")

    def study(self, *overrides: str) -> Study:
        """Build a study of it, read anew."""
        return study(*self.words, "method=human", "size=full", f"store={self.root.parent}/store", *overrides)

    def review(self, verdict: str, before: Item, after: Item | None = None, **more: object) -> None:
        """Add a review."""
        by = {"who": "Bea", "when": "2026-11-30T10:00:00+00:00", **more}
        append_review(self.root / NAME, Review(verdict=verdict, before=before, after=after, **by))
