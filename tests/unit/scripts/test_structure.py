"""The shape of the code: short functions and files, and rooms that know only what is below them."""

import ast
import pathlib
import re
import subprocess
import unittest

import cpp_functions
import rooms
from rooms import ROOT, short

LONGEST_FUNCTION = 60
LONGEST_FILE = 350

# What grades and renders a bundle, without a guest in reach.
PURE = ("bundle", "changes", "rules", "analysis", "gate", "reports", "fixtures/matchers")
LIVE = ("guest", "machine", "providers/qemu", "observe", "user_vms", "audit")


PRODUCT = ("harness", "reports", "fixtures", "filter", "scripts")


def files_in(folders, endings):
    """Files that git knows, or will once they are added."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in listed:
        path = ROOT / name
        if not name or not path.is_file():
            continue
        if path.suffix in endings or (not path.suffix and path.parent == ROOT / "scripts" and "" in endings):
            yield path


def product_files(*endings):
    return files_in(PRODUCT, endings)


def name_of(path):
    return str(path.relative_to(ROOT))


class Size(unittest.TestCase):
    def test_no_function_is_longer_than_a_screen(self):
        long = []
        for path in product_files(".cc", ".h"):
            for function in cpp_functions.functions(path.read_text(encoding="utf-8")):
                if function.lines > LONGEST_FUNCTION:
                    long.append(f"{name_of(path)}:{function.line}: {function.name} has {function.lines} lines")
        for path in product_files(".py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    lines = node.end_lineno - node.lineno + 1
                    if lines > LONGEST_FUNCTION:
                        long.append(f"{name_of(path)}:{node.lineno}: {node.name} has {lines} lines")
        self.assertEqual(long, [], f"longer than {LONGEST_FUNCTION} lines")

    def test_no_file_is_long(self):
        long = []
        for path in files_in((*PRODUCT, "tests", "bench"), (".cc", ".h", ".py", ".sh", "")):
            lines = path.read_bytes().count(b"\n")
            if lines > LONGEST_FILE:
                long.append(f"{name_of(path)}: {lines} lines")
        self.assertEqual(long, [], f"longer than {LONGEST_FILE} lines")


class Rooms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rooms = rooms.declared()
        cls.by_folder = {room.folder: target for target, room in cls.rooms.items()}
        cls.arrows = rooms.arrows_of((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))

    def room_of(self, header):
        return self.by_folder.get(str(pathlib.PurePosixPath(header).parent))

    def test_include_only_what_they_link(self):
        wrong = []
        for target, room in self.rooms.items():
            allowed = rooms.reached(self.rooms, target) | {target}
            for path in rooms.sources(room.folder):
                for header in rooms.includes(path)[0]:
                    if self.room_of(header) not in allowed and header != "harness/base/version.h":
                        wrong.append(f"{name_of(path)} includes {header}")
        self.assertEqual(wrong, [])

    def test_link_only_what_the_map_allows(self):
        wrong = []
        for target, room in self.rooms.items():
            allowed = rooms.below(self.arrows, short(room.folder))
            for library in rooms.reached(self.rooms, target):
                if library in self.rooms and short(self.rooms[library].folder) not in allowed:
                    wrong.append(f"{short(room.folder)} links {short(self.rooms[library].folder)}")
        self.assertEqual(sorted(wrong), [])

    def test_are_drawn_without_a_circle(self):
        drawn = {room for arrow in self.arrows for room in arrow}
        self.assertEqual([room for room in sorted(drawn) if room in rooms.below(self.arrows, room)], [])

    def test_are_those_of_the_map(self):
        drawn = {room for arrow in self.arrows for room in arrow}
        self.assertEqual(drawn, {short(room.folder) for room in self.rooms.values()})

    def test_that_grade_reach_no_guest(self):
        for folder in PURE:
            target = self.by_folder.get(folder) or self.by_folder.get("harness/" + folder)
            self.assertIsNotNone(target, folder)
            reached = rooms.reached(self.rooms, target)
            with self.subTest(room=folder):
                self.assertNotIn("ssh", reached)
                self.assertEqual([live for live in LIVE if self.by_folder["harness/" + live] in reached], [])

    def test_that_run_in_the_guest_know_no_other_but_the_places(self):
        """The witness is a program of its own: tables of paths are all that it shares."""
        for path in rooms.sources("harness/witness"):
            for header in rooms.includes(path)[0]:
                self.assertRegex(header, r"^harness/(witness/|places/|agents/places\.h$)", name_of(path))


class Provider(unittest.TestCase):
    NAMES = re.compile(r"qemu|\bqmp|10\.0\.2\.", re.IGNORECASE)
    # Who names the provider outside its room, and why.
    EXCEPTIONS = {
        "harness/providers/default_provider.cc": "chooses it",
        "harness/cli/doctor_command.cc": "looks whether this host has what it needs",
        "harness/cli/image_command.cc": "its images and templates are managed by name",
        "harness/machine/ports.h": "the port in the guest is named like any cloud VM's",
        "harness/witness/main.cc": "the process in the guest is named like any cloud VM's",
        "harness/disk/block_source.h": "qemu-nbd is another source of a disk",
    }

    def test_is_named_by_nobody_else(self):
        named = {name_of(path) for path in product_files(".cc", ".h", ".S")
                 if name_of(path).startswith("harness/") and self.NAMES.search(path.read_text(encoding="utf-8"))}
        named = {name for name in named if not name.startswith("harness/providers/qemu/")}
        self.assertEqual(named, set(self.EXCEPTIONS))


class HeavyHeaders(unittest.TestCase):
    def test_are_included_by_one_file(self):
        """CLI11's header takes five seconds to compile: commands use harness/cli/command.h."""
        including = [name_of(path) for path in product_files(".cc", ".h")
                     if any(header.startswith("CLI/") for header in rooms.includes(path)[1])]
        self.assertEqual(including, ["harness/cli/command.cc"])


