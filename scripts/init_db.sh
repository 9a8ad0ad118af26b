# shellcheck shell=bash
# Read by the init_*_db.sh scripts, which PostgreSQL's container image executes or sources (so nothing here may exit or leave settings behind).

# init_db SERVICE [EXTENSIONS]: database SERVICE and its roles are there, see init_db.psql. Asks PGHOST, PGPORT, PGUSER, PGPASSWORD;
# without them the local socket, as POSTGRES_USER. Passwords: SERVICE_OWNER_PASSWORD ... or the files SECRETS_DIR/passwords/SERVICE_owner ...
init_db() (
    set -euo pipefail
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    service=$1 extensions=${2:-}
    for role in OWNER APP AUDITOR; do
        given="${service^^}_${role}_PASSWORD"
        file="${SECRETS_DIR:-/run/secrets}/passwords/${service}_${role,,}"
        password=${!given:-}
        if [[ -z $password && -r $file ]]; then
            password=$(<"$file")
        fi
        if [[ -z $password ]]; then
            echo "init_db: no password for the role ${service}_${role,,}: set $given, or SECRETS_DIR (there is no $file)." >&2
            return 1
        fi
        export "${role}_PASSWORD=$password"
    done
    export PGUSER=${PGUSER:-${POSTGRES_USER:-postgres}}
    exec psql --no-psqlrc --no-password --quiet --dbname "${PGDATABASE:-postgres}" \
        --set service="$service" --set extensions="$extensions" --file "$here/init_db.psql"
)
