import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from oms.stack import child, family, processes
from oms.stack.child import Child
from oms.stack.errors import StackError
from oms.stack.family import Family, end_orphans
from oms.stack.installation import ROOT
from oms.stack.processes import Record
from oms.stack.services import Service

DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def house(tmp_path: Path, said: list[str]):
    made = Family(tmp_path / "children.json", said.append)
    yield made
    for each in made.children:
        each.kill()


def make_child(tmp_path: Path, *command: str, name: str = "one", is_once: bool = False) -> Child:
    service = Service(name, list(command) or ["sleep", "60"], folder=tmp_path, is_once=is_once, patience=0.5)
    return Child(service, logs=tmp_path, environ={})


def kill(each: Child) -> None:
    assert each.record
    os.kill(each.record.pid, signal.SIGKILL)


def test_a_killed_child_is_started_again_and_told(house, said, tmp_path):
    one = house.add(make_child(tmp_path))
    first = one.record
    kill(one)
    assert house.wait(lambda: one.is_running() and one.record != first, seconds=30)
    assert said == ["one ended (signal 9) and was started again."]


def test_a_child_that_keeps_ending_is_started_less_and_less_often(house, tmp_path):
    one = house.add(make_child(tmp_path, "false"))
    house.wait(lambda: False, seconds=2.5)
    # 0.2, 0.4, 0.8, 1.6 seconds apart: not dozens of starts in this time.
    assert 2 <= one.crashes <= 5


def test_a_child_that_lived_long_starts_again_at_once(house, tmp_path, monkeypatch):
    monkeypatch.setattr(child, "RECOVERED_AFTER", 0.0)
    one = house.add(make_child(tmp_path, "false"))
    house.wait(lambda: False, seconds=1.5)
    assert one.crashes == 1


def test_a_child_that_ends_by_itself_is_left_alone(house, tmp_path):
    once = house.add(make_child(tmp_path, "true", is_once=True))
    assert house.wait(lambda: not once.is_running(), seconds=30)
    house.tick()
    assert once.has_succeeded()
    assert once.crashes == 0


def test_what_a_killed_child_left_running_is_ended_before_the_next_start(house, tmp_path):
    one = house.add(make_child(tmp_path, "sh", "-c", "sleep 61 & echo $! > grandchild; wait"))
    note = tmp_path / "grandchild"
    assert house.wait(lambda: note.exists() and note.read_text().strip() != "", seconds=30)
    grandchild = Record.of(int(note.read_text()))
    kill(one)
    assert house.wait(lambda: one.crashes == 1 and not grandchild.is_alive(), seconds=30)


def test_a_forked_child_is_watched_like_any_other(house, said, tmp_path):
    note = tmp_path / "note"

    def run() -> None:
        note.write_text(str(os.getpid()))
        time.sleep(60)

    one = house.add(Child(Service("one", [], folder=tmp_path, run=run), logs=tmp_path, environ={}))
    assert house.wait(note.exists, seconds=30)
    kill(one)
    assert house.wait(lambda: said == ["one ended (signal 9) and was started again."], seconds=30)
    assert one.record
    assert one.record.pid != os.getpid()


def test_a_forked_child_that_breaks_tells_its_log_and_never_returns(house, tmp_path):
    def run() -> None:
        raise ValueError("broken inside")

    one = house.add(Child(Service("one", [], folder=tmp_path, run=run, is_once=True), logs=tmp_path, environ={}))
    assert house.wait(lambda: not one.is_running(), seconds=30)
    assert not one.has_succeeded()
    assert one.last_words() == "ValueError: broken inside"


def test_stop_asks_first_and_kills_who_will_not(house, tmp_path):
    polite, deaf = house.add(make_child(tmp_path)), house.add(make_child(tmp_path, *DEAF, name="deaf"))
    time.sleep(0.5)
    house.stop([polite, deaf], is_hurried=lambda: False)
    assert not polite.is_running()
    assert not deaf.is_running()
    assert house.children == []


def test_a_child_whose_preparation_fails_is_tried_again(house, said, tmp_path):
    answers = iter([None, StackError("no space"), None])

    def before() -> None:
        if answer := next(answers):
            raise answer

    service = Service("one", ["sleep", "60"], folder=tmp_path, before=before)
    one = house.add(Child(service, logs=tmp_path, environ={}))
    kill(one)
    assert house.wait(lambda: any("cannot be started again yet: no space" in line for line in said), seconds=30)


SUPERVISOR = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from oms.stack.child import Child
    from oms.stack.family import Family
    from oms.stack.services import Service
    folder = Path(sys.argv[1])
    house = Family(folder / "children.json", print)
    for name in ("polite", "deaf"):
        command = ["sleep", "60"] if name == "polite" else sys.argv[2:]
        each = house.add(Child(Service(name, command, folder=folder), logs=folder, environ={}))
        (folder / name).write_text(str(each.record.pid))
    time.sleep(1)
    (folder / "ready").touch()
    time.sleep(60)
""")


@pytest.fixture
def killed_supervisor(tmp_path):
    """A supervisor with two children, of which one will not listen, that was just killed with signal 9."""
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(tmp_path), *DEAF], cwd=ROOT)
    assert processes.wait_until((tmp_path / "ready").exists, seconds=60)
    records = {name: Record.of(int((tmp_path / name).read_text())) for name in ("polite", "deaf")}
    supervisor.kill()
    supervisor.wait()
    return records


def test_children_end_with_a_killed_supervisor(killed_supervisor):
    assert processes.wait_until(lambda: not killed_supervisor["polite"].is_alive(), seconds=30)


def test_orphans_that_will_not_end_are_found_by_their_record(killed_supervisor, tmp_path):
    assert killed_supervisor["deaf"].is_alive()
    end_orphans(tmp_path / "children.json")
    assert not killed_supervisor["deaf"].is_alive()


def test_records_of_another_boot_mean_nothing(killed_supervisor, tmp_path):
    file = tmp_path / "children.json"
    file.write_text(file.read_text().replace('"life": "', '"life": "another '))
    end_orphans(file)
    assert killed_supervisor["deaf"].is_alive()
    os.kill(killed_supervisor["deaf"].pid, signal.SIGKILL)


def test_a_reused_process_number_is_not_taken_for_the_child(tmp_path):
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    file = tmp_path / "children.json"
    true_record = Record.of(stranger.pid)
    file.write_text(
        f'{{"life": "{family._life()}", "processes": {{"web": [{stranger.pid}, {true_record.started - 5}]}}}}'
    )
    end_orphans(file)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_log_that_grew_too_large_is_trimmed_in_place(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "LARGEST_LOG", 10)
    one = make_child(tmp_path)
    one.log.write_text("more than ten characters")
    one.trim_log()
    assert one.log.read_text() == ""
    assert one.log.with_suffix(".log.1").read_text() == "more than ten characters"
