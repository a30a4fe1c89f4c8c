#include "harness/snapshot/script.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// The environment is the audit's own, whatever the user's shell, PAM or sudo put into it. The
/// variables are those that change what a loader, a shell, Python or systemctl does.
constexpr std::string_view kEnvironment = R"sh(
unalias -a 2>/dev/null
unset -v LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT ENV BASH_ENV CDPATH TMPDIR TZ POSIXLY_CORRECT \
  LANGUAGE PYTHONPATH PYTHONHOME SYSTEMD_PAGER SYSTEMD_COLORS SYSTEMD_LOG_LEVEL DPKG_ADMINDIR \
  DPKG_ROOT DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR FIND_BLOCK_SIZE
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
newline='
'
IFS=" 	$newline"
cd / || exit 1
)sh";

/// A table whose command left no exit code has failed: the scratch folder was full, or Python died.
constexpr std::string_view kFunctions = R"sh(
run() {
  "table_$1" >"$dir/$1.out" 2>"$dir/$1.err" </dev/null
  echo $? >"$dir/$1.rc"
}
emit() {
  code=
  message=
  if [ -e "$dir/$1.rc" ]; then IFS= read -r code <"$dir/$1.rc"; fi
  if [ -e "$dir/$1.err" ]; then
    IFS= read -r message <"$dir/$1.err"
  elif [ -e "$dir/python.err" ]; then
    IFS= read -r message <"$dir/python.err"
  fi
  case $code in '' | *[!0-9]*) code=255 ;; esac
  printf 'table %s %s %s %s\n' "$1" "$code" "$2" "$message"
  /bin/cat "$dir/$1.out"
  printf '\n'
}
)sh";

constexpr std::string_view kPrelude = R"py(
import os, stat, sys

scratch, shell = os.fsencode(sys.argv[1]), int(sys.argv[2])

def read(path, limit):
    """At most limit bytes. A device or a pipe is never opened: reading one can block or act."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise FileNotFoundError(path)
    return read_any(path, limit)

def read_any(path, limit):
    """As read(), without the check: for /proc and for what was checked already."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        parts = []
        while limit > 0:
            part = os.read(fd, min(limit, 1 << 16))
            if not part:
                break
            parts.append(part)
            limit -= len(part)
        return b"".join(parts)
    finally:
        os.close(fd)

def names(folder):
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []

def homes():
    """(user, folder) of each account that has a folder of its own."""
    found = []
    for line in read(b"/etc/passwd", 1 << 22).split(b"\n"):
        fields = line.split(b":")
        if len(fields) == 7 and fields[5].count(b"/") and len(fields[5]) > 1:
            home = b"/" + fields[5].strip(b"/")
            if home.split(b"/")[1] not in (b"proc", b"sys", b"dev", b"run", b"bin", b"sbin") \
                    and os.path.isdir(home):
                found.append((fields[0], home))
    if len(found) > 1000:
        raise RuntimeError("more than 1000 users have a home")
    return found
)py";

constexpr std::string_view kRunner = R"py(
for name in TABLES:
    code, message = 0, ""
    with open(scratch + b"/" + name.encode() + b".out", "wb") as out:
        try:
            globals()["table_" + name](out.write)
        except Exception as error:
            code, message = 1, type(error).__name__ + ": " + str(error)
    with open(scratch + b"/" + name.encode() + b".err", "wb") as out:
        out.write(message.replace("\n", " ").encode("utf-8", "surrogateescape"))
    with open(scratch + b"/" + name.encode() + b".rc", "wb") as out:
        out.write(b"%d\n" % code)
)py";

}  // namespace

std::string_view python_prelude() { return kPrelude; }

std::string python_runner(const std::vector<std::string_view>& tables) {
  std::string text = "\nTABLES = [";
  for (const auto name : tables) text += fmt::format("\"{}\", ", name);
  return text + "]\n" + std::string(kRunner);
}

std::string build_script(const ScriptParts& parts) {
  // All in one function, called on the last line: a script that was cut off does nothing.
  std::string script = "capture() {\n";
  script += kEnvironment;
  script += kFunctions;
  std::vector<std::string_view> order(parts.python_tables);
  std::string start;
  for (const auto& table : parts.in_turn) {
    script += fmt::format("table_{}() {{\n{}\n}}\n", table.name, table.command);
    start += fmt::format("run {}\n", table.name);
    order.push_back(table.name);
  }
  for (const auto& table : parts.beside) {
    script += fmt::format("table_{}() {{\n{}\n}}\n", table.name, table.command);
    start = fmt::format("run {} &\n", table.name) + start;
    order.push_back(table.name);
  }
  script += fmt::format("dir=$(/usr/bin/mktemp -d {}/skillaudit.XXXXXXXXXX) || exit 1\n",
                        shell_quote(parts.scratch));
  script += fmt::format("at_exit() {{\n{}\n/bin/rm -rf \"$dir\"\n}}\n", parts.at_exit);
  script += "trap at_exit EXIT\ntrap 'exit 1' HUP INT TERM PIPE\n";
  script += fmt::format("program={}\n", shell_quote(parts.python));
  script += "{ /usr/bin/timeout -k 5 300 /usr/bin/python3 -I -S -c \"$program\" \"$dir\" $$ ";
  script += ">\"$dir/python.err\" 2>&1 <<'SKILLAUDIT_INPUT'\n";
  script += parts.python_input;
  script += "SKILLAUDIT_INPUT\n} &\n";
  script += start;
  script += "wait\n";
  if (!parts.last.command.empty())
    script += fmt::format("{{ {}\n}} 2>\"$dir/{}.err\" || echo 1 >\"$dir/{}.rc\"\n",
                          parts.last.command, parts.last.table, parts.last.table);
  std::string files;
  std::string names;
  for (const auto name : order) {
    files += fmt::format(" \"$dir/{}.out\"", name);
    names += fmt::format(" {}", name);
  }
  script += fmt::format("for name in{}; do : >>\"$dir/$name.out\"; done\n", names);
  script += fmt::format("sizes=$(/usr/bin/stat -c %s{})\n", files);
  script += "printf 'skillaudit-capture 1\\n'\n";
  script += fmt::format("for name in{}; do\n", names);
  script += "  emit \"$name\" \"${sizes%%$newline*}\"\n  sizes=${sizes#*$newline}\ndone\n";
  script += fmt::format("printf 'end {}\\n'\n{}\n}}\ncapture\n", order.size(), parts.after);
  return script;
}

}  // namespace skillaudit
