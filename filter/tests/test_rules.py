"""The verdict on requests, on the cases shared with the C++ tests; no proxy."""

import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import policy
import url_rules

DATA = os.path.join(HERE, "..", "..", "tests", "unit", "traffic", "data")


def shared(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return json.load(file)


COMPILED = shared("compiled_rules.json")  # the C++ tests see to it that it is what the program writes


def request(method, url, **more):
    scheme, rest = url.split("://", 1)
    authority, slash, path = rest.partition("/")
    bare, port = authority, url_rules.DEFAULT_PORT[scheme]
    if not authority.endswith("]") and ":" in authority:
        bare, port = authority.rsplit(":", 1)
    return policy.Request(method, scheme, bare.strip("[]"), int(port), (slash + path).encode(), **more)


def verdict(rules, asked):
    return policy.decide(policy.Policy([url_rules.Rule(**COMPILED[rule]) for rule in rules]), None, asked)


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cases = shared("rules.json")

    def test_requests_are_decided_as_the_shared_cases_say(self):
        for case in self.cases["requests"]:
            with self.subTest(case):
                result = verdict([case["rule"]], request(*case["request"]))
                self.assertEqual(result.allowed, case["allowed"], result.rule)
                if case["allowed"]:
                    self.assertEqual(result.rule, COMPILED[case["rule"]]["text"])

    def test_the_suggested_rule_is_the_shared_one_and_allows_the_request(self):
        for case in self.cases["suggestions"]:
            with self.subTest(case):
                asked = request(*case["request"])
                self.assertEqual(verdict([], asked).suggestion, case["rule"])
                self.assertTrue(verdict([case["rule"]], asked).allowed)

    def test_the_suggestion_for_a_long_path_ends_early(self):
        long = verdict([], request("PUT", "https://h.example/" + "long/" * 100 + "?q")).suggestion
        self.assertRegex(long, r"\APUT https://h\.example/(long/)+\*\Z")
        self.assertLess(len(long), 240)

    def test_paths_are_decoded_as_the_shared_cases_say(self):
        for case in self.cases["paths"]:
            with self.subTest(case):
                if "error" in case:
                    with self.assertRaisesRegex(ValueError, case["error"].replace(".", r"\.")):
                        url_rules.canonical_path(case["path"])
                else:
                    self.assertEqual(url_rules.canonical_path(case["path"]), case["is"])

    def test_no_rule_is_suggested_where_none_can_help(self):
        self.assertEqual(verdict([], request("GET", "https://h.example/a/../b")).suggestion, "")

    def test_hostile_paths_are_matched_in_linear_time(self):
        self.assertFalse(url_rules.pieces_match("/*a*a*a*a*b".split("*"), "/" + "a" * 60000))


class Spoofing(unittest.TestCase):
    RULES = ["GET https://h.example/*"]

    def check(self, allowed, why="", **more):
        result = verdict(self.RULES, request("GET", "https://h.example/x", **more))
        self.assertEqual(result.allowed, allowed, result.rule)
        self.assertIn(why, result.rule)

    def test_spellings_of_the_same_host_pass(self):
        for host in (b"h.example", b"H.Example.", b"h.example:443"):
            self.check(True, headers=((b"Host", host),), sni="H.example")

    def test_another_host_header_is_blocked(self):
        for host in (b"evil.example", b"h.example:8443", b"h.example, evil.example", b"", b"\xff", b"h.example:443:443"):
            self.check(False, "Host header", headers=((b"host", host),))

    def test_two_host_headers_are_blocked(self):
        self.check(False, "more than one", headers=((b"Host", b"h.example"), (b"HOST", b"h.example")))

    def test_another_sni_is_blocked(self):
        for sni in ("evil.example", "a..b", "h.example.evil.example"):
            self.check(False, "SNI", sni=sni)

    def test_another_host_in_an_absolute_target_is_blocked(self):
        self.check(True, authority="h.example:443")
        self.check(False, "request line", authority="evil.example")

    def test_headers_that_reroute_are_blocked(self):
        for name in (b"X-Forwarded-Host", b"x_original_url", b"X-HTTP-Method-Override", b"Forwarded"):
            self.check(False, "another address or method", headers=((name, b"x"),))

    def test_folded_headers_are_blocked(self):
        self.check(False, "line break", headers=((b"X-A", b"b\r\n Host: evil.example"),))

    def test_other_versions_of_http_are_blocked(self):
        self.check(False, "HTTP/1.1", http_version="HTTP/2.0")


class PolicyFiles(unittest.TestCase):
    WHOLE = {"format": policy.FORMAT, "rules": [COMPILED["GET https://h.example/a"]],
             "routes": [{"host": "h.example", "port": 443, "to": ["127.0.0.1", 9443]}], "models": [],
             "answers": {"everybody": False, "stubs": [], "expected": []}}

    def read(self, **changes):
        document = {**self.WHOLE, **changes}
        return policy.parse_policy(json.dumps({key: value for key, value in document.items() if value is not None}))

    def test_a_compiled_policy_is_read(self):
        whole = self.read()
        self.assertEqual([rule.text for rule in whole.rules], ["GET https://h.example/a"])
        self.assertEqual(whole.routes, {("h.example", 443): ("127.0.0.1", 9443)})

    def test_one_that_is_damaged_or_of_another_format_is_no_policy(self):
        rule = dict(self.WHOLE["rules"][0])
        for changes in ({"format": policy.FORMAT + 1}, {"format": None}, {"rules": None}, {"routes": None},
                        {"models": None}, {"answers": None}, {"rules": [{**rule, "more": 1}]}, {"rules": ["GET https://h.example/"]},
                        {"rules": [{key: rule[key] for key in list(rule)[1:]}]}, {"routes": [{"host": "h.example"}]}):
            with self.subTest(changes):
                with self.assertRaises(Exception):
                    self.read(**changes)
        with self.assertRaises(ValueError):
            policy.parse_policy("rules: []\n")


if __name__ == "__main__":
    unittest.main()
