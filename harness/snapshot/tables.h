#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// Each unit of the capture: a command (data) and a parser (pure). The struct of its rows is in
/// harness/evidence/snapshot.h. Commands named *_command are bodies of shell functions, those named
/// *_python define a Python function `table_NAME(out)` on the helpers of script.h.

template <typename Row>
struct Parsed {
  std::vector<Row> rows;
  /// One sentence when rows were malformed; they are left out.
  std::vector<std::string> gaps;
};

/// Counts malformed rows of one table and says so in one sentence.
class MalformedRows {
 public:
  explicit MalformedRows(std::string_view table) : table_(table) {}
  void add(std::string_view row);
  [[nodiscard]] std::vector<std::string> gaps() const;

 private:
  std::string_view table_;
  std::size_t count_ = 0;
  std::string first_;
};

/// Everything below `root` but /proc, /sys, /dev, /run, pseudo file systems and shares of the host.
[[nodiscard]] std::string files_command(std::string_view root);
/// As files_command("/"), but without the root's file system.
[[nodiscard]] std::string mounted_files_command();
[[nodiscard]] std::string freeze_command(const std::string& canary);
/// Does nothing where nothing is frozen.
[[nodiscard]] std::string thaw_command();
[[nodiscard]] std::string guest_view_command();
[[nodiscard]] Parsed<FileEntry> parse_files(std::string_view raw);

[[nodiscard]] std::string_view dpkg_command();
[[nodiscard]] Parsed<Package> parse_dpkg(std::string_view raw);
[[nodiscard]] std::string_view pip_python();
[[nodiscard]] Parsed<Package> parse_pip(std::string_view raw);
[[nodiscard]] std::string_view npm_python();
[[nodiscard]] Parsed<Package> parse_npm(std::string_view raw);

/// Without usernames: parse_snapshot() puts them in. What the capture itself started is left out.
[[nodiscard]] std::string_view processes_python();
[[nodiscard]] Parsed<ProcessEntry> parse_processes(std::string_view raw);

/// TCP and UDP in every state, and listening Unix sockets.
[[nodiscard]] std::string_view sockets_python();
[[nodiscard]] Parsed<SocketEntry> parse_sockets(std::string_view raw);

/// Of the system's and each running user manager, without unit_file_state; scopes are "system" and
/// "user:UID".
[[nodiscard]] std::string_view units_command();
[[nodiscard]] Parsed<Unit> parse_units(std::string_view raw);
/// Unit files, whether a manager has read them or not; scopes are "system", "user:NAME" (in that
/// user's home) and "user:*" (for every user).
[[nodiscard]] std::string_view unit_files_python();
[[nodiscard]] Parsed<Unit> parse_unit_files(std::string_view raw);

[[nodiscard]] std::string_view cron_python();
[[nodiscard]] Parsed<CronEntry> parse_cron(std::string_view raw);

[[nodiscard]] std::string_view users_command();
[[nodiscard]] Parsed<User> parse_users(std::string_view raw);
[[nodiscard]] std::string_view groups_command();
[[nodiscard]] Parsed<Group> parse_groups(std::string_view raw);

[[nodiscard]] std::string_view kernel_modules_command();
[[nodiscard]] Parsed<std::string> parse_kernel_modules(std::string_view raw);
[[nodiscard]] std::string_view mounts_command();
[[nodiscard]] Parsed<Mount> parse_mounts(std::string_view raw);

[[nodiscard]] std::string_view config_python();
[[nodiscard]] Parsed<ConfigText> parse_config(std::string_view raw);

}  // namespace skillaudit
