"""Contracts of what can be forecast: a class is recognised by its methods, without inheriting."""

from runner.data.guesses import Forecastable, Guesses


class Parrot:
    """Guesses the last reply."""

    def learn(self, text: str, reply: str) -> None:
        self.reply = reply

    def guess(self, text: str) -> str:
        return self.reply


class Aviary:
    """A component that can be forecast."""

    def guesses(self) -> Parrot:
        return Parrot()


def test_a_class_with_learn_and_guess_gives_guesses():
    assert isinstance(Parrot(), Guesses)
    assert not isinstance(Aviary(), Guesses)


def test_a_class_with_guesses_can_be_forecast():
    assert isinstance(Aviary(), Forecastable)
    assert not isinstance(Parrot(), Forecastable)
