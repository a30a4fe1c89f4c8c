"""The HTML report in a real browser: html_in_chromium.py HTML_PAGES, the program that writes pages.

Each check is tried on a page that must fail it, too.
"""

import base64
import os
import subprocess
import sys
import tempfile
import unittest

from chromium import Browser

PAGES = ""

# Each element with the names of its attributes and what it stands in. Sorted: findings of the same
# severity stand in the order of their words.
# Each element with its attributes. Not where it stands: findings that are alike are ordered by their
# text, and the first of them alone is not folded away.
STRUCTURE = """
[...document.querySelectorAll('*')].map(each =>
  each.localName + ' ' + [...each.attributes].map(a => a.name).sort().join(',') +
  ' ' + each.id + ' ' + each.getAttribute('class')).sort()"""

# Text whose contrast to what lies behind it is below what WCAG 2.1 asks for (AA).
PALE = """
(() => {
  const parts = color => (color.match(/[\\d.]+/g) || []).map(Number);
  const light = rgb => {
    const [r, g, b] = rgb.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = at => {
    for (; at; at = at.parentElement) {
      const color = parts(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const each of document.querySelectorAll('body *')) {
    if (![...each.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(each);
    const svg = each instanceof SVGElement;
    if (svg && each.localName !== 'text') continue;
    const [a, b] = [light(parts(svg ? style.fill : style.color)), light(behind(each))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) pale.push(`${each.localName}.${each.getAttribute('class')} ${ratio.toFixed(2)}`);
  }
  return pale;
})()"""


def write(name, body):
    path = os.path.join(PAGES, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("<!doctype html><title>as it was</title>" + body)
    return path


def page(name):
    return os.path.join(PAGES, name)


def requests_of(opened):
    return [event["request"]["url"] for event in opened.events("Network.requestWillBeSent")
            if not event["request"]["url"].endswith(".html")]


def scrolls_sideways(opened):
    # Every <details> open: what is hidden now must not be too wide later.
    opened.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    return opened.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) > innerWidth")


