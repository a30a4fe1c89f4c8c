"""What is kept of the bodies, and its bounds."""

import json
import os
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import flow_record
from flow_record import KEPT_BODY, Recorder

MIB = 1 << 20


class Bodies(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def recorder(self, passed_limit=flow_record.PASSED_LIMIT):
        with mock.patch.object(flow_record, "PASSED_LIMIT", passed_limit):
            recorder = Recorder(self.folder)
        self.addCleanup(recorder.close, "the test is over")
        return recorder

    def sent(self, recorder, body, allowed=True):
        """One request from its first byte to its line in the log."""
        record = recorder.open("http")
        record.whole = allowed
        for at in range(0, len(body), 65536):
            record.add_request(body[at : at + 65536])
        passed_on = record.take_body()
        recorder.decided(record)
        if allowed:
            recorder.passes(record)
            self.assertEqual(passed_on, body)
        recorder.finish(record)
        return record.id

    def kept(self, number):
        with open(os.path.join(self.folder, "flows.jsonl"), encoding="ascii") as file:
            line = [json.loads(line) for line in file][number - 1]
        if not line["request_body"]:
            return line, b""
        with open(os.path.join(self.folder, line["request_body"]), "rb") as file:
            return line, file.read()

    def test_what_left_is_kept_whole_and_what_was_blocked_in_part(self):
        recorder, body = self.recorder(), os.urandom(KEPT_BODY + MIB)
        self.assertEqual(self.kept(self.sent(recorder, body))[1], body)
        self.assertEqual(self.kept(self.sent(recorder, body, allowed=False))[1], body[:KEPT_BODY])
        self.assertEqual(recorder.memory.free, flow_record.MEMORY_LIMIT)

    def test_the_body_is_on_disk_before_it_leaves(self):
        recorder = self.recorder()
        record = recorder.open("http")
        record.whole = True
        record.add_request(b"leaving")
        record.take_body()
        recorder.decided(record)
        recorder.passes(record)
        with open(os.path.join(self.folder, "bodies/1.bin"), "rb") as file:
            self.assertEqual(file.read(), b"leaving")

    def test_beyond_the_audits_limit_the_first_part_is_kept_and_the_size_tells(self):
        size = KEPT_BODY + 2 * MIB
        recorder, body = self.recorder(passed_limit=2 * size - MIB), os.urandom(size)
        sizes = []
        for _ in range(3):
            line, kept = self.kept(self.sent(recorder, body))
            self.assertEqual((line["request_size"], kept), (len(body), body[: len(kept)]))
            sizes.append(len(kept))
        self.assertEqual(sizes, [size, size - MIB, KEPT_BODY])

    def answered(self, recorder, body, keeps=True):
        """A request that was allowed, with `body` as its response."""
        record = recorder.open("http")
        recorder.decided(record)
        recorder.passes(record)
        record.keeps_response = keeps
        for at in range(0, len(body), 65536):
            record.add_response(body[at : at + 65536])
            recorder.spill_response(record)
            self.assertLessEqual(len(record.kept_response), flow_record.RESPONSE_SPILL)
        recorder.finish(record)
        with open(os.path.join(self.folder, "flows.jsonl"), encoding="ascii") as file:
            line = [json.loads(line) for line in file][record.id - 1]
        if not line["response_body"]:
            return line, b""
        with open(os.path.join(self.folder, line["response_body"]), "rb") as file:
            return line, file.read()

    def test_a_models_response_is_kept_and_no_other(self):
        recorder, body = self.recorder(), os.urandom(3 * MIB + 5)
        line, kept = self.answered(recorder, body)
        self.assertEqual((kept, line["response_size"], line["error"]), (body, len(body), ""))
        line, kept = self.answered(recorder, body, keeps=False)
        self.assertEqual((kept, line["response_size"], line["error"]), (b"", len(body), ""))

    def test_a_response_beyond_a_limit_is_kept_in_part_and_says_so(self):
        body = os.urandom(3 * MIB)
        with mock.patch.object(flow_record, "ANSWERED_LIMIT", 4 * MIB):
            recorder = self.recorder()
        self.assertEqual(self.answered(recorder, body)[1], body)
        line, kept = self.answered(recorder, body)
        self.assertEqual((kept, line["response_size"]), (body[:MIB], len(body)))
        self.assertEqual(line["error"], f"only {MIB} bytes of the response were kept")
        line, kept = self.answered(recorder, b"more")
        self.assertEqual((kept, line["error"]), (b"", "only 0 bytes of the response were kept"))
        self.assertEqual(self.kept(self.sent(recorder, body))[1], body)  # what leaves has a bound of its own

    def test_one_response_is_bounded(self):
        with mock.patch.object(flow_record, "BODY_LIMIT", MIB):
            line, kept = self.answered(self.recorder(), b"x" * (MIB + 1))
        self.assertEqual((len(kept), line["error"]), (MIB, f"only {MIB} bytes of the response were kept"))

    def test_a_websocket_that_was_allowed_is_kept_as_it_goes_on(self):
        recorder = self.recorder()
        record = recorder.open("websocket")
        record.whole = True
        record.take_body()
        recorder.decided(record)
        recorder.passes(record)
        for letter in b"abc":
            record.add_request(bytes([letter]) * (2 * MIB))
            recorder.spill(record)
            self.assertEqual(recorder.memory.free, flow_record.MEMORY_LIMIT)
        record.add_request(b"end")
        recorder.finish(record)
        self.assertEqual(self.kept(1)[1], b"a" * (2 * MIB) + b"b" * (2 * MIB) + b"c" * (2 * MIB) + b"end")

    def test_a_websocket_is_bounded_too(self):
        recorder = self.recorder()
        record = recorder.open("websocket")
        recorder.decided(record)
        recorder.passes(record)
        for _ in range(66):
            record.add_request(bytes(MIB))
            recorder.spill(record)
        recorder.finish(record)
        line, kept = self.kept(1)
        self.assertEqual((line["request_size"], len(kept)), (66 * MIB, flow_record.BODY_LIMIT))


if __name__ == "__main__":
    unittest.main()
