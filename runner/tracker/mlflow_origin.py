"""Origin of a run in, tags, inputs and outputs out."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.tracker import Dataset
from runner.tracker.mlflow_names import LONGEST_TAG
from runner.version import RELEASE, commit

if TYPE_CHECKING:
    from mlflow import MlflowClient

SWEEPS = "runner.sweeps"  # a tag: ids of the sweeps that an arm belongs to, since MLflow has one parent for each run


def surroundings() -> dict[str, str]:
    """Return the tags of user, source and version."""
    # The public way to MLflow's own tags. A repository of the project counts if this is an installed package.
    from mlflow.tracking.context.registry import resolve_tags

    # The job of a launcher is started by another file than run.py.
    tags = {**resolve_tags(), "mlflow.source.name": "run.py", "runner.version": RELEASE}
    return tags | ({"mlflow.source.git.commit": commit()} if commit() else {})


def sweeps(tags: Mapping[str, str], parent: str | None) -> dict[str, str]:
    """Add `parent` to an arm's sweeps; return the changed tag."""
    known = tags.get(SWEEPS, "").split()
    if not parent or parent in known:
        return {}
    text = " ".join([*known, parent])
    # The newest stay where there are too many.
    return {SWEEPS: text if len(text) <= LONGEST_TAG else text[-LONGEST_TAG:].partition(" ")[2]}


def log_dataset(client: "MlflowClient", run: str, dataset: Dataset) -> None:
    """Add a data set to the inputs of a run."""
    from mlflow.entities import Dataset as Entity
    from mlflow.entities import DatasetInput, InputTag

    columns = [{"name": name, "type": "string", "required": True} for name in dataset.columns]
    entity = Entity(
        name=dataset.name,
        digest=dataset.digest,
        source_type="code",
        source=json.dumps({"tags": {"mlflow.source.name": "run.py", "mlflow.source.type": "LOCAL"}}),
        schema=json.dumps({"mlflow_colspec": columns}),
        profile=json.dumps({"num_rows": dataset.rows}),
    )
    with _older_server():
        client.log_inputs(run, [DatasetInput(entity, [InputTag("mlflow.data.context", dataset.purpose)])])


def log_model(client: "MlflowClient", run: str, name: str, key: str) -> None:
    """Add a trained model to the outputs of a run.

    It is a reference: `key` is that of its training in the store. The weights stay there, and export=FOLDER writes them.
    """
    from mlflow.entities import LoggedModelOutput

    with _older_server():
        opened = client.get_run(run)
        # A run that was continued may have it.
        outputs = opened.outputs.model_outputs if opened.outputs else []
        if any(client.get_logged_model(output.model_id).tags.get("runner.tuning") == key for output in outputs):
            return
        # By this tag MLflow's pages say that the weights are elsewhere.
        tags = {"mlflow.model.isExternal": "true", "runner.tuning": key}
        model = client.create_logged_model(
            opened.info.experiment_id, re.sub(r"[/:.%\"']", "_", name), source_run_id=run, tags=tags, model_type="tuned"
        )
        client.finalize_logged_model(model.model_id, "READY")
        client.log_outputs(run, [LoggedModelOutput(model.model_id, step=len(outputs))])


@contextmanager
def _older_server() -> Iterator[None]:
    """Leave out what an older server does not know."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        if error.error_code != "ENDPOINT_NOT_FOUND":
            raise
