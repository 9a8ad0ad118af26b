"""Which user the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class SpawnOptions(TypedDict, total=False):
    """The part of `subprocess.Popen`'s arguments that changes the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user for the server; `demoted` when it is not the user we are."""

    uid: int
    gid: int
    demoted: bool

    def spawn_options(self) -> SpawnOptions:
        if not self.demoted:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, what: Path | int) -> None:
        """The file, folder or open descriptor `what` belongs to this user afterwards."""
        if self.demoted:
            os.chown(what, self.uid, self.gid)

    def name_of(self, folder: Path, handle: int) -> str:
        """How this user's programs, which inherit the open `handle` of `folder`, name it: no folder above it needs to let them in."""
        return f"/proc/self/fd/{handle}" if self.demoted else str(folder)


def account_for(data: Path) -> Account:
    """The user for the cluster in `data`: ourselves, or, when we are root, the owner of what is there, `nobody` for a new one."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), demoted=False)
    try:
        owner = data.stat()
    except FileNotFoundError:
        owner = None
    if owner is not None and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid, demoted=True)
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid, demoted=True)
