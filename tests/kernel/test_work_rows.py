from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from kernel import clock, correlation, work
from kernel.errors import Refused
from kernel.models import Notification
from kernel.work import WorkState
from kernel.work.outcomes import back_off, replay_matching
from tests.kernel.models import Call, Chore, Effect

pytestmark = pytest.mark.django_db
CHORES, CALLS = "kernel_tests.chore", "kernel_tests.call"
Worked = Callable[..., None]


def do(row: Any) -> None:
    Effect.objects.create(name=row.name)


def effects() -> list[str]:
    return list(Effect.objects.order_by("id").values_list("name", flat=True))


def due_now(model: Any) -> None:
    model.objects.filter(state=WorkState.READY).update(next_attempt_at=clock.now())


def test_a_claim_takes_due_rows_once_with_a_lease_a_token_and_one_more_attempt() -> None:
    Chore.objects.create(name="due")
    Chore.objects.create(name="later", next_attempt_at=clock.now() + timedelta(minutes=1))
    (row,) = work.claim(Chore)
    assert (row.name, row.state, row.attempts) == ("due", WorkState.RUNNING, 1)
    assert row.token
    assert timedelta(seconds=80) < row.lease_until - clock.now() <= timedelta(seconds=90)
    assert work.claim(Chore) == []


def test_a_claim_takes_a_batch_in_the_order_of_ids() -> None:
    rows = Chore.objects.bulk_create(Chore(name=str(i)) for i in range(150))
    claimed = work.claim(Chore, limit=100)
    assert [row.pk for row in claimed] == [row.pk for row in rows[:100]]


def test_the_effect_and_done_are_written_together(worked: Worked) -> None:
    Chore.objects.create(name="a")
    worked(Chore, do)
    assert work.drain(CHORES).done == 1
    row = Chore.objects.get()
    assert (row.state, row.token, row.lease_until, effects()) == (WorkState.DONE, None, None, ["a"])
    assert row.finished_at


def test_a_bad_row_fails_alone_and_leaves_no_half_effect(worked: Worked) -> None:
    def handler(row: Chore) -> None:
        do(row)
        if row.name == "bad":
            raise work.Retry("shelf_missing", "no shelf", "business")

    Chore.objects.bulk_create(Chore(name=name) for name in ("a", "bad", "b"))
    worked(Chore, handler)
    drained = work.drain(CHORES)
    assert (drained.done, drained.failed, effects()) == (2, 1, ["a", "b"])
    bad = Chore.objects.get(name="bad")
    assert (bad.state, bad.attempts, bad.last_error_code, bad.error_class) == ("ready", 1, "shelf_missing", "business")
    assert bad.next_attempt_at > clock.now() + timedelta(seconds=3)
    assert bad.first_failed_at


def test_a_row_gets_a_first_try_and_three_retries_and_is_dead_then(worked: Worked) -> None:
    tries = []

    def handler(row: Chore) -> None:
        tries.append(row.attempts)
        raise work.Retry("closed", "the shop is closed")

    row = Chore.objects.create(name="a")
    worked(Chore, handler)
    for _ in range(6):
        due_now(Chore)
        work.drain(CHORES)
    row.refresh_from_db()
    assert (tries, row.state, row.attempts) == ([1, 2, 3, 4], WorkState.DEAD, 4)
    assert row.finished_at


def test_the_wait_grows_fourfold_and_is_spread_by_chance() -> None:
    for attempts, seconds in ((1, 5), (2, 20), (3, 80)):
        waits = {back_off(attempts).total_seconds() for _ in range(50)}
        assert len(waits) > 40
        assert all(seconds * 0.7 <= wait <= seconds * 1.3 for wait in waits)


def test_a_failure_that_cannot_be_helped_is_dead_at_once(worked: Worked) -> None:
    def handler(row: Chore) -> None:
        raise work.Dead("no_such_product", "unknown", "schema")

    Chore.objects.create(name="a")
    worked(Chore, handler)
    work.drain(CHORES)
    assert Chore.objects.get().state == WorkState.DEAD