class HtmlInChromium(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def numbers(self):
        names = [name for name in os.listdir(PAGES) if name.startswith("hostile-")]
        self.assertGreater(len(names), 10)
        return range(len(names))

    def test_hostile_text_adds_no_element_and_no_attribute(self):
        for number in self.numbers():
            hostile = self.browser.open(page(f"hostile-{number}.html")).evaluate(STRUCTURE)
            harmless = self.browser.open(page(f"harmless-{number}.html")).evaluate(STRUCTURE)
            self.assertGreater(len(hostile), 300)
            self.assertEqual(hostile, harmless, f"hostile-{number}.html")
        hostile = self.browser.open(page("index-of-hostile.html")).evaluate(STRUCTURE)
        self.assertEqual(hostile, self.browser.open(page("index-of-harmless.html")).evaluate(STRUCTURE))
        self.assertGreater(len(hostile), 300)
        with_image = self.browser.open(write("image.html", "<p><img onerror=1></p>"))
        without = self.browser.open(write("none.html", "<p>&lt;img onerror=1></p>"))
        self.assertNotEqual(with_image.evaluate(STRUCTURE), without.evaluate(STRUCTURE))

    def test_nothing_runs_and_nothing_is_asked_for(self):
        for number in self.numbers():
            opened = self.browser.open(page(f"hostile-{number}.html"))
            self.assertNotEqual(opened.evaluate("document.title"), "taken")
            self.assertEqual(requests_of(opened), [])
            self.assertEqual(opened.evaluate("location.protocol"), "file:")
            # Nor does its own policy refuse anything of the page's own.
            self.assertEqual(opened.events("Log.entryAdded"), [])
            self.assertEqual(opened.events("Runtime.exceptionThrown"), [])
        loose = self.browser.open(write(
            "loose.html",
            "<script>document.title='taken'</script><img src=http://evil.example/x.png>"))
        self.assertEqual(loose.evaluate("document.title"), "taken")
        self.assertEqual(requests_of(loose), ["http://evil.example/x.png"])

    def test_the_policy_lets_nothing_in_even_if_markup_got_through(self):
        with open(page("plain.html"), encoding="utf-8") as file:
            text = file.read()
        body = text.split("<!doctype html>", 1)[1].replace(
            "<main id=\"main\">",
            "<main id=\"main\"><script>document.title='taken'</script>"
            "<img src=http://evil.example/x.png onerror=\"document.title='taken'\">"
            "<style>body { background: rgb(1, 2, 3) }</style><b style='color: rgb(1, 2, 3)'>b</b>", 1)
        opened = self.browser.open(write("through.html", body))
        self.assertEqual(opened.evaluate("document.querySelectorAll('main img').length"), 1)
        self.assertNotEqual(opened.evaluate("document.title"), "taken")
        self.assertNotEqual(opened.evaluate("getComputedStyle(document.body).backgroundColor"),
                            "rgb(1, 2, 3)")
        self.assertNotEqual(
            opened.evaluate("getComputedStyle(document.querySelector('main b')).color"),
            "rgb(1, 2, 3)")
        loaded = [event["requestId"] for event in opened.events("Network.responseReceived")
                  if "evil" in event["response"]["url"]]
        self.assertEqual(loaded, [])
        self.assertTrue(opened.events("Log.entryAdded"))

    def test_no_page_scrolls_sideways(self):
        for width in (1280, 390):
            for name in ["plain.html", "index.html", "index-of-hostile.html"] + [f"hostile-{number}.html" for number in self.numbers()]:
                self.assertFalse(scrolls_sideways(self.browser.open(page(name), width)),
                                 f"{name} at {width}")
            wide = self.browser.open(write("wide.html", "<p>" + "x" * 3000), width)
            self.assertTrue(scrolls_sideways(wide))

    def test_its_style_is_in_force_and_all_text_can_be_read_in_light_and_dark(self):
        backgrounds = set()
        for scheme in ("light", "dark"):
            for name in ("plain.html", "hostile-0.html", "index.html"):
                opened = self.browser.open(page(name))
                opened.media(scheme)
                self.assertEqual(opened.evaluate(PALE), [], f"{name}, {scheme}")
                backgrounds.add(
                    opened.evaluate("getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(backgrounds), 2)
        self.assertNotIn("rgba(0, 0, 0, 0)", backgrounds)
        pale = self.browser.open(write("pale.html", "<p class=p style='color: #bbb'>pale</p>"))
        self.assertEqual(pale.evaluate(PALE), ["p.p 1.92"])

    def test_it_prints_with_all_details_open(self):
        opened = self.browser.open(page("hostile-0.html"))
        shown = ("[...document.querySelectorAll('details:not([open]) > :not(summary)')]"
                 ".filter(each => each.checkVisibility({contentVisibilityAuto: true}))"
                 ".filter(each => each.getBoundingClientRect().height > 0).length")
        closed = opened.evaluate(
            "document.querySelectorAll('details:not([open]) > :not(summary)').length")
        self.assertGreater(closed, 3)
        self.assertEqual(opened.evaluate(shown), 0)
        opened.media("light", "print")
        self.assertGreaterEqual(opened.until(shown, lambda count: count >= closed), closed)
        pdf = base64.b64decode(opened.call("Page.printToPDF")["data"])
        self.assertTrue(pdf.startswith(b"%PDF-"))
        self.assertGreaterEqual(pdf.count(b"/Type /Page\n"), 2)

    def test_headings_go_down_one_level_at_a_time(self):
        for name in ("plain.html", "hostile-0.html", "index.html"):
            levels = self.browser.open(page(name)).evaluate(
                "[...document.querySelectorAll('h1,h2,h3,h4')].map(each => +each.localName[1])")
            self.assertEqual(levels[0], 1)
            self.assertEqual(levels.count(1), 1)
            for above, below in zip(levels, levels[1:]):
                self.assertLessEqual(below, above + 1, levels)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PAGES = folder
        subprocess.run([sys.argv.pop(1), folder], check=True)
        unittest.main(verbosity=2)
