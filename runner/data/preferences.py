"""The record of a reply that a person prefers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HumanPreference:
    """A preferred and a rejected reply to one question."""

    question: str
    chosen: str
    rejected: str