def test_waiting_for_a_breaker_uses_up_no_attempt_however_long_it_lasts(worked: Worked) -> None:
    def handler(row: Chore) -> None:
        raise work.Defer(clock.now() + timedelta(seconds=30), "the breaker is open", "server")

    row = Chore.objects.create(name="a")
    worked(Chore, handler)
    for _ in range(10):
        due_now(Chore)
        work.drain(CHORES)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (WorkState.READY, 0, "the breaker is open")
    assert row.next_attempt_at > clock.now() + timedelta(seconds=20)


def test_work_that_is_not_needed_is_discarded_with_its_reason(worked: Worked) -> None:
    def handler(row: Chore) -> None:
        raise work.Ignore("nobody asked for it")

    Chore.objects.create(name="a")
    worked(Chore, handler)
    work.drain(CHORES)
    row = Chore.objects.get()
    assert (row.state, row.discarded_reason) == (WorkState.DISCARDED, "nobody asked for it")


def test_a_business_refusal_is_kept_with_its_code_and_advice(worked: Worked) -> None:
    def handler(row: Chore) -> None:
        raise Refused("The order is closed.", advice="Open it again.")

    Chore.objects.create(name="a")
    worked(Chore, handler)
    work.drain(CHORES)
    row = Chore.objects.get()
    assert (row.error_class, row.last_error_code, row.last_error) == (
        "business",
        "refused",
        "The order is closed. Open it again.",
    )


def test_an_unforeseen_error_is_told_by_its_place_never_by_its_message(worked: Worked) -> None:
    def handler(row: Chore) -> None:
        raise ValueError("phone 13800001111 of Wang")

    Chore.objects.create(name="a")
    worked(Chore, handler)
    work.drain(CHORES)
    row = Chore.objects.get()
    assert row.last_error_code == "ValueError"
    assert row.last_error.startswith("ValueError at tests/kernel/test_work_rows.py:")
    assert "138" not in row.last_error


def test_a_deadlock_is_tried_again_soon_and_uses_up_no_attempt(worked: Worked) -> None:
    class Deadlock(Exception):
        pgcode = "40P01"

    def handler(row: Chore) -> None:
        raise OperationalError("deadlock detected") from Deadlock()

    Chore.objects.create(name="a")
    worked(Chore, handler)
    work.drain(CHORES)
    row = Chore.objects.get()
    assert (row.state, row.attempts) == (WorkState.READY, 0)
    assert row.next_attempt_at < clock.now() + timedelta(seconds=1)


def test_rows_that_failed_before_are_worked_alone() -> None:
    Chore.objects.bulk_create(Chore(name=name, attempts=attempts) for name, attempts in (("new", 0), ("old", 2)))
    assert [row.name for row in work.claim(Chore, tried=False)] == ["new"]
    assert [row.name for row in work.claim(Chore, limit=1, tried=True)] == ["old"]


class TestTurns:
    def test_rows_of_one_key_run_in_turn_and_other_keys_beside_them(self) -> None:
        names = [("a1", "a"), ("a2", "a"), ("b1", "b"), ("free", "")]
        Chore.objects.bulk_create(Chore(name=name, ordering_key=key) for name, key in names)
        first = work.claim(Chore)
        assert [row.name for row in first] == ["a1", "b1", "free"]
        assert work.claim(Chore) == []
        work.done(first[0])
        assert [row.name for row in work.claim(Chore)] == ["a2"]

    def test_a_row_in_back_off_holds_those_behind_it(self, worked: Worked) -> None:
        later = clock.now() + timedelta(minutes=1)
        Chore.objects.create(name="a1", ordering_key="a", next_attempt_at=later, attempts=1)
        Chore.objects.create(name="a2", ordering_key="a")
        assert work.claim(Chore) == []

    def test_a_drain_works_a_whole_key_in_its_order(self, worked: Worked) -> None:
        Chore.objects.bulk_create(Chore(name=str(i), ordering_key="a") for i in range(12))
        worked(Chore, do)
        work.drain(CHORES)
        assert effects() == [str(i) for i in range(12)]

    def test_a_dead_row_holds_its_key_only_where_the_kind_says_so(self) -> None:
        for model in (Chore, Call):
            model.objects.create(name="1", ordering_key="a", state=WorkState.DEAD)
            model.objects.create(name="2", ordering_key="a")
        assert [row.name for row in work.claim(Chore)] == ["2"]
        assert work.claim(Call) == []
        Call.objects.filter(name="1").update(state=WorkState.DISCARDED)
        assert [row.name for row in work.claim(Call)] == ["2"]

    def test_a_replayed_row_waits_while_a_later_one_of_its_key_runs(self) -> None:
        dead = Chore.objects.create(name="1", ordering_key="a", state=WorkState.DEAD)
        Chore.objects.create(name="2", ordering_key="a")
        (running,) = work.claim(Chore)
        work.replay(Chore, [dead.uid])
        assert work.claim(Chore) == []
        work.done(running)
        assert [row.name for row in work.claim(Chore)] == ["1"]