class Arrows(unittest.TestCase):
    def test_are_read_from_the_map(self):
        self.assertEqual(rooms.arrows_of("words:\n\n    a ← {b, c ← d} ← e\n    a ← f/g\n\nx ← y in words"),
                         {("a", "b"), ("a", "c"), ("a", "d"), ("c", "d"), ("b", "e"), ("c", "e"), ("d", "e"),
                          ("a", "f/g")})

    def test_lead_down_over_several_rooms(self):
        arrows = {("a", "b"), ("b", "c")}
        self.assertEqual(rooms.below(arrows, "c"), {"a", "b"})
        self.assertEqual(rooms.below(arrows, "a"), set())


class CppFunctions(unittest.TestCase):
    def functions(self, text):
        return [(each.name, each.line, each.lines) for each in cpp_functions.functions(text)]

    def test_are_found_in_namespaces_and_classes(self):
        self.assertEqual(self.functions("""namespace a {
template <typename T>
requires std::integral<T>
T add(T a, T b) {
  return a + b;
}
class B {
 public:
  explicit B(int x) : x_{x}, list_({1, 2}) {
    if (x) { y(); }
  }
  bool operator==(const B&) const = default;
  bool operator()(int i) const { return i == x_; }
 private:
  int x_ = 0;
};
}
"""), [("add", 2, 5), ("B", 9, 3), ("operator()", 13, 1)])

    def test_hold_their_lambdas(self):
        self.assertEqual(self.functions("void f(std::vector<int> x = {}) {\n  g([&] {\n  });\n}\nint h() { return 1; }\n"),
                         [("f", 1, 4), ("h", 5, 1)])

    def test_are_lambdas_too_where_values_hold_them(self):
        self.assertEqual(self.functions("""const int kTable[] = {
    {1, [](int x) -> int {
       return x;
     }},
};
constexpr auto kValue = [] {
  return 1;
}();
"""), [("lambda", 1, 4), ("lambda", 6, 3)])

    def test_are_no_types_values_or_declarations(self):
        self.assertEqual(self.functions("""enum class E : int { A, B };
struct S { int a = 1; };
int f(int);
constexpr std::array<int, 2> k = {1, 2};
extern "C" {
extern const char a[];
}
"""), [])

    def test_are_not_looked_for_in_literals_and_comments(self):
        self.assertEqual(self.functions('// void a() {\n/* { */\nconst char* k = "{ (";\nchar c = \'{\';\n'
                                        'const char* r = R"x(void b() { ")x";\nint n = 1\'000;\n'), [])


if __name__ == "__main__":
    unittest.main()
