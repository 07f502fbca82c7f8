"""A client of MLflow in, all our runs out."""

from typing import TYPE_CHECKING

from runner.tracker import TrackedRun

if TYPE_CHECKING:
    from mlflow import MlflowClient


def past_runs(client: "MlflowClient") -> list[TrackedRun]:
    """Read the arms and sweeps of all experiments, newest first."""
    names = {str(experiment.experiment_id): experiment.name for experiment in client.search_experiments()}
    runs, token = list[TrackedRun](), None
    while names:
        # Runs of other programs may be in the same store.
        page = client.search_runs(
            list(names), "tags.`runner.kind` != ''", page_token=token, order_by=["attributes.start_time DESC"]
        )
        for run in page:
            info, data = run.info, run.data
            corpus, began = names[info.experiment_id], (info.start_time or 0) / 1000
            name = info.run_name or ""
            runs.append(TrackedRun(info.run_id, name, info.status, data.tags, data.params, data.metrics, corpus, began))
        token = page.token
        if not token:
            break
    return runs