class TestLeases:
    def test_a_row_whose_worker_vanished_is_ready_again(self) -> None:
        Chore.objects.create(name="a")
        work.claim(Chore)
        assert work.return_expired(Chore) == []
        Chore.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        (row,) = work.return_expired(Chore)
        assert (row.state, row.error_class, row.last_error_code) == ("ready", "lease", "lease_expired")
        assert [row.attempts for row in work.claim(Chore)] == [2]

    def test_a_row_that_loses_its_worker_every_time_is_dead(self) -> None:
        Chore.objects.create(name="a", attempts=3)
        work.claim(Chore)
        Chore.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        (row,) = work.return_expired(Chore)
        assert row.state == WorkState.DEAD

    def test_a_worker_that_was_too_slow_changes_nothing(self) -> None:
        Chore.objects.create(name="a")
        (slow,) = work.claim(Chore)
        Chore.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        work.return_expired(Chore)
        (quick,) = work.claim(Chore)
        with pytest.raises(work.LeaseLost):
            work.done(slow)
        assert work.fail(slow, work.Dead("late")) == ""
        assert work.release([slow]) == 0
        work.done(quick)
        assert Chore.objects.get().state == WorkState.DONE

    def test_rows_given_back_untried_keep_their_attempts(self) -> None:
        Chore.objects.bulk_create(Chore(name=str(i)) for i in range(3))
        rows = work.claim(Chore)
        assert work.release(rows) == 3
        assert [row.attempts for row in work.claim(Chore)] == [1, 1, 1]


class TestOutbound:
    def test_the_handler_runs_outside_a_transaction_and_settles_in_one(
        self, worked: Worked, transactional_db: None
    ) -> None:
        seen = []

        def handler(row: Call) -> None:
            seen.append(connection.in_atomic_block)
            with work.settle(row):
                do(row)

        Call.objects.create(name="a")
        worked(Call, handler, transactional=False)
        assert work.drain(CALLS).done == 1
        assert (seen, effects(), Call.objects.get().state) == ([False], ["a"], WorkState.DONE)

    def test_a_result_is_not_written_when_the_lease_was_lost_meanwhile(
        self, worked: Worked, transactional_db: None
    ) -> None:
        def handler(row: Call) -> None:
            Call.objects.update(token=None, state=WorkState.READY, next_attempt_at=clock.now() + timedelta(hours=1))
            with work.settle(row):
                do(row)

        Call.objects.create(name="a")
        worked(Call, handler, transactional=False)
        assert work.drain(CALLS).lost == 1
        assert effects() == []

    def test_a_handler_that_settles_nothing_is_done_when_it_returns(
        self, worked: Worked, transactional_db: None
    ) -> None:
        Call.objects.create(name="a")
        worked(Call, lambda row: None, transactional=False)
        work.drain(CALLS)
        assert Call.objects.get().state == WorkState.DONE

    def test_a_dead_call_holds_its_order_until_it_is_replayed(self, worked: Worked, transactional_db: None) -> None:
        broken = [True]

        def handler(row: Call) -> None:
            if broken[0]:
                raise work.Dead("refused_there", "they refused it", "business")
            with work.settle(row):
                do(row)

        first, _ = (Call.objects.create(name=name, ordering_key="O1") for name in ("first", "second"))
        worked(Call, handler, transactional=False)
        work.drain(CALLS)
        assert sorted(Call.objects.values_list("state", flat=True)) == ["dead", "ready"]
        broken[0] = False
        assert work.replay(Call, [first.uid]) == 1
        work.drain(CALLS)
        assert effects() == ["first", "second"]


