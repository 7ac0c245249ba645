"""What is done by the clock, on a real Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.server.policies.world import World, build
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


@pytest.fixture
def world(database: ServerDatabase) -> World:
    with database.as_superuser() as connection:
        return build(connection)


def run(database: ServerDatabase, job: str) -> str:
    """Run a job as the owner, who sees no row by itself."""
    with psycopg.connect(database.owner_url) as connection:
        (said,) = connection.execute("select ops.run_job(%s)", (job,)).fetchone() or ("",)
        return str(said)


def test_every_job_that_is_a_function_runs(database: ServerDatabase, world: World) -> None:
    with database.as_superuser() as connection:
        names = [name for (name,) in connection.execute("select name from ops.jobs where statement is not null")]
    assert {name: run(database, name) for name in names} == dict.fromkeys(names, "done")


def test_content_stats_counts_an_item_once_however_many_shelves_it_is_on(
    database: ServerDatabase, world: World
) -> None:
    with database.as_superuser() as connection:
        book = world.rows["content_items", "public"]["value"]
        connection.execute("update user_libraries set rating = 4")
        for who in ("member", "buyer"):
            connection.execute(
                "insert into user_libraries (user_id, content_id, rating) values (%s, %s, 2)", (world.people[who], book)
            )
        (published,) = connection.execute(
            "select count(*) from content_items where content_type = 'book' and status = 'published'"
            " and deleted_at is null"
        ).fetchone() or (0,)
    assert run(database, "refresh-stats") == "done"
    assert run(database, "refresh-stats") == "done", "the second time beside its readers"
    with database.as_user(world.people["stranger"]) as connection:
        row = connection.execute(
            "select total_count, round(avg_rating, 2)::text, rating_count from content_stats"
            " where content_type = 'book'"
        ).fetchone()
    assert row == (published, "2.67", 3)


def test_nobody_who_is_not_signed_in_reads_content_stats(database: ServerDatabase) -> None:
    with database.as_user(None) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select * from content_stats")


def test_clean_up_removes_what_is_past_its_term_in_batches_and_tells_no_device(
    database: ServerDatabase, world: World
) -> None:
    with database.as_superuser() as connection:
        connection.execute("update user_content_interactions set created_at = now() - interval '3 years'")
        connection.execute(
            "insert into usage_metrics (date, metric_name, metric_value)"
            " select current_date - 900, 'x' || n, 1 from generate_series(1, 25) n"
        )
        before = connection.execute("select sum(rev) from sync.feed").fetchone()
        batches = []
        while True:
            (gone,) = connection.execute("select ops.clean_up(10)").fetchone() or (0,)
            if not gone:
                break
            batches.append(gone)
        assert batches == [11, 10, 5]
        assert connection.execute("select sum(rev) from sync.feed").fetchone() == before
        assert connection.execute("select count(*) from usage_metrics").fetchone() == (1,)


def test_the_daily_backup_function_records_and_copies_nothing(database: ServerDatabase) -> None:
    assert run(database, "daily-backup") == "done"
    assert run(database, "daily-backup") == "done"
    with database.as_superuser() as connection:
        assert connection.execute("select count(*) from ops.backup_runs").fetchone() == (2,)
        copies = connection.execute("select count(*) from pg_tables where tablename like '%backup\\_2%'").fetchone()
        assert copies == (0,)


@pytest.mark.parametrize("function", ["public.cleanup_old_analytics()", "public.create_daily_backup()"])
def test_a_request_cannot_run_a_job(database: ServerDatabase, world: World, function: str) -> None:
    with database.as_user(world.people["admin"]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select {function}")


def test_a_job_that_fails_is_written_down_and_not_raised(database: ServerDatabase) -> None:
    with database.as_superuser() as connection:
        connection.execute("select ops.describe_job('broken', '* * * * *', '1 / 0', 'Fails.')")
    assert run(database, "broken") == "failed: 22012 division by zero"
    with database.as_superuser() as connection:
        assert connection.execute("select failure from ops.job_runs").fetchone() == ("22012 division by zero",)


def test_of_two_gateways_that_start_a_job_one_runs_it(database: ServerDatabase) -> None:
    with database.as_superuser() as first, psycopg.connect(database.owner_url) as second:
        first.execute("select ops.run_job('count-usage')")
        assert second.execute("select ops.run_job('count-usage')").fetchone() == ("busy",)
        first.commit()
        late = second.execute("select ops.run_job('count-usage', now() - interval '1 hour')").fetchone()
        assert late == ("done already",)


def test_a_paid_purchase_opens_what_was_bought_and_a_refund_closes_it(database: ServerDatabase, world: World) -> None:
    stranger, sold = world.people["stranger"], world.rows["content_items", "for sale"]["value"]
    with database.as_superuser() as connection:
        (paid,) = (
            connection.execute(
                "insert into purchases (user_id, total_amount) values (%s, 10) returning id", (stranger,)
            ).fetchone()
            or ()
        )
        connection.execute(
            "insert into purchase_items (purchase_id, content_id, item_type, price) values (%s, %s, 'book', 10)",
            (paid, sold),
        )

    def passages() -> int:
        with database.as_user(stranger) as connection:
            return len(connection.execute("select 1 from content_embeddings where content_id = %s", (sold,)).fetchall())

    assert passages() == 0
    for status, expected in (("completed", 1), ("refunded", 0)):
        with database.as_superuser() as connection:
            connection.execute("update purchases set status = %s where id = %s", (status, paid))
        assert passages() == expected
    assert run(database, "count-revenue") == "done"
    with database.as_user(world.people["creator"]) as connection:
        earned = connection.execute(
            "select gross_revenue, net_revenue, refund_count from revenue_analytics where content_id = %s", (sold,)
        ).fetchone()
    assert [str(one) for one in earned or ()] == ["10.00", "0.00", "1"]


REQUESTS = {
    ("student", "leave", "course"): "granted",
    ("stranger", "enroll", "course"): "course_not_open",
    ("stranger", "leave", "course"): "not_enrolled",
    ("stranger", "publish", "private"): "not_found",
    ("creator", "publish", "public draft"): "granted",
    ("stranger", "buy", "for sale"): "payment_needed",
}


@pytest.mark.parametrize("asked", REQUESTS)
def test_what_is_asked_for_is_decided_at_once(
    database: ServerDatabase, world: World, asked: tuple[str, str, str]
) -> None:
    actor, kind, name = asked
    user = world.people[actor]
    with database.as_user(user) as connection:
        verdict, code = connection.execute(
            "insert into requests (user_id, kind, subject_id) values (%s, %s, %s) returning verdict, verdict_code",
            (user, kind, world.rows["content_items", name]["value"]),
        ).fetchone() or ("", "")
    assert (code or verdict) == REQUESTS[asked]


def ask(database: ServerDatabase, user: UUID, kind: str, subject: UUID | None, **payload: str) -> str:
    """Ask for something as somebody, and return the code or the verdict."""
    with database.as_user(user) as connection:
        verdict, code = connection.execute(
            "insert into requests (user_id, kind, subject_id, payload_json) values (%s, %s, %s, %s)"
            " returning verdict, verdict_code", (user, kind, subject, Jsonb(payload)),
        ).fetchone() or ("", "")  # fmt: skip
    return str(code or verdict)


def test_a_code_that_was_withdrawn_is_nobody_elses_later(database: ServerDatabase, world: World) -> None:
    creator, stranger = world.people["creator"], world.people["stranger"]
    course = world.rows["content_items", "course"]["value"]
    with database.as_superuser() as connection:
        (mine,) = connection.execute(
            "insert into content_items (title, content_type, module_name, creator_id) values ('x', 'course', 'lms', %s)"
            " returning id", (stranger,),
        ).fetchone() or (None,)  # fmt: skip
        connection.execute("insert into courses (content_id) values (%s)", (mine,))
    assert ask(database, creator, "publish", course, code="7KQM2XPD9RTA") == "granted"
    with database.as_user(creator) as connection:
        connection.execute("update requests set deleted_at = now() where kind = 'publish'")
    assert ask(database, stranger, "publish", mine, code="7KQM2XPD9RTA") == "invitation_taken"
    assert ask(database, stranger, "enroll", None, code="7KQM2XPD9RTA") == "invitation_unknown"


def test_an_assistant_who_was_taken_out_comes_back_as_a_student(database: ServerDatabase, world: World) -> None:
    creator, stranger = world.people["creator"], world.people["stranger"]
    course = world.rows["content_items", "course"]["value"]
    with database.as_superuser() as connection:
        connection.execute(
            "insert into course_enrollments (user_id, course_id, role, status)"
            " select %s, id, 'assistant', 'removed' from courses where content_id = %s", (stranger, course),
        )  # fmt: skip
        connection.execute("update content_items set status = 'published' where id = %s", (course,))
    assert ask(database, creator, "publish", course, code="7KQM2XPD9RTA") == "granted"
    assert ask(database, stranger, "enroll", None, code="7KQM2XPD9RTA") == "granted"
    with database.as_superuser() as connection:
        found = connection.execute(
            "select role, status from course_enrollments where user_id = %s", (stranger,)
        ).fetchall()
    assert found == [("student", "active")]
