#include "harness/sensors/trace_log.h"

#include <arpa/inet.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "harness/base/text.h"
#include "harness/sensors/kernel_audit_rules.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostArguments = 256;
constexpr std::size_t kMostPaths = 16;
/// Numbers between the marks that are looked at one by one.
constexpr std::uint64_t kMostSerials = 1ULL << 28;
constexpr std::uint32_t kLastKind = static_cast<std::uint32_t>(TraceKind::RawDevice);

template <typename Number>
bool read_number(std::string_view text, Number& number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

/// Up to `end`, which is taken off too. False when it does not come.
bool take(std::string_view& text, char end, std::string_view& word) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return false;
  word = text.substr(0, at);
  text.remove_prefix(at + 1);
  return true;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string unhexed(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size() && bytes.size() < kLongestText; i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

/// A string of a process: in quotes, or in hexadecimal where it holds what quotes could not.
std::string text_of(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    return std::string(value.substr(1, std::min(value.size() - 2, kLongestText)));
  if (value == "(null)") return {};
  return unhexed(value);
}

/// Calls `use` with each "KEY=VALUE". A value in quotes ends with them; no other holds a space.
template <typename Use>
void each_field(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return;
    std::string_view key = text.substr(0, equals);
    if (const std::size_t space = key.rfind(' '); space != std::string_view::npos)
      key.remove_prefix(space + 1);
    text.remove_prefix(equals + 1);
    std::size_t end = std::string_view::npos;
    if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
      end = text.find(text.front(), 1);
      if (end != std::string_view::npos) ++end;
    } else {
      end = text.find_first_of(" \x1d");  // auditd(8) puts 0x1d before what it adds
    }
    use(key, text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::optional<TraceKind> kind_of(std::string_view key) {
  for (std::uint32_t i = 0; i <= kLastKind; ++i)
    if (key == name_of(static_cast<TraceKind>(i))) return static_cast<TraceKind>(i);
  return std::nullopt;
}

/// The argument of openat(2) and its like that holds the folder's descriptor to which their paths
/// are relative. None for a call whose paths are relative to the working directory.
std::optional<std::size_t> folder_argument(std::string_view call) {
  call = call.substr(0, call.find(' '));           // " (32-bit)"
  if (call.ends_with('2')) call.remove_suffix(1);  // openat2, renameat2, fchmodat2
  if (!call.ends_with("at") || call == "creat") return std::nullopt;
  return call == "symlinkat" ? 1 : 0;
}
constexpr std::uint32_t kWorkingFolder = 0xffffff9c;  // AT_FDCWD

std::string joined(const std::string& folder, const std::string& path) {
  return folder.empty() || path.starts_with('/') ? path
                                                 : folder + (folder == "/" ? "" : "/") + path;
}

/// An event while its records come.
struct Growing {
  TraceEvent event;
  std::optional<TraceKind> kind;
  std::string watched;
  bool relative_to_folder = true;  ///< false: to a descriptor that nobody knows
};

class Reader {
 public:
  Reader(std::string_view first, std::string_view second) : first_(first), second_(second) {}

  void line(std::string_view line) {
    std::string_view rest = line;
    std::string_view type_text, time_text, ignored, serial_text;
    std::uint32_t type = 0;
    std::uint64_t microseconds = 0;
    std::uint64_t serial = 0;
    const bool whole = take(rest, ' ', type_text) && take(rest, ' ', time_text) &&
                       rest.starts_with("audit(") && take(rest, ':', ignored) &&
                       take(rest, ')', serial_text) && read_number(type_text, type) &&
                       read_number(time_text, microseconds) && read_number(serial_text, serial);
    if (!whole) {
      if (log_.began) ++log_.malformed;
      return;
    }
    if (type == AUDIT_USER && mark(rest, serial, microseconds)) return;
    if (!log_.began) return;
    note(serial);
    record(type, serial, microseconds, rest);
  }

  [[nodiscard]] bool done() const { return log_.ended; }

  TraceLog finish() {
    for (Growing& each : growing_) {
      if (!each.kind) continue;
      complete(each);
      log_.events.push_back(std::move(each.event));
    }
    std::sort(log_.events.begin(), log_.events.end(),
              [](const TraceEvent& a, const TraceEvent& b) { return a.serial < b.serial; });
    if (log_.ended && last_ > begin_ + 1)
      log_.missing = last_ - begin_ - 1 -
                     static_cast<std::uint64_t>(std::count(seen_.begin(), seen_.end(), true));
    return std::move(log_);
  }

 private:
  bool mark(std::string_view fields, std::uint64_t serial, std::uint64_t microseconds) {
    const auto says = [&](std::string_view mark) {
      return !mark.empty() && fields.find(mark) != std::string_view::npos;
    };
    if (!log_.began && says(first_)) {
      log_.began = true;
      begin_ = last_ = serial;
      start_ = microseconds;
      log_.began_uptime_s = static_cast<double>(microseconds) / 1e6;
      return true;
    }
    if (log_.began && says(second_)) {
      log_.ended = true;
      last_ = serial;
      return true;
    }
    return false;
  }

  void note(std::uint64_t serial) {
    if (serial <= begin_ || serial - begin_ > kMostSerials) return;
    const std::uint64_t at = serial - begin_ - 1;
    if (at >= seen_.size()) seen_.resize(std::max<std::size_t>(at + 1, seen_.size() * 2), false);
    seen_[at] = true;
    last_ = std::max(last_, serial);
  }

  Growing* event_of(std::uint64_t serial, std::uint64_t microseconds) {
    if (newest_ < growing_.size() && growing_[newest_].event.serial == serial)
      return &growing_[newest_];
    const auto [at, fresh] = by_serial_.try_emplace(serial, growing_.size());
    if (fresh) {
      if (growing_.size() == kMostTraceEvents) {
        by_serial_.erase(at);
        if (serial != omitted_) ++log_.omitted;
        omitted_ = serial;
        return nullptr;
      }
      Growing& made = growing_.emplace_back();
      made.event.serial = serial;
      made.event.time_s = (static_cast<double>(microseconds) - static_cast<double>(start_)) / 1e6;
    }
    newest_ = at->second;
    return &growing_[newest_];
  }

  void record(std::uint32_t type, std::uint64_t serial, std::uint64_t microseconds,
              std::string_view fields) {
    Growing* event = event_of(serial, microseconds);
    if (event == nullptr) return;
    switch (type) {
      case AUDIT_SYSCALL:
        return syscall(*event, fields);
      case AUDIT_EXECVE:
        return arguments(*event, fields);
      case AUDIT_CWD:
        return each_field(fields, [&](std::string_view key, std::string_view value) {
          if (key == "cwd") event->event.folder = text_of(value);
        });
      case AUDIT_PATH:
        return path(*event, fields);
      case AUDIT_SOCKADDR:
        return address(*event, fields);
      case AUDIT_OBJ_PID:
        return each_field(fields, [&](std::string_view key, std::string_view value) {
          if (key == "opid") read_number(value, event->event.target);
        });
      case AUDIT_CONFIG_CHANGE:
        return words_of_kernel(*event, TraceKind::AuditConfig, fields);
      case AUDIT_ANOM_ABEND:
        return words_of_kernel(*event, TraceKind::Crash, fields);
      case AUDIT_TIME_INJOFFSET:
        event->event.detail = shorten(trim(fields), 200);
        return;
      case AUDIT_KERN_MODULE:
        return each_field(fields, [&](std::string_view key, std::string_view value) {
          if (key == "name") event->event.detail = text_of(value);
        });
      default:
        return;
    }
  }

  static void person(TraceEvent& event, std::string_view key, std::string_view value) {
    if (key == "pid") {
      read_number(value, event.pid);
    } else if (key == "ppid") {
      read_number(value, event.parent);
    } else if (key == "uid") {
      read_number(value, event.uid);
    } else if (key == "euid") {
      read_number(value, event.effective_uid);
    } else if (key == "auid") {
      read_number(value, event.login_uid);
    } else if (key == "comm") {
      event.name = text_of(value);
    } else if (key == "exe") {
      event.program = text_of(value);
    }
  }

  static void syscall(Growing& growing, std::string_view fields) {
    TraceEvent& event = growing.event;
    std::uint32_t arch = 0;
    int number = -1;
    std::array<std::uint64_t, 4> arguments{};
    each_field(fields, [&](std::string_view key, std::string_view value) {
      if (key.size() == 2 && key[0] == 'a' && key[1] >= '0' && key[1] <= '3') {
        read_number(value, arguments[static_cast<std::size_t>(key[1] - '0')], 16);
      } else if (key == "arch") {
        read_number(value, arch, 16);
      } else if (key == "syscall") {
        read_number(value, number);
      } else if (key == "success") {
        event.success = value == "yes";
      } else if (key == "exit") {
        read_number(value, event.result);
      } else if (key == "key") {
        const std::string said = text_of(value);
        const std::size_t colon = said.find(':');
        if (!growing.kind) growing.kind = kind_of(std::string_view(said).substr(0, colon));
        if (colon != std::string::npos) growing.watched = said.substr(colon + 1);
      } else {
        person(event, key, value);
      }
    });
    event.syscall = syscall_name(arch, number);
    const std::string_view call = event.syscall;
    if (const auto folder = folder_argument(call))
      growing.relative_to_folder = static_cast<std::uint32_t>(arguments[*folder]) == kWorkingFolder;
    if (event.target == 0) {
      if (call.starts_with("ptrace")) event.target = static_cast<std::int32_t>(arguments[1]);
      if (call.starts_with("process_vm") || growing.kind == TraceKind::Kill)
        event.target = static_cast<std::int32_t>(arguments[0]);
    }
    if (growing.kind == TraceKind::Exit) event.result = static_cast<std::int32_t>(arguments[0]);
  }

  static void arguments(Growing& growing, std::string_view fields) {
    auto& words = growing.event.arguments;
    each_field(fields, [&](std::string_view key, std::string_view value) {
      if (key == "argc" || !key.starts_with('a') || key.ends_with("_len")) return;
      const std::size_t bracket = key.find('[');
      std::size_t index = 0;
      if (!read_number(key.substr(1, bracket == std::string_view::npos ? bracket : bracket - 1),
                       index) ||
          index >= kMostArguments)
        return;
      if (index >= words.size()) words.resize(index + 1);
      std::string& word = words[index];
      if (word.size() < kLongestText) word += text_of(value);
    });
  }

  static void path(Growing& growing, std::string_view fields) {
    std::string name;
    bool parent = false;
    each_field(fields, [&](std::string_view key, std::string_view value) {
      if (key == "name") name = text_of(value);
      if (key == "nametype") parent = value == "PARENT";
    });
    if (!name.empty() && !parent && growing.event.paths.size() < kMostPaths)
      growing.event.paths.push_back(std::move(name));
  }

  static void address(Growing& growing, std::string_view fields) {
    each_field(fields, [&](std::string_view key, std::string_view value) {
      if (key != "saddr") return;
      const std::string bytes = unhexed(value);
      const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
      if (bytes.size() < 8) return;
      const bool ipv6 = byte(0) == AF_INET6 && bytes.size() >= 24;
      if (!ipv6 && byte(0) != AF_INET) return;
      std::array<char, INET6_ADDRSTRLEN> shown{};
      ::inet_ntop(ipv6 ? AF_INET6 : AF_INET, bytes.data() + (ipv6 ? 8 : 4), shown.data(),
                  shown.size());
      growing.event.address = shown.data();
      growing.event.port = static_cast<std::uint16_t>(byte(2) << 8 | byte(3));
    });
  }

  static void words_of_kernel(Growing& growing, TraceKind kind, std::string_view fields) {
    growing.kind = kind;
    growing.event.detail = shorten(trim(fields), 300);
    each_field(fields, [&](std::string_view key, std::string_view value) {
      person(growing.event, key, value);
      if (key == "res") growing.event.success = value == "1" || value == "yes";
    });
  }

  static void complete(Growing& growing) {
    TraceEvent& event = growing.event;
    event.kind = *growing.kind;
    for (std::string& path : event.paths)
      if (growing.relative_to_folder) {
        path = joined(event.folder, path);
      } else if (event.kind == TraceKind::LogCut && !path.starts_with('/')) {
        path = "/var/log/…/" + path;  // recorded because it is somewhere below
      }
    if (growing.watched.empty()) return;
    // The kernel knows what it watches by the file itself, whatever name led there.
    const bool named =
        std::any_of(event.paths.begin(), event.paths.end(), [&](const std::string& path) {
          return path == growing.watched || path.starts_with(growing.watched + "/");
        });
    if (!named) event.paths.insert(event.paths.begin(), growing.watched);
  }

  std::string_view first_, second_;
  TraceLog log_;
  std::uint64_t begin_ = 0, last_ = 0, start_ = 0, omitted_ = 0;
  std::vector<bool> seen_;
  std::vector<Growing> growing_;
  std::unordered_map<std::uint64_t, std::size_t> by_serial_;
  std::size_t newest_ = 0;
};

}  // namespace

TraceLog parse_trace_log(std::string_view text, std::string_view first_mark,
                         std::string_view second_mark) {
  Reader reader(first_mark, second_mark);
  while (!text.empty() && !reader.done()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // cut off in the middle
    reader.line(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return reader.finish();
}

}  // namespace skillaudit
