"""Whatever keeps the system from starting is told in one sentence, with exit code 1 and without a traceback."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from oms.stack import lock, machine
from oms.stack.errors import StackError, sentence_for
from oms.stack.installation import ROOT, Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation.from_environment({"DATA_DIR": str(tmp_path), "PORT": "8123"})
    made.make_folders()
    return made


def make_up(**environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "PORT"}}
    return subprocess.run(
        [sys.executable, "-m", "oms.stack", "up"],
        cwd=ROOT,
        env={**clean, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in words), lines[0]


def test_a_busy_port_is_told_with_another_to_try(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        done = make_up(PORT=str(port), DATA_DIR=str(tmp_path))
    assert_one_sentence(done, f"Port {port} is busy", f"PORT={port + 10}")


def test_a_port_that_is_no_number_is_told(tmp_path):
    assert_one_sentence(make_up(PORT="eighty", DATA_DIR=str(tmp_path)), "PORT is 'eighty'")


def test_a_data_dir_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    done = make_up(PORT="8123", DATA_DIR=str(tmp_path / "file" / "below"))
    assert_one_sentence(done, "file/below")


def test_a_full_disk_is_told_before_anything_is_started(installation, monkeypatch):
    monkeypatch.setattr(machine, "NEEDED_MEGABYTES", 10**9)
    with pytest.raises(StackError, match=r"The disk is full: \d+ MB are left"):
        machine.check_disk(installation)


def test_a_disk_that_fills_up_meanwhile_is_told():
    error = OSError(errno.ENOSPC, "No space left on device", "/data/run/lock")
    assert sentence_for(error) == "The disk is full at /data/run/lock: free some space or choose another DATA_DIR."


def test_a_missing_package_is_told_with_the_way_to_get_it(tmp_path):
    locked = tmp_path / "lock.txt"
    locked.write_text("# made\nno-such-package==1.2 \\\n    --hash=sha256:00\n")
    with pytest.raises(StackError, match=r"no-such-package 1\.2 is missing .*make install"):
        machine.check_packages(locked)


def test_an_outdated_package_is_told_with_both_versions(tmp_path):
    locked = tmp_path / "lock.txt"
    locked.write_text("pytest==0.1 \\\n")
    with pytest.raises(StackError, match=r"pytest 0\.1 is missing \(found \d"):
        machine.check_packages(locked)


def test_every_package_of_the_lock_is_installed():
    machine.check_packages()


def test_a_second_start_on_the_same_data_names_the_first(installation):
    file = installation.run / "lock"
    with (
        lock.take(file, "http://127.0.0.1:8123"),
        pytest.raises(StackError, match=rf"already runs .* at http://127.0.0.1:8123 \(process {os.getpid()}\)"),
    ):
        lock.take(file, "http://127.0.0.1:8124")


def test_a_stale_lock_is_taken_over_and_told(installation, capsys):
    file = installation.run / "lock"
    file.write_text('{"pid": 999999, "address": "http://127.0.0.1:8000"}')
    with lock.take(file, installation.address):
        assert lock.read(file).pid == os.getpid()
    assert "The last run (process 999999) did not end cleanly" in capsys.readouterr().out


def test_a_damaged_lock_file_is_no_obstacle(installation):
    file = installation.run / "lock"
    file.write_text("{half a")
    with lock.take(file, installation.address):
        assert lock.is_held(file)
    assert not lock.is_held(file)


def test_an_external_database_that_does_not_answer_is_told(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgres://oms:oms@127.0.0.1:{nobody.getsockname()[1]}/oms"
        done = make_up(PORT="8123", DATA_DIR=str(tmp_path), DATABASE_URL=url, OMS_START_SECONDS="1")
    assert_one_sentence(done, "DATABASE_URL")
