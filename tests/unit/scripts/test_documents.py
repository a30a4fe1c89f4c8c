"""The documents are consistent with the repository: relative links, rooms and pages exist."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md")),
             *sorted((ROOT / "skills-examples").glob("*.md"))]


def links_of(text):
    """Targets of [words](target), outside of code blocks and code spans."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s]+)\)", text)


class Documents(unittest.TestCase):
    def test_lead_to_files_that_there_are(self):
        seen = 0
        for document in DOCUMENTS:
            if "samples" in document.parts:  # reports, whose links are not ours
                continue
            for link in links_of(document.read_text(encoding="utf-8")):
                if re.match(r"[a-z]+:", link) or link.startswith("#"):
                    continue
                target = (document.parent / link.split("#")[0]).resolve()
                with self.subTest(document=str(document.relative_to(ROOT)), link=link):
                    self.assertTrue(target.exists(), f"{target} is not there")
                    self.assertTrue(target.is_relative_to(ROOT))
                seen += 1
        self.assertGreater(seen, 100)

    def test_name_every_room_of_the_map(self):
        """Every folder with code is in the table of rooms."""
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        for folder in sorted({source.parent for source in (ROOT / "harness").rglob("*.h")}):
            self.assertIn(f"`{folder.relative_to(ROOT)}`", text)

    def test_have_a_page_for_each_reader(self):
        index = links_of((ROOT / "docs/README.md").read_text(encoding="utf-8"))
        for page in sorted((ROOT / "docs").glob("*.md")):
            if page.name != "README.md":
                self.assertIn(page.name, index)


if __name__ == "__main__":
    unittest.main()
