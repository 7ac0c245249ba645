"""Feeds on a real Postgres: everybody gets what they may see and want, learns what left, and nothing is named twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from tests.server.feeds.device import Device, visible
from tests.server.policies.world import ACTORS, World, build
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres

NOT_FED = {
    # Push only, or packs, or known to the program itself: they do not travel in feeds.
    "user_queries", "user_activity", "user_content_interactions", "user_interactions", "theme_usage_analytics",
    "error_logs", "content_embeddings", "content_similarities", "reading_environments", "usage_metrics",
    "user_sessions", "stripe_events",
}  # fmt: skip


@pytest.fixture
def database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


@pytest.fixture
def world(database: ServerDatabase) -> World:
    with database.as_superuser() as connection:
        return build(connection)


def change(database: ServerDatabase, statement: str, *values: object) -> None:
    with database.as_superuser() as connection:
        connection.execute(statement, values)


def item(world: World, name: str) -> UUID:
    return world.rows["content_items", name]["value"]


def shelve(database: ServerDatabase, user: UUID, content: UUID) -> None:
    with database.as_user(user) as connection:
        connection.execute("insert into user_libraries (user_id, content_id) values (%s, %s)", (user, content))


@pytest.mark.parametrize("actor", ACTORS[1:])
def test_no_feed_names_a_row_that_its_holder_cannot_read(database: ServerDatabase, world: World, actor: str) -> None:
    device = Device(database, world.people[actor], ["catalogue:0", "catalogue:themes"])
    device.pull()
    assert device.unseen == set()
    assert device.rows, "everybody holds at least their own account"


@pytest.mark.parametrize("actor", ["creator", "reader", "student", "teacher", "buyer"])
def test_somebody_with_everything_they_see_on_the_shelf_holds_all_that_they_can_select(
    database: ServerDatabase, world: World, actor: str
) -> None:
    user = world.people[actor]
    with database.as_user(user) as connection:
        seen = [one for (one,) in connection.execute("select id from content_items where coalesce(root_id, id) = id")]
        for one in seen:
            connection.execute(
                "insert into user_libraries (user_id, content_id) values (%s, %s) on conflict do nothing",
                (user, one),
            )
    device = Device(database, user, ["catalogue:0", "catalogue:themes"])
    device.pull()
    fed = sorted({table for table, _ in world.rows} - NOT_FED)
    # Others' public names, notes and themes are looked up when wanted; they do not come by themselves.
    own = {"user_profiles", "user_notes", "user_themes"}
    assert {row for row in device.rows if row[0] not in own} == visible(
        database, user, [name for name in fed if name not in own]
    )


def test_a_round_with_nothing_new_names_nothing_and_keeps_the_checkpoint(
    database: ServerDatabase, world: World
) -> None:
    device = Device(database, world.people["reader"])
    before = device.pull()["to"]
    assert device.pull_once() == {
        "to": before, "more": False, "reset": False, "gained": [], "lost": [], "epoch": device.pull()["epoch"],
    }  # fmt: skip


def test_a_change_reaches_the_device_of_its_owner_and_of_nobody_else(database: ServerDatabase, world: World) -> None:
    mine, theirs = Device(database, world.people["reader"]), Device(database, world.people["stranger"])
    mine.pull(), theirs.pull()
    held = set(theirs.rows)
    with database.as_user(mine.user) as connection:
        (note,) = (
            connection.execute(
                "insert into user_notes (user_id, content_id, note_text) values (%s, %s, 'new') returning id",
                (mine.user, item(world, "public")),
            ).fetchone()
            or ()
        )
    mine.pull(), theirs.pull()
    assert mine.has("user_notes", note)
    assert theirs.rows == held


def test_an_item_that_turns_private_leaves_those_who_held_it_with_all_that_is_in_it(
    database: ServerDatabase, world: World
) -> None:
    shelve(database, world.people["stranger"], item(world, "public"))
    device = Device(database, world.people["stranger"])
    device.pull()
    assert device.has("content_items", item(world, "public"))
    assert device.has("content_files", world.rows["content_files", "public"]["value"])
    change(database, "update content_items set visibility = 'private' where id = %s", item(world, "public"))
    state = device.pull()
    assert not any(table.startswith("content_") or table == "books" for table, _ in device.rows)
    assert any(table == "user_libraries" for table, _ in device.rows), "the shelf keeps what is theirs"
    assert device.strangers == set()
    assert state["lost"] == [f"content:{item(world, 'public')}"]


def test_an_item_that_turns_public_arrives_with_all_that_is_in_it(database: ServerDatabase, world: World) -> None:
    reader = Device(database, world.people["reader"])
    change(database, "insert into user_libraries (user_id, content_id) values (%s, %s)",
           reader.user, item(world, "private"))  # fmt: skip
    reader.pull()
    assert not reader.has("content_items", item(world, "private"))
    change(database, "update content_items set visibility = 'public' where id = %s", item(world, "private"))
    reader.pull()
    for table in ("books", "content_files"):
        assert reader.has(table, world.rows[table, "private"]["value"])


def test_who_joins_an_organisation_gets_its_items_and_who_leaves_keeps_none(
    database: ServerDatabase, world: World
) -> None:
    stranger, secret = world.people["stranger"], item(world, "organisation's")
    change(database, "insert into user_libraries (user_id, content_id) values (%s, %s)", stranger, secret)
    device = Device(database, stranger)
    device.pull()
    assert not device.has("content_items", secret)
    change(database, "insert into user_organizations (user_id, org_id) select %s, id from organizations", stranger)
    device.pull()
    assert device.has("content_items", secret)
    assert device.has("user_profiles", world.rows["user_profiles", "manager"]["value"])
    change(database, "delete from user_organizations where user_id = %s", stranger)
    device.pull()
    assert not device.has("content_items", secret)
    assert not device.has("user_profiles", world.rows["user_profiles", "manager"]["value"])
    assert device.strangers == set()


def test_access_that_ends_by_time_ends_without_any_event(database: ServerDatabase, world: World) -> None:
    device = Device(database, world.people["buyer"])
    device.pull()
    bought = item(world, "sold, withdrawn")
    assert device.has("content_items", bought)
    with database.as_superuser() as connection:
        connection.execute("set local session_replication_role = replica")  # so that no trigger tells of it
        connection.execute("update user_content_access set access_expires_at = now() where content_id = %s", (bought,))
    device.pull()
    assert not device.has("content_items", bought)


def test_a_draft_lesson_reaches_the_teacher_only_until_it_is_published(database: ServerDatabase, world: World) -> None:
    teacher, student = Device(database, world.people["teacher"]), Device(database, world.people["student"])
    teacher.pull(), student.pull()
    draft = world.rows["lessons", "draft lesson"]["value"]
    assert teacher.has("lessons", draft)
    assert not student.has("lessons", draft)
    change(database, "update content_items set status = 'published' where id = %s", item(world, "draft lesson"))
    teacher.pull(), student.pull()
    assert teacher.has("lessons", draft)
    assert student.has("lessons", draft)


def test_the_key_of_a_graded_assessment_reaches_teachers_alone(database: ServerDatabase, world: World) -> None:
    key = world.rows["assessment_keys", "graded"]["value"]
    for actor, expected in {"creator": True, "teacher": True, "student": False}.items():
        device = Device(database, world.people[actor])
        device.pull()
        assert device.has("assessment_keys", key) is expected
        assert device.has("assessment_keys", world.rows["assessment_keys", "practice"]["value"])


def test_a_practice_key_leaves_the_students_when_the_assessment_becomes_graded(
    database: ServerDatabase, world: World
) -> None:
    student = Device(database, world.people["student"])
    student.pull()
    key = world.rows["assessment_keys", "practice"]["value"]
    assert student.has("assessment_keys", key)
    change(database, "update assessments set mode = 'graded' where mode = 'practice'")
    student.pull()
    assert not student.has("assessment_keys", key)


@pytest.mark.parametrize("page", [1, 2, 3, 7])
def test_the_size_of_a_page_does_not_matter(database: ServerDatabase, world: World, page: int) -> None:
    whole, paged = (Device(database, world.people["creator"], page=size) for size in (1000, page))
    whole.pull(), paged.pull()
    assert paged.rows == whole.rows


def test_a_reply_that_was_lost_is_given_again(database: ServerDatabase, world: World) -> None:
    device = Device(database, world.people["creator"], page=5)
    device.pull_once()
    lost = set(device.rows)
    device.rows.clear()
    device.pull_once()
    assert device.rows == lost
    device.pull()
    whole = Device(database, world.people["creator"])
    whole.pull()
    assert device.rows == whole.rows


@dataclass
class Cut:
    """A device that writes one page while it has asked for the next, and is cut off."""

    device: Device

    def __post_init__(self) -> None:
        self._rows, self._checkpoint = set(self.device.rows), self.device.checkpoint

    def lose_a_page(self) -> int:
        """Receive a page, ask for the next, and be as before; return the number of the page."""
        device = self.device
        lost = device.checkpoint = device.pull_once()["to"]
        device.pull_once()
        device.rows, device.checkpoint = set(self._rows), self._checkpoint
        return int(lost)


@pytest.mark.parametrize("page", [1, 2, 7])
def test_a_device_that_was_cut_off_while_it_wrote_a_page_steps_back(
    database: ServerDatabase, world: World, page: int
) -> None:
    whole, device = (Device(database, world.people["creator"], page=size) for size in (1000, page))
    whole.pull()
    more = True
    while more:
        if device.checkpoint:
            Cut(device).lose_a_page()
        state = device.pull_once()
        assert state["reset"] is (device.checkpoint == 0)
        device.checkpoint, more = state["to"], state["more"]
    assert (device.rows, device.strangers) == (whole.rows, set())


def test_a_device_that_steps_back_is_told_again_what_left(database: ServerDatabase, world: World) -> None:
    member = world.people["member"]
    device = Device(database, member)
    device.pull()
    before = set(device.rows)
    change(database, "delete from user_organizations where user_id = %s", member)
    Cut(device).lose_a_page()
    assert (device.pull()["reset"], device.strangers) == (False, set())
    assert device.rows < before
    again = Device(database, member)
    again.pull()
    assert device.rows == again.rows


def test_a_device_goes_back_one_step_and_no_more(database: ServerDatabase, world: World) -> None:
    device = Device(database, world.people["creator"], page=2)
    checkpoints = []
    for _ in range(3):
        device.checkpoint = device.pull_once()["to"]
        checkpoints.append(device.checkpoint)
    device.pull_once()
    device.checkpoint = checkpoints[1]
    assert device.pull_once()["reset"] is False
    device.checkpoint = checkpoints[0]
    assert device.pull_once()["reset"] is True


def test_a_step_back_offers_a_number_above_that_of_the_page_that_was_lost(
    database: ServerDatabase, world: World
) -> None:
    # Even where nothing is new any more: the answer to the later question may yet be heard.
    wanted = ["catalogue:themes"]
    device = Device(database, world.people["reader"], wanted)
    device.pull()
    device.catalogues = []
    lost = Cut(device).lose_a_page()
    device.catalogues = wanted
    assert device.pull_once()["to"] > lost > device.checkpoint


def test_a_checkpoint_that_the_server_does_not_know_starts_over(database: ServerDatabase, world: World) -> None:
    device = Device(database, world.people["reader"])
    device.pull()
    device.checkpoint = 99
    assert device.pull_once()["reset"] is True


def test_a_device_belongs_to_one_account(database: ServerDatabase, world: World) -> None:
    first = Device(database, world.people["reader"])
    first.pull()
    with pytest.raises(psycopg.Error, match="another account"):
        Device(database, world.people["stranger"], id=first.id).pull()


def test_departures_that_were_forgotten_make_a_device_start_over(database: ServerDatabase, world: World) -> None:
    device, fresh = Device(database, world.people["reader"]), Device(database, world.people["reader"])
    device.pull()
    change(database, "delete from user_preferences")
    change(database, "select ops.collect_feeds(interval '0')")
    assert device.pull_once()["reset"] is True, "what left can only be found by listing everything"
    assert device.pull_once()["reset"] is True, "the answer may have been lost"
    fresh.pull()
    assert fresh.pull_once()["reset"] is False, "who comes later has nothing to forget"


def test_departures_of_a_lost_feed_that_were_forgotten_make_a_device_start_over(
    database: ServerDatabase, world: World
) -> None:
    stranger, one = world.people["stranger"], item(world, "public")
    shelve(database, stranger, one)
    device = Device(database, stranger)
    device.pull()
    change(database, "update content_items set visibility = 'private' where id = %s", one)
    change(database, "select ops.collect_feeds(interval '0')")
    assert device.pull_once()["reset"] is True


def test_a_listing_in_small_pages_ends_where_older_departures_were_forgotten(
    database: ServerDatabase, world: World
) -> None:
    reader = world.people["reader"]
    change(database, "insert into user_preferences (user_id, preference_type) values (%s, 'a')", reader)
    change(database, "delete from user_preferences")
    change(database, "select ops.collect_feeds(interval '0')")
    device, whole = Device(database, reader, page=2), Device(database, reader)
    for _ in range(200):
        state = device.pull_once()
        device.checkpoint = state["to"]
        if not state["more"]:
            break
    else:
        raise AssertionError("the listing does not end")
    whole.pull()
    assert device.rows == whole.rows


def test_sales_that_are_counted_are_no_news(database: ServerDatabase, world: World) -> None:
    device = Device(database, world.people["creator"])
    device.pull()
    change(database, "update marketplace_items set total_sales = total_sales + 1")
    assert device.pull_once()["to"] == device.checkpoint


def test_a_row_that_comes_and_goes_again_between_two_pulls_is_gone(database: ServerDatabase, world: World) -> None:
    one = item(world, "public")
    shelve(database, world.people["stranger"], one)
    device = Device(database, world.people["stranger"])
    device.pull()
    assert device.has("content_items", one)
    for visibility in ("private", "public", "private"):
        change(database, "update content_items set visibility = %s where id = %s", visibility, one)
    device.pull()
    assert not device.has("content_items", one)
    assert device.strangers == set()


def test_a_row_that_the_device_never_had_is_not_called_gone(database: ServerDatabase, world: World) -> None:
    org = world.org  # type: ignore[attr-defined]
    device = Device(database, world.people["member"])
    device.pull()
    one = world.people["stranger"]
    for statement in (
        "insert into user_organizations (user_id, org_id) values (%s, %s)",
        "delete from user_organizations where user_id = %s and org_id = %s",
    ):
        change(database, statement, one, org)
    state = device.pull()
    assert (device.strangers, state["reset"]) == (set(), False)


def test_no_two_offers_have_the_same_number(database: ServerDatabase, world: World) -> None:
    # An answer that is heard late must not stand for a later one, which had more in it.
    device = Device(database, world.people["reader"])
    device.pull()
    with database.as_user(device.user) as connection:
        connection.execute("update user_preferences set preferences_json = '{}' where user_id = %s", (device.user,))
    early = device.pull_once()["to"]
    with database.as_user(device.user) as connection:
        (note,) = (
            connection.execute(
                "insert into user_notes (user_id, content_id, note_text) values (%s, %s, 'x') returning id",
                (device.user, item(world, "public")),
            ).fetchone()
            or ()
        )
    device.pull_once()
    device.checkpoint = early
    device.rows.discard(("user_notes", note))
    device.pull()
    assert device.has("user_notes", note)
