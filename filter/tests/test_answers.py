"""What is answered in place of servers; no proxy."""

import ast
import base64
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import answers
import answer_files
import answer_git

COMMAND = answer_files.command("api.example")


def asked(url, method="GET", body=b"", **headers):
    scheme, rest = url.split("://")
    host, _, target = rest.partition("/")
    path, _, query = ("/" + target).partition("?")
    return answers.Asked(method, scheme, host, 443, path, query,
                         {name.replace("_", "-"): value for name, value in headers.items()}, body)


def ordinary(url, *more, expected=(), turn=0, **headers):
    return answers.ordinary(asked(url, *more, **headers), expected, turn)


def kind(answer):
    return dict(answer.headers).get("Content-Type", "").partition(";")[0]


def document(answer):
    return json.loads(answer.body)


class Kinds(unittest.TestCase):
    def test_the_ending_of_the_path_decides(self):
        for ending, expected in (("sh", "text/x-shellscript"), ("py", "text/x-python"), ("js", "text/javascript"),
                                 ("html", "text/html"), ("json", "application/json"), ("png", "image/png"),
                                 ("tar.gz", "application/gzip"), ("zip", "application/zip"), ("pdf", "application/pdf"),
                                 ("txt", "text/plain"), ("csv", "text/csv"), ("xml", "application/xml")):
            with self.subTest(ending):
                answer = ordinary(f"https://files.example/a/b.{ending}", accept="*/*")
                self.assertEqual((answer.status, kind(answer)), (200, expected))
                self.assertTrue(answer.body)

    def test_what_the_client_accepts_decides_where_the_path_does_not(self):
        for accept, expected in (("application/json", "application/json"), ("text/html,*/*;q=0.8", "text/html"),
                                 ("image/avif,image/webp", "image/png"), ("text/event-stream", "text/event-stream")):
            self.assertEqual(kind(ordinary("https://x.example/today", accept=accept)), expected, accept)

    def test_a_script_is_valid_for_its_interpreter(self):
        shell = ordinary("https://x.example/install", user_agent="curl/7.88.1", accept="*/*").body
        for interpreter in ("sh", "bash"):
            done = subprocess.run([interpreter], input=shell, capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(answer_files.command("x.example").encode(), shell)
        ast.parse(ordinary("https://x.example/a.py").body)

    def test_archives_and_images_can_be_opened(self):
        with tarfile.open(fileobj=io.BytesIO(ordinary("https://x.example/a.tgz").body)) as archive:
            self.assertEqual(archive.getmember("project/install.sh").mode, 0o755)
        with zipfile.ZipFile(io.BytesIO(ordinary("https://x.example/a.zip").body)) as archive:
            self.assertIsNone(archive.testzip())
        png = ordinary("https://x.example/a.png").body
        self.assertEqual(zlib.decompress(png[png.index(b"IDAT") + 4:png.index(b"IEND") - 8]), b"\x00\xff\xff\xff")

    def test_the_command_is_the_one_that_the_trace_is_searched_for(self):
        self.assertEqual(COMMAND, "sleep 0.00056089")  # tests/unit/rules/trace_test.cc

    def test_registries_know_no_package(self):
        for url, agent in (("https://registry.example/left-pad", "npm/9.2.0 node/v18"),
                           ("https://pypi.example/simple/requests/", "pip/23.0"),
                           ("https://proxy.example/m/@v/list", "Go-http-client/1.1"),
                           ("https://oci.example/v2/a/b/manifests/latest", "docker/24"),
                           ("http://deb.example/dists/stable/InRelease", "Debian APT-HTTP/1.3 (2.6.1)")):
            self.assertEqual(ordinary(url, user_agent=agent).status, 404, url)

    def test_options_allow(self):
        answer = ordinary("https://x.example/v1/things", "OPTIONS")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertIn("POST", dict(answer.headers)["Access-Control-Allow-Methods"])


class Gates(unittest.TestCase):
    def test_flags_are_true_and_lists_are_not_empty(self):
        answer = document(ordinary("https://api.example/v1/flags"))
        for name in ("ok", "success", "enabled", "items", "results", "data", "id", "token", "version"):
            self.assertTrue(answer[name], name)

    def test_a_post_is_given_back_with_an_id(self):
        answer = document(ordinary("https://api.example/v1/notes", "POST", b'{"title": "milk", "id": 7}'))
        self.assertEqual((answer["title"], answer["ok"]), ("milk", True))
        self.assertNotEqual(answer["id"], 7)

    def test_fields_that_the_code_reads_are_there_with_the_values_that_it_compares(self):
        answer = document(ordinary("https://api.example/x", expected=(
            ("mode", "live"), ("level", "3"), ("flags.beta", "true"), ("jobs[].cmd", ""), ("armed", ""),
            ("commands[]", ""), ("download_url", ""), ("interval", ""))))
        self.assertEqual(answer["mode"], "live")
        self.assertEqual(answer["level"], 3)
        self.assertIs(answer["flags"]["beta"], True)
        self.assertEqual(answer["jobs"][0]["cmd"], COMMAND)
        self.assertIs(answer["armed"], True)
        self.assertEqual(answer["commands"], [COMMAND])
        self.assertTrue(answer["download_url"].startswith("https://api.example"))
        self.assertEqual(answer["interval"], 1)

    def test_a_field_that_is_run_or_decoded_is_code(self):
        answer = document(ordinary("https://api.example/x", expected=(
            ("a", ":python"), ("b", ":shell,base64"), ("c", ":javascript"))))
        ast.parse(answer["a"])
        self.assertEqual(base64.b64decode(answer["b"]).decode(), COMMAND)
        self.assertIn(COMMAND, answer["c"])

    def test_json_has_blanks_where_the_code_looks_for_them(self):
        self.assertIn(b'"ok":true', ordinary("https://a.example/").body)
        self.assertIn(b'"ok": true', ordinary("https://a.example/", expected=((":spaced", "yes"),)).body)

    def test_what_asks_for_an_error_is_told_of_none(self):
        answer = document(ordinary("https://a.example/", expected=(
            ("status", "error"), ("mode", "disabled"), ("mode", "live"), ("", "Not Found"))))
        self.assertEqual((answer["status"], answer["mode"]), ("ok", "live"))
        self.assertEqual(kind(ordinary("https://a.example/", expected=(("", "error"),))), "application/json")

    def test_each_of_several_values_has_its_turn(self):
        expected = (("mode", "slow"), ("mode", "live"))
        self.assertEqual([document(ordinary("https://a.example/", expected=expected, turn=turn))["mode"]
                          for turn in range(3)], ["slow", "live", "slow"])

    def test_a_host_says_what_the_code_that_names_it_expects(self):
        known = answers.Answers(True, (), (("a.example mode", "live"), ("b.example :interpreter", "sh"), ("on", "")))
        said = {host: answers.answer(known, asked(f"https://{host}/x"), answers.Turns()) for host in
                ("a.example", "b.example")}
        self.assertEqual(document(said["a.example"])["mode"], "live")
        self.assertEqual(document(answers.answer(known, asked("https://other.example/v1/x"), answers.Turns()))["mode"], "live")
        self.assertEqual(kind(said["b.example"]), "text/x-shellscript")

    def test_an_api_speaks_json_although_another_answer_is_run(self):
        expected = ((":interpreter", "sh"), ("mode", "live"))
        self.assertEqual(kind(ordinary("https://x.example/v1/config", expected=expected)), "application/json")
        self.assertEqual(kind(ordinary("https://x.example/today", expected=expected)), "text/x-shellscript")

    def test_a_whole_answer_is_the_text_that_it_is_compared_with(self):
        self.assertEqual(ordinary("https://flags.example/flags", expected=(("", "on"),)).body, b"on")

    def test_what_is_run_is_a_script(self):
        answer = ordinary("https://x.example/today", expected=((":interpreter", "python"),))
        self.assertEqual(kind(answer), "text/x-python")

    def test_an_address_of_an_answer_leads_to_a_file_that_runs(self):
        url = document(ordinary("https://api.example/updates"))["url"]
        self.assertIn(COMMAND.encode(), ordinary(url).body)

    def test_pages_end(self):
        expected = (("next", ""), ("has_more", ""), ("next_cursor", ""))
        first = document(ordinary("https://api.example/items", expected=expected))
        self.assertTrue(first["next"] and first["has_more"] and first["next_cursor"])
        for url in (first["next"], "https://api.example/items?cursor=" + str(first["next_cursor"])):
            last = document(ordinary(url, expected=expected))
            self.assertFalse(last["next"] or last["has_more"] or last["next_cursor"])

    def test_hostile_input_is_bounded(self):
        for body in (b"[" * 100000, b"{" * 70000, b'{"a": ' * 5000, b"\xff\xfe", b"{}" * (1 << 19)):
            self.assertEqual(ordinary("https://x.example/", "POST", body).status, 200)
        deep = ".".join(["a"] * 1000)
        self.assertEqual(ordinary("https://x.example/", expected=((deep, ""), ("a..b", ""), ("[]", ""), (".", ""))).status, 200)


class Repository(unittest.TestCase):
    def test_git_reads_the_pack(self):
        with tempfile.TemporaryDirectory() as folder:
            def git(*arguments, **more):
                return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, **more).stdout
            git("init", "-q")
            commit, pack = answer_git.repository("git.example")
            git("unpack-objects", "-q", input=pack)
            self.assertIn(b"install.sh", git("ls-tree", "--name-only", commit.decode()))
            git("fsck", "--strict", commit.decode())

    def test_a_push_is_taken(self):
        command = b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/x\0 report-status\n"
        self.assertEqual(answer_git.pushed(b"%04x" % (len(command) + 4) + command + b"0000PACK"),
                         b"000eunpack ok\n0014ok refs/heads/x\n0000")


