"""The fields of a fine-tuning request."""

import openai
import pytest
from openai import OpenAI


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"method": {"type": "dpo"}}, "method.type"),
        ({"hyperparameters": {"n_epochs": 0}}, "n_epochs"),
        ({"hyperparameters": {"learning_rate_multiplier": 0}}, "learning_rate_multiplier"),
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
