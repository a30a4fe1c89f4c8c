#include "harness/snapshot/details.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <unordered_set>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/frames.h"
#include "harness/snapshot/script.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// Requests come as lines "d HEX", "k MANAGER HEX-NAME HEX-VERSION HEX-PLACE" on standard input:
/// paths hold any byte, and hexadecimal needs no quoting in any language on the way.
/// O_NOFOLLOW keeps the last part of a path from leading elsewhere since the snapshot.
constexpr std::string_view kPython = R"py(
import hashlib

requests = [line.split(" ") for line in sys.stdin.read().split("\n") if line]

def digest(path, budget):
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        return error.strerror.encode(), 0
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return b"not a regular file any more", 0
        if status.st_size > 1 << 28:
            return b"over 256 MiB", 0
        if status.st_size > budget:
            return b"over 4 GiB in all", 0
        sha = hashlib.sha256()
        size = 0
        while True:
            part = os.read(fd, 1 << 20)
            if not part:
                return sha.hexdigest().encode(), size
            size += len(part)
            if size > 1 << 28:
                return b"over 256 MiB", size
            sha.update(part)
    finally:
        os.close(fd)

def table_digests(out):
    budget = 1 << 32
    for request in requests:
        if request[0] == "d":
            path = bytes.fromhex(request[1])
            result, size = digest(path, budget)
            budget -= size
            out(path + b"\0" + result + b"\0")

def dpkg_files(name):
    info = b"/var/lib/dpkg/info/"
    if b"/" in name:
        return None
    plain = name.partition(b":")[0]
    for candidate in (name, plain):
        try:
            return read(info + candidate + b".list", 1 << 26).split(b"\n")
        except OSError:
            pass
    for entry in names(info):
        if entry.startswith(plain + b":") and entry.endswith(b".list"):
            return read(info + entry, 1 << 26).split(b"\n")
    return None

def plain_name(name):
    return name.lower().replace(b"-", b"_").replace(b".", b"_")

def pip_files(name, version, place):
    wanted = plain_name(name) + b"-" + version.lower() + b".dist-info"
    for entry in names(place):
        if plain_name(entry) == plain_name(wanted):
            found = [place + b"/" + entry]
            for line in read(place + b"/" + entry + b"/RECORD", 1 << 26).split(b"\n"):
                if line.startswith(b"\""):
                    path = line[1:].partition(b"\",")[0].replace(b"\"\"", b"\"")
                else:
                    path = line.partition(b",")[0]
                if path:
                    found.append(os.path.normpath(place + b"/" + path.rstrip(b"\r")))
            return found
    return None

def npm_files(name, place):
    top = place + b"/" + name
    found = [top]
    for folder, folders, files in os.walk(top):
        found += [folder + b"/" + entry for entry in folders + files]
        if len(found) > 1 << 18:
            raise RuntimeError("an npm package of more than 262144 files")
    programs = os.path.normpath(place + b"/../../bin")
    for entry in names(programs):
        link = programs + b"/" + entry
        if os.path.islink(link):
            target = os.path.normpath(programs + b"/" + os.readlink(link))
            if target.startswith(top + b"/"):
                found.append(link)
    return found

def table_package_files(out):
    for request in requests:
        if request[0] != "k":
            continue
        manager = request[1]
        name, version, place = [bytes.fromhex(part) for part in request[2:5]]
        try:
            if manager == "dpkg":
                files = dpkg_files(name)
            elif manager == "pip":
                files = pip_files(name, version, place)
            else:
                files = npm_files(name, place)
        except OSError:
            files = None
        if files is not None:
            files = [path for path in files if path.startswith(b"/") and path != b"/."]
            out(manager.encode() + b"\0" + name + b"\0%d\0" % len(files))
            for path in files:
                out(path + b"\0")
)py";

