"""Retention is what a model knew before it was tuned, and may have lost since: general questions, a page, a floor."""

from typing import Protocol

from runner.data.records import Knowledge


class Retention(Protocol):
    """Where general questions come from, and how many of those once known must still be known."""

    @property
    def name(self) -> str:
        """As it stands in tables."""

    @property
    def floor(self) -> float:
        """The least share, from 0 to 1, of the questions known before that a tuned model must still know."""

    def read(self) -> Knowledge:
        """Questions, replay pairs and page, checked; a Fault that names file and line where they can't be used."""
