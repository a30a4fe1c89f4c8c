"""Plain words in everything that people read: documents, help, messages, reports and rule texts.

Each entry of WORDS is a phrase that engineers do not use or search for, and what to write instead.
"""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]

WORDS = {
    r"mend(s|ed|ing)?": "fix",
    r"nobody (came|comes) up": "did not boot",
    r"(does|did) not boot any more": "no longer boots",
    r"of itself": "by itself, on its own",
    r"none (more|less|otherwise)": "must match exactly",
    r"those who watch|whoever (looks|watches)|who watches": "monitoring",
    r"way (taken )?around those": "monitoring evasion",
    r"(is|are|was) told (of|to|by)": "name the subject: the report lists, the trace records",
    r"what it says": "its text",
    r"(who|whoever) writes a skill": "a skill author",
    r"a stranger('s)?": "an untrusted program, somebody new to the project",
    r"at whatever remove": "and their descendants",
    r"to the letter": "literally",
    r"anew": "again",
    r"nobody sees": "invisible",
    r"stands? (there|beside|below|above|alone|in|on)": "is there, is next to",
    r"by the signal": "by signal",
    r"goes? astray": "is misled",
    r"held against": "reported",
    r"audits at once": "concurrent audits",
    r"past the proxy": "bypassing the proxy",
    r"(?<!there )is no (pass|finding|skill|host|path|report|folder|file)": "is not a",
    r"not to (the|its) end": "incomplete",
    r"is not (as|what) it was": "was changed",
    r"makes? believe": "pretends",
    r"the least (grade|that passes)": "the lowest grade",
    r"none of (ours|theirs|its own)": "not ours",
}
PATTERN = re.compile(r"\b(" + "|".join(WORDS) + r")\b", re.IGNORECASE)

LITERAL = re.compile(r"""
    (?P<raw>R"(?P<mark>[^(\s]*)\((?:.|\n)*?\)(?P=mark)")
  | (?P<text>"(?:\\.|[^"\\\n])*")
  | '(?:\\.|[^'\\\n])*'
  | //[^\n]*
""", re.VERBOSE)


def literals(source):
    """The string literals of C++ code, as (line, text); adjacent ones are joined."""
    texts, end = [], -1
    for match in LITERAL.finditer(source):
        text = match.group("text")
        if not text:
            continue
        if texts and end >= 0 and not source[end:match.start()].strip():
            texts[-1][1] += text[1:-1]
        else:
            texts.append([source.count("\n", 0, match.start()) + 1, text[1:-1]])
        end = match.end()
    return texts


def documents():
    yield from (ROOT / "README.md", ROOT / "ARCHITECTURE.md")
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "skills-examples").glob("*.md"))
    yield ROOT / "skills-examples/corpus/README.md"


def rule_texts():
    """Titles, recommendations and rationales, wherever the rules are."""
    for file in sorted(ROOT.glob("reports/**/*.yaml")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if re.match(r"\s*(- )?(title|recommendation|rationale):", line):
                yield file, number, line


class Words(unittest.TestCase):
    def expect_plain(self, file, number, text):
        for match in PATTERN.finditer(text):
            word = match.group(0)
            instead = next(value for key, value in WORDS.items()
                           if re.fullmatch(key, word, re.IGNORECASE))
            self.fail(f"{file.relative_to(ROOT)}:{number}: '{word}': write '{instead}': {text.strip()[:200]}")

    def test_of_documents(self):
        seen = 0
        for file in documents():
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                with self.subTest(file=str(file), line=number):
                    self.expect_plain(file, number, line)
                seen += 1
        self.assertGreater(seen, 1000)

    def test_of_help_and_messages(self):
        seen = 0
        for pattern in ("harness/*/*.cc", "harness/*/*/*.cc", "fixtures/*.cc", "fixtures/*/*.cc", "reports/*.cc"):
            for file in sorted(ROOT.glob(pattern)):
                for number, text in literals(file.read_text(encoding="utf-8")):
                    with self.subTest(file=str(file), line=number):
                        self.expect_plain(file, number, text)
                    seen += 1
        self.assertGreater(seen, 1000)

    def test_of_rules(self):
        seen = 0
        for file, number, text in rule_texts():
            with self.subTest(file=str(file), line=number):
                self.expect_plain(file, number, text)
            seen += 1
        self.assertGreater(seen, 200)

    def test_finds_what_it_looks_for(self):
        for text in ("Mend the step", "Audits at once are threads", "none more, none less",
                     "no way taken around those who watch"):
            self.assertRegex(text, PATTERN)
        self.assertEqual(literals('f("a b"\n  "c", \'"\', R"(x)", "d");  // "e"'), [[1, "a bc"], [2, "d"]])


if __name__ == "__main__":
    unittest.main()
