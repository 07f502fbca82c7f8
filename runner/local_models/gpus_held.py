"""Nothing in, the number of GPUs with our memory out."""

import sys


def gpus_held() -> int:
    """Count the GPUs on which this process holds memory."""
    # A process that did not import torch holds none, and importing it takes seconds.
    if "torch" not in sys.modules:
        return 0
    from torch import cuda

    if not cuda.is_initialized():
        return 0
    return sum(cuda.memory_reserved(number) > 0 for number in range(cuda.device_count()))
