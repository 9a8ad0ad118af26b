"""The whole shop from one command: `python main.py`, the same as `./scripts/run`.

Makes the environment `.venv` when needed, goes on inside it and starts everything (`python -m suite up`).
Another command of the suite may come first: `python main.py accounts`.
"""

import os
import sys
from pathlib import Path

from suite.installation import ENVIRONMENT, EnvironmentFailed, ensure_environment


def main() -> None:
    """Never returns."""
    if Path(sys.prefix) != ENVIRONMENT:
        try:
            python = ensure_environment("requirements.txt")
        except EnvironmentFailed as failure:
            sys.exit(str(failure))
        os.execv(python, [str(python), *sys.argv])
    from suite.cli import app

    arguments = sys.argv[1:]
    app(arguments if arguments and not arguments[0].startswith("-") else ["up", *arguments])


if __name__ == "__main__":
    main()
