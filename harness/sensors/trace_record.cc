#include "harness/sensors/trace_record.h"

#include <arpa/inet.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/sensors/syscalls.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostArguments = 256;
constexpr std::size_t kMostPaths = 16;
constexpr std::uint32_t kLastKind = static_cast<std::uint32_t>(TraceKind::SecretChange);

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

/// The argument of a call that holds its signal; none for a call that sends none.
std::optional<std::size_t> signal_argument(std::string_view call) {
  call = call.substr(0, call.find(' '));
  if (call == "tgkill" || call == "rt_tgsigqueueinfo") return 2;
  if (call == "pidfd_open") return std::nullopt;
  return 1;
}

std::string joined(const std::string& folder, const std::string& path) {
  return folder.empty() || path.starts_with('/') ? path
                                                 : folder + (folder == "/" ? "" : "/") + path;
}

void add_person(TraceEvent& event, std::string_view key, std::string_view value) {
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

void add_syscall(GrowingEvent& growing, std::string_view fields) {
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
      add_person(event, key, value);
    }
  });
  event.syscall = syscall_name(arch, number);
  const std::string_view call = event.syscall;
  if (const auto folder = folder_argument(call))
    growing.relative_to_folder = static_cast<std::uint32_t>(arguments[*folder]) == kWorkingFolder;
  if (event.target == 0) {
    if (call.starts_with("ptrace")) event.target = static_cast<std::int32_t>(arguments[1]);
    const bool names_target = growing.kind == TraceKind::Kill && !call.starts_with("pidfd");
    if (call.starts_with("process_vm") || names_target)
      event.target = static_cast<std::int32_t>(arguments[0]);
  }
  if (growing.kind == TraceKind::Kill) {
    // Signal 0 only asks whether the process is there (kill(2)).
    const auto signal = signal_argument(call);
    if (!signal || arguments[*signal] == 0) growing.kind.reset();
  }
  if (growing.kind == TraceKind::Exit) event.result = static_cast<std::int32_t>(arguments[0]);
}

void add_arguments(GrowingEvent& growing, std::string_view fields) {
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

void add_path(GrowingEvent& growing, std::string_view fields) {
  std::string name;
  bool parent = false;
  each_field(fields, [&](std::string_view key, std::string_view value) {
    if (key == "name") name = text_of(value);
    if (key == "nametype") parent = value == "PARENT";
  });
  if (!name.empty() && !parent && growing.event.paths.size() < kMostPaths)
    growing.event.paths.push_back(std::move(name));
}

void add_address(GrowingEvent& growing, std::string_view fields) {
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

/// The kernel's own removal of a watch whose file is gone, or its renewal for a file that replaced
/// it. Whoever asks the kernel to change a rule names no path.
bool is_upkeep_of_watch(std::string_view fields) {
  bool by_kernel = false;
  bool names_path = false;
  each_field(fields, [&](std::string_view key, std::string_view value) {
    // Some kernels write "ses=3op=remove_rule".
    if (const std::size_t op = value.find("op="); key == "ses" && op != std::string_view::npos) {
      key = "op";
      value.remove_prefix(op + 3);
    }
    if (key == "op") by_kernel = value == "remove_rule" || value == "updated_rules";
    if (key == "path" || key == "dir") names_path = true;
  });
  return by_kernel && names_path;
}

void add_words_of_kernel(GrowingEvent& growing, TraceKind kind, std::string_view fields) {
  growing.kind = kind;
  growing.event.detail = shorten(trim(fields), 300);
  each_field(fields, [&](std::string_view key, std::string_view value) {
    add_person(growing.event, key, value);
    if (key == "res") growing.event.success = value == "1" || value == "yes";
  });
}

}  // namespace

void add_record(GrowingEvent& growing, std::uint32_t type, std::string_view fields) {
  switch (type) {
    case AUDIT_SYSCALL:
      return add_syscall(growing, fields);
    case AUDIT_EXECVE:
      return add_arguments(growing, fields);
    case AUDIT_CWD:
      return each_field(fields, [&](std::string_view key, std::string_view value) {
        if (key == "cwd") growing.event.folder = text_of(value);
      });
    case AUDIT_PATH:
      return add_path(growing, fields);
    case AUDIT_SOCKADDR:
      return add_address(growing, fields);
    case AUDIT_OBJ_PID:
      return each_field(fields, [&](std::string_view key, std::string_view value) {
        if (key == "opid") read_number(value, growing.event.target);
      });
    case AUDIT_CONFIG_CHANGE:
      if (is_upkeep_of_watch(fields)) return;
      return add_words_of_kernel(growing, TraceKind::AuditConfig, fields);
    case AUDIT_ANOM_ABEND:
      add_words_of_kernel(growing, TraceKind::Crash, fields);
      growing.event.effective_uid = growing.event.uid;  // the record has the user alone
      return;
    case AUDIT_TIME_INJOFFSET:
      growing.event.detail = shorten(trim(fields), 200);
      return;
    case AUDIT_KERN_MODULE:
      return each_field(fields, [&](std::string_view key, std::string_view value) {
        if (key == "name") growing.event.detail = text_of(value);
      });
    default:
      return;
  }
}

void complete(GrowingEvent& growing) {
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

}  // namespace skillaudit
