#include "harness/base/memory.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// Empty where the file cannot be read: a process has ended, a kernel does not have it.
std::string read_or_nothing(const fs::path& file) {
  try {
    return read_file(file, 1U << 20);
  } catch (const Error&) {
    return {};
  }
}

/// None for "max", and for what is no number.
std::optional<std::uint64_t> number(std::string_view text) {
  text = trim(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The value of "key 123", in bytes.
std::uint64_t statistic(std::string_view text, std::string_view key) {
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with(key) && line.substr(key.size()).starts_with(' '))
      return number(line.substr(key.size())).value_or(0);
  return 0;
}

/// The limits of the control groups (version 2) that this process is in, from the innermost out.
void apply_group_limits(MachineMemory& memory) {
  const std::string groups = read_or_nothing("/proc/self/cgroup");
  if (!groups.starts_with("0::/")) return;
  const fs::path root = "/sys/fs/cgroup";
  fs::path group = root / trim(std::string_view(groups).substr(4));
  for (;; group = group.parent_path()) {
    if (const auto limit = number(read_or_nothing(group / "memory.max"))) {
      const std::uint64_t used = number(read_or_nothing(group / "memory.current")).value_or(0);
      // File pages that nobody used lately are given back when they are asked for.
      const std::uint64_t given_back =
          statistic(read_or_nothing(group / "memory.stat"), "inactive_file");
      const std::uint64_t kept = used - std::min(used, given_back);
      memory.total_mib = std::min(memory.total_mib, *limit >> 20);
      memory.available_mib =
          std::min(memory.available_mib, (*limit - std::min(*limit, kept)) >> 20);
    }
    if (group == root || !group.has_relative_path()) return;
  }
}

}  // namespace

std::uint64_t kib_field(std::string_view text, std::string_view key) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(':')) continue;
    line = trim(line.substr(key.size() + 1));
    if (line.ends_with(" kB")) line.remove_suffix(3);
    return number(line).value_or(0);
  }
  return 0;
}

MachineMemory machine_memory() {
  const std::string info = read_file("/proc/meminfo", 1U << 20);
  MachineMemory memory{.total_mib = kib_field(info, "MemTotal") >> 10,
                       .available_mib = kib_field(info, "MemAvailable") >> 10};
  apply_group_limits(memory);
  return memory;
}

std::uint64_t memory_of_children_mib(pid_t parent) {
  std::uint64_t kib = 0;
  std::error_code error;
  // Each thread has children of its own.
  for (fs::directory_iterator task("/proc/" + std::to_string(parent) + "/task", error), end;
       !error && task != end; task.increment(error)) {
    const std::string children = read_or_nothing(task->path() / "children");
    for (const std::string_view child : split(children, ' '))
      if (number(child))
        kib += kib_field(read_or_nothing(fs::path("/proc") / trim(child) / "smaps_rollup"),
                         "Anonymous");
  }
  return kib >> 10;
}

}  // namespace skillaudit
