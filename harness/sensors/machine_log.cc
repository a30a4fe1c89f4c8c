#include "harness/sensors/machine_log.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle_files.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kMostLog = 64ULL << 20;
constexpr std::uint64_t kMostConsole = 16ULL << 20;
constexpr std::size_t kMostConsoleEvents = 1000;
constexpr std::size_t kLongestLine = 400;

/// The first bytes of a file that the guest may have made as long as it likes.
std::string read_beginning(const fs::path& path, std::uint64_t most) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  std::string text(std::min<std::uint64_t>(fs::file_size(path, error), most), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

struct Sign {
  std::string_view text;
  ConsoleEvent::Kind kind;
};
/// What the kernel says (kernel/panic.c, mm/oom_kill.c, arch/x86/kernel/dumpstack.c, lib/bug.c).
constexpr std::array<Sign, 10> kSigns = {{
    {"Kernel panic", ConsoleEvent::Kind::Panic},
    {"Out of memory", ConsoleEvent::Kind::OutOfMemory},
    {"Memory cgroup out of memory", ConsoleEvent::Kind::OutOfMemory},
    {"Oops", ConsoleEvent::Kind::Crash},
    {"BUG:", ConsoleEvent::Kind::Crash},
    {"kernel BUG at", ConsoleEvent::Kind::Crash},
    {"general protection fault", ConsoleEvent::Kind::Crash},
    {"unable to handle", ConsoleEvent::Kind::Crash},
    {"WARNING:", ConsoleEvent::Kind::Warning},
    {"blocked for more than", ConsoleEvent::Kind::Warning},
}};

/// "[   12.345678] TEXT": the kernel's own stamp.
std::optional<double> stamp_of(std::string_view& line) {
  if (!line.starts_with('[')) return std::nullopt;
  const std::size_t end = line.find(']');
  if (end == std::string_view::npos || end > 24) return std::nullopt;
  const std::string number(trim(line.substr(1, end - 1)));
  char* stop = nullptr;
  const double stamp = std::strtod(number.c_str(), &stop);
  if (number.empty() || *stop != '\0') return std::nullopt;
  line = trim(line.substr(end + 1));
  return stamp;
}

void read_line(MachineLog& log, const json& line) {
  if (!line.is_object() || !line.contains("t")) return;
  const double time = line.value("t", 0.0);
  if (line.contains("event")) {
    log.events.push_back({time, line.value("event", ""), line.value("detail", "")});
    return;
  }
  log.samples.push_back({.time_s = time,
                         .cpus = line.value("cpus", 0.0),
                         .memory_bytes = line.value("memory", std::uint64_t{0}),
                         .disk_read_bytes = line.value("read", std::uint64_t{0}),
                         .disk_written_bytes = line.value("written", std::uint64_t{0}),
                         .network_bytes = line.value("network", std::uint64_t{0})});
}

}  // namespace

std::vector<ConsoleEvent> parse_console(std::string_view text) {
  std::vector<ConsoleEvent> events;
  int number = 0;
  while (!text.empty() && events.size() < kMostConsoleEvents) {
    const std::size_t end = text.find('\n');
    std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    const auto stamp = stamp_of(line);
    if (!stamp) continue;
    for (const Sign& sign : kSigns) {
      if (line.find(sign.text) == std::string_view::npos) continue;
      events.push_back({sign.kind, *stamp, shorten(printable(line), kLongestLine), number});
      break;
    }
  }
  return events;
}

MachineLog read_machine_log(const fs::path& bundle) {
  MachineLog log;
  const std::string lines = read_beginning(bundle / name_of(BundleFile::Machine), kMostLog);
  for (const std::string_view line : split(lines, '\n'))
    if (!line.empty()) read_line(log, parse_json_or_discard(line));
  log.console = parse_console(read_beginning(bundle / name_of(BundleFile::Console), kMostConsole));
  return log;
}

}  // namespace skillaudit
