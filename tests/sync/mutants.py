"""Deliberate faults, each taking away the one thing that keeps a promise, and the test that says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A small change to a file, and the test that must fail with it."""

    name: str
    file: str
    old: str
    """Text that is in the file once."""
    new: str
    test: str


_PUSH, _PULL = "tests/server/push/test_push.py", "tests/server/feeds/test_pull.py"
_TELLING = "tests/server/push/test_telling.py"
_ROUND, _PROMISES = "tests/sync/test_round.py", "tests/sync/test_guarantees.py"
_RECORDED = "tests/sync/test_recorded.py::test_no_byte_of_a_row_out_of_sight_reaches_anybody"
_WENT_WRONG = "tests/sync/test_schedules.py::test_what_once_went_wrong_goes_well"

MUTANTS = (
    Mutant(
        "no receipt",
        "sync/server/sql/520_push.sql",
        "  return receipt.judgements;",
        "  delete from sync.receipt r where r.device_id = device and r.batch_id = batch;\n  return null;",
        f"{_PUSH}::test_a_batch_that_comes_again_is_judged_as_before_and_changes_nothing",
    ),
    Mutant(
        "no revision guard",
        "sync/client/placing.py",
        "        if revision is not None and row[revision] < before[revision]:\n",
        "        if False:\n",
        f"{_ROUND}::test_a_row_that_comes_late_does_not_go_over_a_newer_one",
    ),
    Mutant(
        "update creates",
        "sync/server/push/applying.py",
        "    present = await _locked(connection, judging.name, [one.id for one in operations])\n",
        "    present = await _locked(connection, judging.name, [one.id for one in operations])\n"
        "    made = [_row(judging, one, frozenset(one.values), {}) for one in operations if one.id not in present]\n"
        '    await write_rows(connection, judging.name, made, "insert")\n'
        "    present = await _locked(connection, judging.name, [one.id for one in operations])\n",
        f"{_PUSH}::test_an_update_that_names_every_column_makes_no_row_either",
    ),
    Mutant(
        "cursor before rows",
        "sync/client/engine.py",
        "        touched = self._store.write(lambda connection: self._take(connection, where, header, arrivals))\n",
        '        at = Position(header["to"], header["epoch"], where.resync)\n'
        "        self._store.write(lambda connection: keep_position(connection, at))\n"
        "        touched = self._store.write(lambda connection: self._take(connection, where, header, arrivals))\n",
        f"{_PROMISES}::test_a_crash_at_a_commit_of_a_first_round_leaves_no_hole",
    ),
    Mutant(
        "delete not winning",
        "sync/merge/deletion.py",
        "    if theirs and theirs_changed:\n",
        "    if theirs:\n",
        f"{_ROUND}::test_a_book_that_was_removed_here_and_read_on_there_stays_removed",
    ),
    Mutant(
        "old rows in a replay",
        "sync/server/push/receiving.py",
        "        lines += await _present(",
        '        old = [["row", one.table, {"id": str(one.id), **one.values}] for one in body.operations]\n'
        "        lines += map(orjson.dumps, old)\n"
        "        lines += [] if judgements else await _present(",
        f"{_PUSH}::test_a_batch_that_comes_again_answers_with_the_rows_as_they_are_now",
    ),
    Mutant(
        "outbox dropped on ack",
        "sync/client/outgoing.py",
        'connection.exec_driver_sql("DELETE FROM outbox WHERE sequence = ?", done)',
        "connection.exec_driver_sql('DELETE FROM outbox')",
        f"{_PROMISES}::test_what_is_written_while_a_batch_is_on_its_way_is_told_as_well",
    ),
    Mutant(
        "no rebase",
        "sync/client/incoming.py",
        "        mine = own_here.get(raw_id(one))\n",
        "        mine = None\n",
        f"{_PROMISES}::test_a_page_leaves_alone_what_was_changed_here_and_is_not_told_yet",
    ),
    Mutant(
        "no floor for collected entries",
        "sync/server/sql/510_pull.sql",
        "set floor = greatest(f.floor, floors.rev) from floors",
        "set floor = f.floor from floors",
        f"{_PULL}::test_departures_that_were_forgotten_make_a_device_start_over",
    ),
    Mutant(
        "leave despite own changes",
        "sync/client/incoming.py",
        "depart(connection, name, [one for one in ids if (name, one.bytes) not in own])",
        "depart(connection, name, ids)",
        f"{_PROMISES}::test_a_departure_does_not_take_a_change_that_waits",
    ),
    Mutant(
        "frozen late",
        "sync/client/engine.py",
        "            batch = self._store.write(self._freeze)\n"
        "        if batch is None:\n            return False\n"
        "        behind, batch_id = None, batch.batch_id\n",
        "            def late(connection: Connection) -> None:\n"
        "                kept.append(self._freeze(connection))\n"
        "                raise Cancelled\n\n"
        "            kept: list[freezing.Frozen | None] = []\n"
        "            try:\n                self._store.write(late)\n"
        "            except Cancelled:\n                pass\n"
        "            batch = kept[0]\n"
        "        if batch is None:\n            return False\n"
        "        answer = batches.answer(batch)\n"
        "        self._store.write(lambda connection: freezing.freeze("
        "connection, self._device_id, most=self._batch))\n",
        f"{_PROMISES}::test_a_batch_is_on_the_disk_before_it_is_sent_and_sent_again_byte_for_byte",
    ),
    Mutant(
        "fast path without revision",
        "sync/server/push/applying.py",
        "    is_plain = found.revision == one.revision and one.kind is not Kind.INSERT\n",
        "    is_plain = one.kind is not Kind.INSERT\n",
        f"{_ROUND}::test_the_same_note_edited_on_both_keeps_both_texts",
    ),
    Mutant(
        "footer unchecked",
        "sync/protocol/lines.py",
        "    if not is_whole or not isinstance(header, dict):\n",
        "    if not isinstance(header, dict):\n",
        f"{_PROMISES}::test_a_body_that_is_not_what_its_footer_says_is_not_applied",
    ),
    Mutant(
        "offers share a number",
        "sync/server/sql/510_pull.sql",
        "  next_offer := greatest(known.checkpoint, known.offered) + 1;\n",
        "  next_offer := case when checkpoint_seen = known.offered then known.offered else known.checkpoint end + 1;\n",
        f"{_PULL}::test_no_two_offers_have_the_same_number",
    ),
    Mutant(
        "epoch unread",
        "sync/client/engine.py",
        '        if where.epoch and header["epoch"] != where.epoch and not is_beginning:\n',
        "        if False:\n",
        "tests/sync/test_restore.py::test_what_a_restored_server_lost_is_told_to_it_again",
    ),
    Mutant(
        "what is told again goes out behind what stands on it",
        "sync/client/listing.py",
        "        parents_first(connection)\n",
        "        pass\n",
        "tests/sync/test_ahead.py::test_a_book_whose_import_was_on_its_way_when_the_server_was_set_back_is_told_whole",
    ),
    Mutant(
        "epoch of an answer to a push unread",
        "sync/client/engine.py",
        '        if header["epoch"] != self._store.read(position).epoch:\n',
        "        if False:\n",
        f"{_PROMISES}::test_an_epoch_that_changes_between_two_requests_of_a_round_judges_nothing",
    ),
    Mutant(
        "a whole listing is forgotten when its first page is lost",
        "sync/server/sql/510_pull.sql",
        "    update sync.device d set checkpoint = -1 where d.device_id = device;\n",
        "",
        f"{_PULL}::test_departures_that_were_forgotten_make_a_device_start_over",
    ),
    Mutant(
        "revisions do not tell histories apart",
        "sync/server/sql/510_pull.sql",
        "    revisions_from = greatest(revisions_from + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)\n",
        "    revisions_from = 0\n",
        f"{_WENT_WRONG}[words of two histories are both kept]",
    ),
    Mutant(
        "what others made is told again",
        "sync/client/retelling.py",
        "            if one in written and mine is not None:\n",
        "            if mine is not None:\n",
        f"{_WENT_WRONG}[others' items are not told again after a restore]",
    ),
    Mutant(
        "a removal has not seen one's own edits",
        "sync/client/outgoing.py",
        "        if row in removed:\n",
        "        if False:\n",
        f"{_PROMISES}::test_a_removal_made_while_the_note_was_on_its_way_is_a_removal",
    ),
    Mutant(
        "an answer that was lost is not told again",
        "sync/server/sql/510_pull.sql",
        "  has_heard := coalesce(pull.heard = known.last_batch, false);\n",
        "  has_heard := true;\n",
        f"{_TELLING}::test_an_answer_that_was_not_taken_in_is_told_by_the_next_pull",
    ),
    Mutant(
        "a listing leaves out what was handed in",
        "sync/server/sql/510_pull.sql",
        " and r.op = '+' and coalesce(h.seen >= h.gained, false))",
        " and r.op = '+')",
        f"{_TELLING}::test_a_device_that_starts_over_is_told_everything",
    ),
    Mutant(
        "what follows from a batch counts as told",
        "sync/server/sql/500_feeds.sql",
        "case when pg_trigger_depth() = 1 then sync.told_at_once() end",
        "sync.told_at_once()",
        f"{_TELLING}::test_what_follows_from_a_batch_is_told",
    ),
    Mutant(
        "a removal knows its own edit by the clock of a fast laptop",
        "sync/client/outgoing.py",
        '            _know_own_edit(connection, sequence, one.get("latest"))\n',
        "            _know_own_edit(connection, sequence, None)\n",
        f"{_PROMISES}::test_a_removal_made_while_the_note_was_on_its_way_is_a_removal",
    ),
    Mutant(
        "only attempts are told again",
        "sync/client/listing.py",
        "tables_of(TableClass.APPEND) if policy_of(name).goes_out)",
        "('assessment_attempts',))",
        "tests/sync/test_restore.py::test_what_was_written_once_and_a_restored_server_lost_is_handed_in_again",
    ),
    Mutant(
        "a step is not kept",
        "sync/server/sql/510_pull.sql",
        "      where f.device_id = device and f.offered_rev is not null;\n    update sync.device_feed f set rev",
        "      where false;\n    update sync.device_feed f set rev",
        f"{_PULL}::test_a_device_that_was_cut_off_while_it_wrote_a_page_steps_back",
    ),
    Mutant(
        "a feed that was lost is not had again a step back",
        "sync/server/sql/510_pull.sql",
        "where s.device_id = device and s.rev > 0\n",
        "where s.device_id = device and s.rev > 0 and exists (\n"
        "        select from sync.device_feed f where f.device_id = device and f.feed_id = s.feed_id)\n",
        f"{_PULL}::test_a_device_that_steps_back_is_told_again_what_left",
    ),
    Mutant(
        "a step back offers no number of its own",
        "sync/server/sql/510_pull.sql",
        "  if not starts_over and not steps_back and not sync.has_news",
        "  if not starts_over and not sync.has_news",
        f"{_PULL}::test_a_step_back_offers_a_number_above_that_of_the_page_that_was_lost",
    ),
    Mutant(
        "a server that keeps no step is asked ahead",
        "sync/client/engine.py",
        '        if header["more"] and self._can_ahead:\n',
        '        if header["more"]:\n',
        "tests/sync/test_ahead.py::test_an_older_server_is_asked_when_the_page_is_written",
    ),
    Mutant(
        "a change is sent before the word on its row",
        "sync/client/freezing.py",
        "entry.sequence > latest and (entry.table_name, entry.row_id) not in rows",
        "entry.sequence > latest",
        "tests/sync/test_ahead.py::test_what_is_about_a_row_of_the_batch_before_waits_for_the_word_on_it",
    ),
    Mutant(
        "a batch overtakes another that is frozen",
        "sync/client/freezing.py",
        "    batch_id = _oldest_frozen(connection, but=first)\n",
        "    batch_id = None\n",
        "tests/sync/test_ahead.py::test_a_laptop_that_dies_with_two_batches_on_their_way_tells_both_in_their_order",
    ),
    Mutant(
        "a definer function tells titles",
        "sync/server/sql/510_pull.sql",
        "      'to', next_offer, 'more', more, 'reset', starts_over,\n",
        "      'to', next_offer, 'more', more, 'reset', starts_over,\n"
        "      'titles', (select jsonb_agg(i.title) from public.content_items i),\n",
        _RECORDED,
    ),
    Mutant(
        "files are for whoever knows a hash",
        "sync/server/sql/320_blobs.sql",
        "  where c.user_id = auth.uid() and c.sha256 = any (hashes)\n",
        "  where c.sha256 = any (hashes)\n",
        _RECORDED,
    ),
)
