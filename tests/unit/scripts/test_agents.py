"""Adding an agent touches the files that docs/contributor.md names, and no other one of harness/."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
REGISTRY = "harness/agents/known_agents.h"
# Comments may name an agent: they explain, and need no change for another one.
TOKEN = re.compile(r"""R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*(?:.|\n)*?\*/""")


def code_of(file):
    """The file's text without comments."""
    return TOKEN.sub(lambda token: "" if token.group().startswith("/") else token.group(),
                     file.read_text(encoding="utf-8"))


def walk_through():
    text = (ROOT / "docs/contributor.md").read_text(encoding="utf-8")
    return re.search(r"^## Add an agent\n(.*?)^## ", text, re.MULTILINE | re.DOTALL).group(1)


def agents():
    names = re.findall(r'^    {"([a-z]+)", \1, k\w+Places},$', (ROOT / REGISTRY).read_text(), re.MULTILINE)
    assert len(names) > 3, names
    return names


class AddAnAgent(unittest.TestCase):
    def test_two_files_make_an_agent(self):
        steps = re.findall(r"^\d\. `(harness/[^`]+)`", walk_through(), re.MULTILINE)
        self.assertEqual(steps, ["harness/agents/NAME.h", REGISTRY])
        for name in agents():
            with self.subTest(agent=name):
                self.assertTrue((ROOT / "harness/agents" / f"{name}.h").exists())
                for capture in ("first", "result"):
                    self.assertTrue((ROOT / f"tests/unit/model/data/{name}-{capture}.json").exists())

    def test_no_other_file_names_one(self):
        excepted = set(re.findall(r"^\| `(harness/[^`]+)` \|", walk_through(), re.MULTILINE))
        self.assertGreater(len(excepted), 5)
        named = set()
        names = re.compile("|".join(agents()), re.IGNORECASE)
        for file in sorted((ROOT / "harness").rglob("*")):
            if file.suffix not in (".cc", ".h") or not names.search(code_of(file)):
                continue
            path = str(file.relative_to(ROOT))
            if path != REGISTRY and path not in (f"harness/agents/{name}.h" for name in agents()):
                named.add(path)
        self.assertEqual(named, excepted)


if __name__ == "__main__":
    unittest.main()