const std::vector<std::string_view>& tables() {
  static const std::vector<std::string_view> names = {"digests", "package_files"};
  return names;
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

bool is_digest(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  if (text.size() != kDigits) return false;
  unsigned others = 0;  // without branches: a million digests are looked at
  for (std::size_t i = 0; i < kDigits; ++i) {
    const char c = text[i];
    others += static_cast<unsigned>((c < '0' || c > '9') & (c < 'a' || c > 'f'));
  }
  return others == 0;
}

void read_digests(std::string_view bytes, Details& details) {
  details.digests.reserve(bytes.size() / 100);
  FieldReader reader(bytes);
  while (!reader.done()) {
    const auto path = reader.field();
    const auto result = path ? reader.field() : std::nullopt;
    if (!result) {
      details.gaps.push_back("the guest's list of file digests ends inside a row");
      return;
    }
    if (is_digest(*result)) {
      details.digests.push_back({std::string(*path), std::string(*result)});
    } else {
      details.notes.push_back(
          fmt::format("{} was not hashed: {}", printable(*path), printable(shorten(*result, 200))));
    }
  }
}

void parse_package_files(std::string_view bytes, Details& details) {
  FieldReader reader(bytes);
  while (!reader.done()) {
    const auto manager = reader.field();
    const auto package = reader.field();
    const auto count_field = reader.field();
    const auto count = count_field ? parse_number<std::size_t>(*count_field) : std::nullopt;
    PackageFiles files;
    bool whole = package.has_value() && count.has_value();
    for (std::size_t i = 0; whole && i < *count; ++i) {
      const auto path = reader.field();
      whole = path.has_value();
      if (whole) files.paths.emplace_back(*path);
    }
    if (!whole) {
      details.gaps.push_back("the guest's list of package files ends inside a row");
      return;
    }
    files.manager = *manager;
    files.package = *package;
    details.package_files.push_back(std::move(files));
  }
}

}  // namespace

std::string detail_script(const std::vector<std::string>& paths,
                          const std::vector<Package>& packages, const std::string& scratch) {
  ScriptParts parts;
  parts.python = std::string(python_prelude()) + std::string(kPython) + python_runner(tables());
  parts.python_tables = tables();
  parts.scratch = scratch;
  for (const auto& path : paths) parts.python_input += "d " + hex(path) + "\n";
  for (const auto& package : packages) {
    const bool known =
        package.manager == "dpkg" || package.manager == "pip" || package.manager == "npm";
    if (!known) continue;
    parts.python_input += fmt::format("k {} {} {} {}\n", package.manager, hex(package.name),
                                      hex(package.version), hex(package.location));
  }
  return build_script(parts);
}

void parse_digests(std::string_view table, std::vector<FileDigest>& digests,
                   std::vector<std::string>& gaps) {
  Details details;
  read_digests(table, details);
  if (digests.empty()) {
    digests = std::move(details.digests);
  } else {
    std::move(details.digests.begin(), details.digests.end(), std::back_inserter(digests));
  }
  gaps.insert(gaps.end(), details.gaps.begin(), details.gaps.end());
  gaps.insert(gaps.end(), details.notes.begin(), details.notes.end());
}

GuestView parse_guest_view(std::string_view asked, std::string_view seen) {
  GuestView view{.seen = parse_files(seen).rows};
  FieldReader reader(asked);
  while (const auto path = reader.field()) view.asked.emplace_back(*path);
  std::sort(view.asked.begin(), view.asked.end());
  return view;
}

Details parse_details(std::string_view stream) {
  Details details;
  const Frames frames = split_frames(stream, tables());
  if (!frames.damage.empty()) {
    details.gaps.push_back(fmt::format(
        "the digests of changed files did not come whole: of their stream, {}", frames.damage));
  }
  for (const auto& frame : frames.frames) {
    if (frame.exit_code != 0) {
      details.gaps.push_back(fmt::format("the guest's table '{}' may lack rows: {}", frame.name,
                                         printable(frame.message)));
    }
    if (frame.name == "digests") read_digests(frame.bytes, details);
    if (frame.name == "package_files") parse_package_files(frame.bytes, details);
  }
  return details;
}

}  // namespace skillaudit
