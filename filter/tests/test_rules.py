"""The rules themselves, on the cases shared with the C++ tests; no proxy."""

import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import policy
import url_rules
from url_rules import RuleError, parse_rule, rule_text

CASES = os.path.join(HERE, "..", "..", "tests", "unit", "traffic", "data", "rules.json")


def request(method, url, **more):
    scheme, rest = url.split("://", 1)
    authority, slash, path = rest.partition("/")
    bare, port = authority, url_rules.DEFAULT_PORT[scheme]
    if not authority.endswith("]") and ":" in authority:
        bare, port = authority.rsplit(":", 1)
    return policy.Request(method, scheme, bare.strip("[]"), int(port), (slash + path).encode(), **more)


def verdict(rules, asked):
    return policy.decide(policy.Policy([parse_rule(rule) for rule in rules]), None, asked)


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(CASES, encoding="utf-8") as file:
            cls.cases = json.load(file)

    def test_rules_are_read_as_both_implementations_agreed(self):
        for case in self.cases["rules"]:
            with self.subTest(case["rule"]):
                if "error" in case:
                    with self.assertRaises(RuleError) as caught:
                        parse_rule(case["rule"])
                    self.assertIn(case["error"], str(caught.exception))
                else:
                    rule = parse_rule(case["rule"])
                    self.assertEqual(list(rule[:5]), case["is"])
                    self.assertEqual(rule_text(rule), case["text"])
                    self.assertEqual(parse_rule(rule_text(rule)), rule)

    def test_requests_are_decided_as_both_implementations_agreed(self):
        for case in self.cases["requests"]:
            with self.subTest(case):
                self.assertEqual(verdict([case["rule"]], request(*case["request"])).allowed, case["allowed"])

    def test_the_suggested_rule_allows_the_request(self):
        for url in ("https://h.example/a", "http://h.example:81/a/b?x=y", "https://h.example/a*b?c=*",
                    "https://h.example/" + "long/" * 100 + "?q", "http://[2001:db8::1]/%41", "https://h.example/a{b}|c?d={}"):
            with self.subTest(url):
                asked = request("PUT", url)
                first = verdict([], asked)
                self.assertFalse(first.allowed)
                self.assertTrue(verdict([first.suggestion], asked).allowed, first.suggestion)

    def test_no_rule_is_suggested_where_none_can_help(self):
        self.assertEqual(verdict([], request("GET", "https://h.example/a/../b")).suggestion, "")

    def test_hostile_paths_are_matched_in_linear_time(self):
        self.assertFalse(url_rules.glob_matches("/*a*a*a*a*b", "/" + "a" * 60000))


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
    def wrong(self, text, *words):
        with self.assertRaises(policy.PolicyError) as caught:
            policy.parse_policy(text)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_the_example_is_a_policy(self):
        with open(os.path.join(HERE, "..", "policy.example.yaml"), encoding="utf-8") as file:
            example = policy.parse_policy(file.read())
        self.assertEqual([rule.group for rule in example.rules], ["user"] * 4 + ["mirrors"])
        self.assertEqual(example.routes, {("api.example.com", 8443): ("127.0.0.1", 9443)})

    def test_a_policy_without_rules_allows_nothing(self):
        self.assertEqual(policy.parse_policy("rules:\n").rules, [])

    def test_errors_name_what_is_wrong(self):
        self.wrong("", "not a map")
        self.wrong("rules: [", "1:")
        self.wrong("rule: []", "unknown key 'rule'")
        self.wrong("rules: yes", "not a list")
        self.wrong("rules: [1]", "not a rule")
        self.wrong("rules: [{allow: 'GET https://h.example/', grup: x}]", "grup")
        self.wrong("rules: [{allow: 'GET https://h.example/', group: A B}]", "not a group")
        self.wrong("rules: ['GET h.example/']", "GET h.example/", "no scheme", "write it like")
        self.wrong("routes: {h.example: 127.0.0.1:1}", "h.example")
        self.wrong("routes: {'h.example:80': 'localhost:1'}", "an address")
        self.wrong("rules: []\nrules: []", "2:")
        self.wrong("rules: [!!python/object:os.system x]")


if __name__ == "__main__":
    unittest.main()
