"""An earlier and a new adapter in, one adapter out.

The adapter of the earlier training stays as it is, and a new one is trained. So the model before this training is the same
model with the new adapter off, as the reference of a preference training must be.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from peft import PeftModel

EARLIER, NEW = "earlier", "default"  # PEFT's name of an adapter that was given none


def activate_both(adapted: Any) -> None:
    """Let both adapters answer, and train the new one alone.

    Only for weights that the earlier adapter can't be merged into, such as quantised ones.
    """
    adapted.base_model.set_adapter([EARLIER, NEW])
    adapted.set_requires_grad(EARLIER, requires_grad=False)


class Joined:
    """A trained adapter, to be saved with an earlier one.

    The two are written side by side, as one adapter of the sum of their ranks: (B1 B2) (A1; A2) = B1 A1 + B2 A2. So a folder
    holds everything that was trained, and is loaded and served as that of a first training.
    """

    def __init__(self, adapted: PeftModel, earlier: Path) -> None:
        """Take the trained network, and the earlier adapter's folder."""
        self.adapted, self.earlier = adapted, earlier

    def save_pretrained(self, folder: Path) -> None:
        """Write both adapters as one."""
        folder.mkdir(parents=True, exist_ok=True)  # as PEFT's own method does
        training, merged = self.adapted.training, EARLIER not in self.adapted.peft_config
        if merged:
            self.adapted.load_adapter(self.earlier, EARLIER)
        self.adapted.base_model.add_weighted_adapter([EARLIER, NEW], [1.0, 1.0], "joined", combination_type="cat")
        # PEFT writes an adapter of another name than its own into a folder of that name.
        with TemporaryDirectory(dir=folder) as scratch:
            self.adapted.save_pretrained(scratch, selected_adapters=["joined"])
            for file in (Path(scratch) / "joined").iterdir():
                file.rename(folder / file.name)
        # The network is left as it was: a training may go on, and be saved once more.
        for name in ["joined", *([EARLIER] if merged else [])]:
            self.adapted.delete_adapter(name)
        self.adapted.set_adapter(NEW) if merged else activate_both(self.adapted)
        self.adapted.train(training)
