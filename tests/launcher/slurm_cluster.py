"""A Slurm cluster of two nodes on this machine, from the programs of Debian's packages slurm-wlm and munge."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue")
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])  # where Debian has the servers
START = 60.0  # seconds until both nodes answer
END = 60.0  # seconds until no job is left

CONFIG = """ClusterName=small
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=1
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
KillWait=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldPidFile={folder}/slurmctld.pid
NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1
NodeName=node2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1
PartitionName=main Nodes=node1,node2 Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Name the programs that are not installed."""
    return " ".join(name for name in PROGRAMS if not shutil.which(name, path=PATH))


@contextmanager
def cluster(folder: Path) -> Iterator[Path]:
    """Run a cluster while the block lasts; give its config, for SLURM_CONF."""
    config = folder / "slurm.conf"
    for name in ("state", "spool-node1", "spool-node2"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o755)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    config.write_text(CONFIG.format(host=socket.gethostname(), ports=_ports(3), user=user, folder=folder))
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o600)
    files = [f"--{name}={folder}/munge.{name.partition('-')[0]}" for name in ("key-file", "pid-file", "log-file", "seed-file")]
    with ExitStack() as stack:
        _start(stack, config, ["munged", "--foreground", "--force", f"--socket={folder}/munge.socket", *files])
        _start(stack, config, ["slurmctld", "-D"])
        for node in ("node1", "node2"):
            _start(stack, config, ["slurmd", "-D", "-N", node])
        _wait(config)
        # Before the servers end: what they left running would stay.
        stack.callback(_cancel_all, config)
        yield config


def asked(config: Path, *command: str) -> str:
    """What a command of Slurm prints."""
    environment = {**os.environ, "SLURM_CONF": str(config)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60).stdout


def _start(stack: ExitStack, config: Path, command: list[str]) -> None:
    program = shutil.which(command[0], path=PATH)
    log = stack.enter_context((config.parent / f"{'-'.join(command[::3])}.out".replace("/", "_")).open("w"))
    process = subprocess.Popen(
        [str(program), *command[1:]], env={**os.environ, "SLURM_CONF": str(config)}, stdout=log, stderr=subprocess.STDOUT
    )
    stack.callback(_stop, process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(config: Path) -> None:
    _until(config, START, lambda: asked(config, "sinfo", "--noheader", "--format=%D", "--states=idle").strip() == "2")


def _cancel_all(config: Path) -> None:
    for number in asked(config, "squeue", "--noheader", "--format=%i").split():
        asked(config, "scancel", number)
    _until(config, END, lambda: not asked(config, "squeue", "--noheader", "--format=%i").strip())


def _until(config: Path, seconds: float, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            logs = "".join(file.read_text() for file in config.parent.glob("*.out"))
            raise TimeoutError(f"Slurm did not answer in {seconds:g} s: {logs[-2000:]}")
        time.sleep(1)


def _ports(count: int) -> list[int]:
    """Return free ports."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
