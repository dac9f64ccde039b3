#!/bin/sh
# Runs once, when the database's volume is new: the three roles of the product and a database that its owner owns.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --set reports="$REPORTS_PASSWORD" <<'SQL'
create role tracker_owner login createrole password :'owner';
set role tracker_owner;
create role tracker_app login password :'app';
create role tracker_reports login password :'reports';
reset role;
create database tracker owner tracker_owner;
SQL