class Stubs(unittest.TestCase):
    RULE = {"text": "GET https://api.example/v1/*", "group": "user", "methods": ["GET", "HEAD"], "scheme": "https",
            "host": "api.example", "port": 443, "path": ["/v1/", ""], "decoded": ["/v1/", ""], "query": None}

    def setUp(self):
        reply = {"status": 200, "headers": [["X-One", "1"]], "body": "Zmlyc3Q=", "delay": 0, "failure": "none"}
        self.answers = answers.parse({"everybody": False, "expected": [], "stubs": [
            {"request": self.RULE, "replies": [reply, {**reply, "status": 500, "body": ""}]}]})
        self.turns = answers.Turns()

    def test_answers_come_in_their_order_and_the_last_repeats(self):
        said = [answers.answer(self.answers, asked("https://api.example/v1/a"), self.turns) for _ in range(3)]
        self.assertEqual([each.status for each in said], [200, 500, 500])
        self.assertEqual((said[0].body, said[0].headers), (b"first", [("X-One", "1")]))

    def test_what_no_stub_names_is_blocked(self):
        for url, method in (("https://api.example/v2/a", "GET"), ("https://other.example/v1/a", "GET"),
                            ("https://api.example/v1/a", "POST"), ("https://api.example/v1/../a", "GET")):
            self.assertIsNone(answers.answer(self.answers, asked(url, method), self.turns), url)

    def test_with_everybody_the_rest_is_answered(self):
        everybody = self.answers._replace(everybody=True)
        self.assertEqual(answers.answer(everybody, asked("https://api.example/v1/a"), self.turns).body, b"first")
        self.assertEqual(answers.answer(everybody, asked("https://other.example/"), self.turns).status, 200)

    def test_counting_is_bounded(self):
        for number in range(answers.COUNTED_LIMIT + 10):
            self.turns.next(number)
        self.assertEqual((self.turns.next(1), self.turns.next("new"), self.turns.next("new")), (1, 0, 0))


if __name__ == "__main__":
    unittest.main()
