"""Labels that people wrote and fact labels, together.

The choice is called human+fact. Both components are those of conf/method/human.yaml and conf/method/fact.yaml.
"""

from dataclasses import replace
from typing import ClassVar

from runner.component import component
from runner.data.records import Labelling, Ledger, Material
from runner.data.text import normal
from runner.method.fact import Fact
from runner.method.guessing import FactGuesses
from runner.method.human import Human
from runner.model import Model


@component
class HumanFact:
    """All labels of both methods.

    A fact label that asks what a person has asked is left out. Sizes draw from both: kx takes k labels of each unit of either.
    """

    asks: ClassVar[bool] = True

    human: Human
    fact: Fact

    @property
    def parts(self) -> tuple[Fact]:
        """Return the methods whose requests are sent."""
        return (self.fact,)

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Join people's labels and the teacher's for each fact.

        Raise a Fault if the corpus has no labels that people wrote; the teacher is not asked before.
        """
        people = self.human.label(material, teacher, scale)
        written = self.fact.label(material, teacher, scale)
        asked = {normal(label.question) for label in people.labels}
        others = [label for label in written.labels if normal(label.question) not in asked]
        repeated = {"asked by people": len(written.labels) - len(others)}
        joined = Ledger(stage="pairs beside people's", requested=len(written.labels), kept=len(others), filtered=repeated)
        return replace(
            written,
            labels=(*people.labels, *others),
            ledgers=(*(replace(ledger, stage="people's pairs") for ledger in people.ledgers), *written.ledgers, joined),
            short=people.short + written.short,
            units=people.units + written.units,
        )

    def guesses(self) -> FactGuesses:
        """Return the likely replies of a teacher, for a forecast."""
        return self.fact.guesses()
