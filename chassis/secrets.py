"""Random secrets of a system of services, written once: `python -m chassis.secrets FOLDER --service NAME …`.

Repeating is safe: what is there already is kept. Every file but trusted.json is readable by its owner only.
FOLDER/NAME.env holds a service's own secrets as `<NAME>_…` variables, FOLDER/NAME.owner.env what its migration
step needs, FOLDER/passwords/ROLE each database role's password, FOLDER/trusted.json the public keys of all services.
`--secret A_X,B_Y` makes one more secret that A.env knows as A_X and B.env as B_Y. `--owner PATTERN=UID` gives files away,
for services that run as different users.
"""

import argparse
import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

ROLES = ("owner", "app", "auditor", "postgres")


def write_secrets(folder: Path, services: list[str]) -> None:
    """Each service has its secrets, and `trusted.json` names all of them, afterwards."""
    for part in (folder, folder / "passwords"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    trusted = {}
    for service in services:
        passwords = {role: _random(folder / "passwords" / f"{service}_{role}") for role in ROLES}
        key = _signing_key(folder / f"{service}.env", service, passwords["app"])
        trusted[service] = key.as_dict(private=False)
        owner = f"{service.upper()}_OWNER_DATABASE_PASSWORD='{passwords['owner']}'\n"
        _write(folder / f"{service}.owner.env", owner)
    _write(folder / "trusted.json", json.dumps(trusted, indent=1))
    (folder / "trusted.json").chmod(0o644)


def _signing_key(file: Path, service: str, app_password: str) -> OKPKey:
    prefix = service.upper()
    if not file.exists():
        key = OKPKey.generate_key("Ed25519", auto_kid=True)
        values = {
            "SERVICE_KEY": json.dumps(key.as_dict(private=True)),
            "CURSOR_SECRET": secrets.token_urlsafe(32),
            "DATABASE_PASSWORD": app_password,
        }
        _write(file, "".join(f"{prefix}_{name}='{value}'\n" for name, value in values.items()))
    line = next(line for line in file.read_text().splitlines() if line.startswith(f"{prefix}_SERVICE_KEY="))
    return OKPKey.import_key(json.loads(line.split("=", 1)[1].strip("'")))


def _random(file: Path) -> str:
    if not file.exists():
        _write(file, secrets.token_urlsafe(32))
    return file.read_text()


def _write(file: Path, text: str) -> None:
    """The whole text or nothing: written beside, then renamed."""
    beside = file.with_suffix(file.suffix + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    beside.replace(file)


def add_secret(folder: Path, variables: list[str]) -> None:
    """All `variables` have one random value afterwards, each in the env file that its first word names."""
    files = {name: folder / f"{name.split('_')[0].lower()}.env" for name in variables}
    lines = {name: file.read_text().splitlines() if file.exists() else [] for name, file in files.items()}
    known = [
        line.split("=", 1)[1] for name in variables for line in lines[name] if line.startswith(f"{name}=")
    ]
    value = known[0] if known else f"'{secrets.token_urlsafe(32)}'"
    for name, file in files.items():
        others = [line for line in lines[name] if not line.startswith(f"{name}=")]
        _write(file, "\n".join([*others, f"{name}={value}", ""]))


def give_away(folder: Path, pattern: str, uid: int) -> None:
    """Files of `folder` that match now belong to `uid`, who can reach but not list them."""
    for directory in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        directory.chmod(0o711)
    for file in folder.glob(pattern):
        os.chown(file, uid, -1)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m chassis.secrets", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--service", action="append", default=[], dest="services")
    parser.add_argument(
        "--secret", action="append", default=[], dest="secrets", metavar="VARIABLE[,VARIABLE]"
    )
    parser.add_argument("--owner", action="append", default=[], dest="owners", metavar="PATTERN=UID")
    given = parser.parse_args()
    write_secrets(given.folder, given.services)
    for variables in given.secrets:
        add_secret(given.folder, variables.split(","))
    for owner in given.owners:
        pattern, _, uid = owner.rpartition("=")
        give_away(given.folder, pattern, int(uid))


if __name__ == "__main__":
    main()
