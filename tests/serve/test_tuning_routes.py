"""The fields of a fine-tuning request."""

import openai
import pytest
from openai import OpenAI


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"method": {"type": "reinforcement"}}, "method.type"),
        ({"method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 2.5}}}}, "method.dpo.hyperparameters.beta"),
        ({"method": {"type": "dpo", "supervised": {}}}, "method.supervised: of supervised jobs alone"),
        ({"method": {"type": "dpo"}, "hyperparameters": {"n_epochs": 1}}, "hyperparameters: of supervised jobs alone"),
        ({"method": {"type": "supervised", "dpo": {}}}, "method.dpo: the type of the method is supervised"),
        ({"method": {"type": "supervised", "supervised": {"hyperparameters": {"beta": 1}}}}, "beta: this server does not offer"),
        ({"method": {"type": "dpo"}}, "no file 'file-none'"),
        ({"hyperparameters": {"n_epochs": 0}}, "hyperparameters.n_epochs: found 0, expected auto or a whole number"),
        ({"hyperparameters": {"n_epochs": 1.5}}, "hyperparameters.n_epochs: found 1.5, expected auto or a whole number"),
        ({"hyperparameters": {"batch_size": "all"}}, "hyperparameters.batch_size: found 'all', expected auto or a whole number"),
        ({"hyperparameters": {"learning_rate_multiplier": 0}}, "learning_rate_multiplier: found 0, expected auto or a number"),
        ({"suffix": "a:b"}, "suffix"),
        ({"validation_file": "file-1"}, "validation_file"),
        ({"training_file": "file-none"}, "no file 'file-none'"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(client: OpenAI, fields: dict[str, object], field: str) -> None:
    with pytest.raises(openai.APIStatusError, match=field):
        client.fine_tuning.jobs.create(**{"model": "small", "training_file": "file-none", **fields})


def test_a_job_that_there_is_not_is_not_found(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no fine-tuning job"):
        client.fine_tuning.jobs.retrieve("ftjob-none")
