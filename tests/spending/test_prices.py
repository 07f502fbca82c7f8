"""A model's price is found by its id, by the model beneath a tuned one, and on the command line."""

from runner.model.openai import OpenAI
from runner.spending.prices import Price, price_of
from tests.given import study


def test_what_a_host_tuned_has_the_price_that_stands_at_the_model_beneath_it() -> None:
    tuned = Price(input=3, output=4)
    prices = {"a": Price(input=1, output=2, tuned=tuned), "b": Price(input=1, output=2)}
    assert [price_of(f"ft:{model}", True, prices) for model in ("a", "a-2031-05-03:org:ours:x1", "b:x", "c:x")] == [
        tuned,
        tuned,
        None,
        None,
    ]


def test_the_shipped_prices_hold_the_shipped_teacher() -> None:
    prices = study().settings.prices
    assert price_of(OpenAI(id="gpt-5-mini").name, True, prices) == Price(input=0.25, cached=0.025, output=2.0)
    assert price_of("gpt-4.1-mini-2025-04-14", True, prices) is prices["gpt-4.1-mini"]
    assert price_of("ft:gpt-4.1-mini-2025-04-14:org::x1", True, prices) == Price(input=0.8, output=3.2)


def test_a_price_can_be_added_or_changed_on_the_command_line() -> None:
    prices = study("+prices={ours-1.5: {input: 1, output: 2}}", "prices.gpt-5-mini.input=7").settings.prices
    assert (prices["ours-1.5"], prices["gpt-5-mini"].input) == (Price(input=1, output=2), 7)
