"""What takes the command seconds, done once in the fork server of tests.command."""

import gc
import subprocess
import sys
from importlib import import_module

from runner.comparison import page
from tests import given
from tests.comparison.given import small

for name in (
    *("datasets", "mlflow.store.tracking.sqlalchemy_store", "sklearn.feature_extraction.text", "statsmodels.api"),
    *("torch", "peft", "transformers.models.llama.modeling_llama"),
    *("alembic.command", "bm25s", "git", "IPython.display", "markdown_it", "pint", "Stemmer", "sqlalchemy.dialects.sqlite"),
    *("runner.run", "runner.comparison.figures", "runner.preview.table", "runner.sweep.sweeper", "runner.tracker.mlflow"),
):
    import_module(name)

# The report's script is a constant. Another process makes it, since that starts threads, which forked commands would lack.
show = "import sys; from runner.comparison import page; sys.stdout.write(page._vega())"
script = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True).stdout
page._vega = lambda: script  # type: ignore[assignment]
# The first config and the first report take twice as long as the next: parsers remember, templates are compiled.
given.study("grader=both")
page.page(small())
gc.freeze()  # a collection then skips all that was imported
