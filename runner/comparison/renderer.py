"""Charts in, PNG files and a page's script out.

The renderer is a program of its own: it may end its process at a character or a lack of memory, which must not end a sweep.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCALE = 2  # of the PNG files, so that they are sharp on a screen of high density
PATIENCE = 300  # seconds for one start of the renderer
SCRIPT = "vega.js"

log = logging.getLogger("runner")


def draw(charts: Mapping[str, Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw each chart as a PNG file of its name.

    A chart that ends the renderer is left out, with a line that names it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, left = {name: folder / f"{name}.png" for name in charts}, list(charts)
    for file in files.values():
        file.unlink(missing_ok=True)  # of an earlier report
    while left:
        reason = _start({"charts": {name: charts[name] for name in left}, "folder": str(folder)})
        left = [name for name in left if not files[name].exists()]
        if left:
            # The first one that is missing ended the renderer. The others are tried without it.
            log.warning("the figure %s could not be drawn and is left out: %s", left.pop(0), reason)
    return [file for file in files.values() if file.exists()]


def script(folder: Path) -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, or ""."""
    file = folder / SCRIPT
    reason = _start({"charts": {}, "folder": str(folder), "script": True})
    if not file.exists():
        log.warning("the report has no figures, only their numbers: the script that draws them could not be made: %s", reason)
        return ""
    return file.read_text(encoding="utf-8")


def _start(work: Mapping[str, Any]) -> str:
    """Start the renderer; return how it ended."""
    import altair  # here, since the renderer itself needs none of it

    # The charts are of the version of Vega-Lite that Altair writes: v6.4.1 is 6.4 to the renderer.
    work = {**work, "version": ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])}
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=json.dumps(work), capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.strip().splitlines()
    return f"the renderer ended with {done.returncode}{f', {lines[-1][:200]}' if lines else ''}"


def main() -> None:
    """Do the work that stdin describes."""
    import vl_convert

    work = json.load(sys.stdin)
    folder = Path(work["folder"])
    if work.get("script"):
        text = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", work["version"])
        (folder / SCRIPT).write_text(text, encoding="utf-8")
    for name, chart in work["charts"].items():
        (folder / f"{name}.png").write_bytes(vl_convert.vegalite_to_png(chart, vl_version=work["version"], scale=SCALE))


if __name__ == "__main__":
    main()
