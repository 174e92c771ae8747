"""The embedded servers: what was promised is there after a kill, and what a kill left behind is no obstacle."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from oms.stack import embedded, ports, processes
from oms.stack.postgres import Postgres
from oms.stack.valkey import Valkey


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", ports.pick(), "a /strange? password")
    yield server
    server.end_leftovers()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey", ports.pick(), "secret")
    yield server
    server.end_leftovers()


def test_a_committed_row_survives_the_kill_of_every_postgres_process(postgres, tmp_path):
    process = embedded.start(postgres, log=tmp_path / "log")
    postgres.create_database()
    with closing(psycopg2.connect(postgres.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    processes.end(processes.working_in(postgres.data), signal.SIGKILL)
    process.wait()

    embedded.start(postgres, log=tmp_path / "log")
    postgres.create_database()
    with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)


def test_an_orphaned_postgres_is_ended_before_the_next_start(postgres, tmp_path):
    orphan = embedded.start(postgres, log=tmp_path / "log")
    postgres.prepare()
    assert orphan.wait(timeout=30) == 0
    assert not (postgres.data / "postmaster.pid").exists()


def test_a_stale_postmaster_pid_is_no_obstacle(postgres, tmp_path):
    postgres.prepare()
    # The number of a living process that is no PostgreSQL: this one.
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")
    embedded.start(postgres, log=tmp_path / "log")


def test_a_cluster_left_half_made_is_made_anew(postgres, tmp_path):
    (postgres.data / "base").mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("18\n")
    (postgres.folder / "initdb-unfinished").touch()
    embedded.start(postgres, log=tmp_path / "log")


def test_postgres_lets_nobody_in_without_the_password(postgres, tmp_path):
    embedded.start(postgres, log=tmp_path / "log")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=postgres.port, user="oms", password="wrong", dbname="postgres")


def test_valkey_keeps_what_it_was_told_a_second_before_its_kill(valkey, tmp_path):
    process = embedded.start(valkey, log=tmp_path / "log")
    redis.Redis.from_url(valkey.url).set("kept", "42")
    time.sleep(1.5)
    process.kill()
    process.wait()

    embedded.start(valkey, log=tmp_path / "log")
    assert redis.Redis.from_url(valkey.url).get("kept") == b"42"


def test_valkey_lets_nobody_in_without_the_password(valkey, tmp_path):
    embedded.start(valkey, log=tmp_path / "log")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()


def test_a_port_is_chosen_once_and_kept(tmp_path):
    file = tmp_path / "ports.json"
    first = ports.kept(file, "postgres")
    assert ports.kept(file, "postgres") == first
    assert ports.kept(file, "valkey") != first
