#!/bin/sh
# Makes the logins, the database and the roles on a new Postgres, as its superuser. Run once; it stops at the first fault.
set -eu
: "${OWNER_PASSWORD:?}" "${GATEWAY_PASSWORD:?}"
ROLES=${ROLES:-/alexandria/roles.sql}
ask() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

# The passwords come by the environment: arguments are for everybody to see.
ask --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
create role alexandria_owner login nosuperuser nobypassrls nocreaterole nocreatedb password :'owner_password';
create database alexandria owner alexandria_owner template template0 encoding 'UTF8';
SQL
ask --dbname alexandria --set owner=alexandria_owner --file "$ROLES"
ask --dbname alexandria <<'SQL'
\getenv gateway_password GATEWAY_PASSWORD
alter role gateway_user password :'gateway_password';
create extension if not exists vector;
revoke connect, temporary on database alexandria from public;
grant connect on database alexandria to alexandria_owner, gateway_user;
SQL
