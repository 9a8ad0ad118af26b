# shellcheck shell=bash
# Read by the scripts here: where the repository is, and a Python that can run it.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT

# PYTHON is a Python 3.11, 3.12 or 3.13: the one PYTHON names already, else the first found in PATH.
find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            PYTHON=$(command -v "$candidate")
            return
        fi
    done
    echo "The shop needs Python 3.11, 3.12 or 3.13; found $(python3 --version 2>/dev/null || echo none)." \
        "On Debian or Ubuntu: apt install python3 python3-venv. Or name one: PYTHON=/path/to/python3.12 $0" >&2
    return 1
}
