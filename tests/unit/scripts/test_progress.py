"""What scripts/progress prints into a log, and on a terminal."""

import errno
import os
import pathlib
import pty
import subprocess
import unittest

PROGRESS = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "progress"


def steps_of_ninja(total):
    return "".join(f"[{step}/{total}] Building CXX object a.o\n" for step in range(1, total + 1))


def shown(lines, quiet_s=0):
    """Standard error, which is a file here, without the seconds."""
    done = subprocess.run([PROGRESS, "Building"], input=lines, text=True, capture_output=True, check=True,
                          env={**os.environ, "PROGRESS_QUIET_S": str(quiet_s)})
    assert done.stdout == ""
    return [line.rsplit(",", 1)[0] for line in done.stderr.splitlines()]


def everything_of(terminal):
    """All that was written to a terminal whose other side is closed. One read may give a part of it."""
    parts = []
    try:
        while part := os.read(terminal, 4096):
            parts.append(part)
    except OSError as error:  # how Linux says that the other side is closed
        if error.errno != errno.EIO:
            raise
    finally:
        os.close(terminal)
    return b"".join(parts).decode()


class Progress(unittest.TestCase):
    def test_prints_a_line_for_every_ten_percent(self):
        self.assertEqual(shown(steps_of_ninja(400)),
                         [f"Building: {p} % ({4 * p} of 400)" for p in range(10, 101, 10)])

    def test_prints_one_line_for_each_step_of_a_short_build(self):
        self.assertEqual(shown(steps_of_ninja(2)), ["Building: 50 % (1 of 2)", "Building: 100 % (2 of 2)"])

    def test_prints_nothing_of_what_ends_at_once(self):
        self.assertEqual(shown(steps_of_ninja(400), quiet_s=60), [])

    def test_starts_again_when_ninja_finds_more_to_do(self):
        self.assertEqual(shown("[1/1] Re-running CMake...\n[1/2] Building\n"),
                         ["Building: 100 % (1 of 1)", "Building: 50 % (1 of 2)"])

    def test_reads_what_apt_reports(self):
        self.assertEqual(shown("dlstatus:1:40.1:Retrieving file 1 of 2\npmstatus:jq:50.0:Unpacking jq\n"),
                         ["Building: 50 % (jq)"])

    def test_passes_over_what_tools_print(self):
        self.assertEqual(shown("a.cc:1: warning: [1/x]\n[0/0] nothing\nninja: no work to do.\n"), [])

    def test_moves_one_line_on_a_terminal(self):
        ours, theirs = pty.openpty()
        subprocess.run([PROGRESS, "Building"], input=steps_of_ninja(2), text=True, stderr=theirs, check=True)
        os.close(theirs)
        text = everything_of(ours)
        self.assertIn("\r\x1b[KBuilding: 50 % (1 of 2)", text)
        self.assertEqual(text.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
