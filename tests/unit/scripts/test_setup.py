"""scripts/setup installs what its sections lack, and nothing else. apt and dpkg are stand-ins here."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
LIST = """# comment
[run]  # words
qemu
npm or a-program-that-exists
[build]
cmake
[test]
jq
"""


class Setup(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "scripts").mkdir()
        (self.folder / "bin").mkdir()
        for name in ("setup", "progress"):
            shutil.copy(ROOT / "scripts" / name, self.folder / "scripts")
        (self.folder / "scripts" / "packages.txt").write_text(LIST, encoding="utf-8")
        self.program("sudo", 'exec "$@"')
        self.program("apt-get", f'[ "$1" = update ] || echo "$@" >>{self.folder}/installed; exit $(cat {self.folder}/code)')
        self.program("dpkg-query", f'grep -qx "$4" {self.folder}/present && echo installed')
        self.program("a-program-that-exists", "")
        self.present("")
        self.apt_exits(0)

    def program(self, name, text):
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def present(self, packages):
        (self.folder / "present").write_text(packages, encoding="utf-8")

    def apt_exits(self, code):
        (self.folder / "code").write_text(str(code), encoding="utf-8")

    def setup_of(self, *sections):
        """Exit code, standard error, and the packages that apt was asked for."""
        (self.folder / "installed").unlink(missing_ok=True)
        done = subprocess.run([self.folder / "scripts" / "setup", *sections], capture_output=True, text=True,
                              check=False, env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        asked = self.folder / "installed"
        words = asked.read_text(encoding="utf-8").split() if asked.exists() else []
        return done.returncode, done.stderr, [word for word in words if word in ("qemu", "npm", "cmake", "jq")]

    def test_installs_the_sections_that_it_is_given(self):
        self.assertEqual(self.setup_of("run", "build"),
                         (0, "Installing 2 packages (to run build): qemu cmake\n", ["qemu", "cmake"]))

    def test_installs_all_of_them_by_default(self):
        self.assertEqual(self.setup_of()[2], ["qemu", "cmake", "jq"])

    def test_leaves_out_what_is_installed(self):
        self.present("qemu\n")
        self.assertEqual(self.setup_of("run", "test")[2], ["jq"])

    def test_remembers_each_section_by_itself(self):
        self.setup_of("run")
        self.assertEqual(self.setup_of("run"), (0, "", []))
        self.assertEqual(self.setup_of("run", "test")[2], ["jq"])

    def test_looks_again_when_the_list_changes(self):
        self.setup_of("run")
        newer = (self.folder / "build" / ".packages-run").stat().st_mtime + 10
        os.utime(self.folder / "scripts" / "packages.txt", (newer, newer))
        self.assertEqual(self.setup_of("run")[2], ["qemu"])

    def test_fails_and_does_not_remember_when_apt_fails(self):
        self.apt_exits(100)
        code, said, _ = self.setup_of("test")
        self.assertEqual(code, 69)
        self.assertIn("apt-get could not install", said)
        self.assertFalse((self.folder / "build" / ".packages-test").exists())

    def test_names_the_sections_when_one_does_not_exist(self):
        code, said, _ = self.setup_of("tests")
        self.assertEqual(code, 64)
        self.assertIn("no section 'tests'", said)


if __name__ == "__main__":
    unittest.main()
