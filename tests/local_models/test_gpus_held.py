"""GPUs are counted by the memory that a process holds on them."""

import sys
from types import SimpleNamespace

import pytest

from runner.local_models.gpus_held import gpus_held


@pytest.mark.parametrize(
    ("initialized", "reserved", "held"), [(False, (1, 1), 0), (True, (0, 0), 0), (True, (4096, 0), 1), (True, (1, 1), 2)]
)
def test_a_gpu_counts_if_the_process_holds_memory_on_it(
    initialized: bool, reserved: tuple[int, ...], held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuda = SimpleNamespace(
        is_initialized=lambda: initialized, device_count=lambda: len(reserved), memory_reserved=lambda number: reserved[number]
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    assert gpus_held() == held


def test_a_process_without_torch_holds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert gpus_held() == 0
    assert "torch" not in sys.modules
