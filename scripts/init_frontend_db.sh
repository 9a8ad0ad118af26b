#!/usr/bin/env bash
# The database "frontend" and its roles are there; repeating changes nothing. What it reads: init_db.sh.
source "$(dirname "${BASH_SOURCE[0]}")/init_db.sh"
init_db frontend