class TestDeadLetters:
    def dead(self, count: int = 1) -> list[Chore]:
        return [
            Chore.objects.create(name=f"{i}", state=WorkState.DEAD, attempts=4, finished_at=clock.now())
            for i in range(count)
        ]

    def test_a_replay_starts_a_new_round_of_attempts_and_is_counted(self, worked: Worked) -> None:
        one, other = self.dead(2)
        assert work.replay(Chore, [one.uid]) == 1
        one.refresh_from_db()
        assert (one.state, one.attempts, one.replays, one.finished_at) == (WorkState.READY, 0, 1, None)
        other.refresh_from_db()
        assert other.state == WorkState.DEAD

    def test_what_is_not_dead_is_not_replayed(self) -> None:
        row = Chore.objects.create(name="a", state=WorkState.DONE)
        assert work.replay(Chore, [row.uid]) == 0

    def test_all_dead_letters_of_one_cause_are_replayed_by_one_statement(self, django_assert_num_queries: Any) -> None:
        self.dead(20)
        with django_assert_num_queries(3):  # a savepoint around one UPDATE
            assert replay_matching(Chore, Q(attempts=4)) == 20

    def test_a_dead_letter_is_discarded_with_a_reason(self) -> None:
        (row,) = self.dead()
        assert work.discard(Chore, [row.uid], reason="entered by hand") == 1
        row.refresh_from_db()
        assert (row.state, row.discarded_reason) == (WorkState.DISCARDED, "entered by hand")

    def test_operations_hear_of_dead_letters_once_an_hour_for_each_cause(self, worked: Worked) -> None:
        def handler(row: Chore) -> None:
            raise work.Dead("no_such_product", "unknown", "schema")

        Chore.objects.bulk_create(Chore(name=str(i)) for i in range(30))
        worked(Chore, handler)
        work.drain(CHORES)
        assert Chore.objects.filter(state=WorkState.DEAD).count() == 30
        notice = Notification.objects.get()
        assert (notice.kind, notice.level, notice.audience) == ("dead_letter", "failure", "operations")
        assert "no_such_product" in notice.title

    def test_a_hook_that_fails_changes_nothing_else(self, worked: Worked) -> None:
        def handler(row: Chore) -> None:
            raise work.Dead("gone")

        def hook(row: Chore) -> None:
            Effect.objects.create(name="half")
            raise RuntimeError

        Chore.objects.create(name="a")
        worked(Chore, handler)
        work.on_dead(Chore, hook)
        work.drain(CHORES)
        assert (Chore.objects.get().state, effects()) == (WorkState.DEAD, [])


def test_a_row_carries_the_correlation_id_of_its_maker_to_its_handler(worked: Worked) -> None:
    seen = []
    with correlation.bound("webhook-0001"):
        Chore.objects.create(name="a")
    worked(Chore, lambda row: seen.append(correlation.current()))
    work.drain(CHORES)
    assert seen == ["webhook-0001"]


def test_a_drain_out_of_time_gives_its_rows_back_untried(worked: Worked) -> None:
    Chore.objects.bulk_create(Chore(name=str(i)) for i in range(80))
    worked(Chore, do)
    drained = work.drain(CHORES, budget_seconds=0)
    assert drained.done < 80
    left = Chore.objects.filter(state=WorkState.READY)
    assert left.count() == 80 - drained.done
    assert set(left.values_list("attempts", flat=True)) == {0}


def test_a_short_batch_commits_in_chunks_so_that_nobody_waits_for_the_last_row(
    worked: Worked, transactional_db: None
) -> None:
    commits = []

    def handler(row: Chore) -> None:
        transaction.on_commit(lambda: commits.append(row.name))
        if row.name == "60":
            assert len(commits) >= 50

    Chore.objects.bulk_create(Chore(name=str(i)) for i in range(100))
    worked(Chore, handler)
    assert work.drain(CHORES).done == 100
