"""What the system says of the processes that a test has made."""

from __future__ import annotations

import subprocess

import psutil


def gone(pid: int) -> bool:
    """Whether the process has ended."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def hosts(pid: int) -> set[str]:
    """The addresses on which the process takes connections, IPv4 ones as such."""
    listening = (each for each in psutil.Process(pid).net_connections() if each.status == psutil.CONN_LISTEN)
    return {each.laddr.ip.removeprefix("::ffff:") for each in listening}


def command_lines() -> str:
    """Every command line on this machine."""
    return subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, check=True, text=True).stdout
