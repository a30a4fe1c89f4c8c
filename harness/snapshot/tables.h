#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// A parser for each table of the capture, pure. The struct of its rows is in
/// harness/evidence/snapshot.h; harness/witness writes the tables.

template <typename Row>
struct Parsed {
  std::vector<Row> rows;
  /// One entry when rows were malformed; they are left out.
  std::vector<Gap> gaps;
};

/// Counts malformed rows of one table and says so in one gap.
class MalformedRows {
 public:
  explicit MalformedRows(Table table) : table_(table) {}
  void add(std::string_view row);
  [[nodiscard]] std::vector<Gap> gaps() const;

 private:
  Table table_;
  std::size_t count_ = 0;
  std::string first_;
};

[[nodiscard]] Parsed<FileEntry> parse_files(std::string_view raw);

[[nodiscard]] Parsed<Package> parse_dpkg(std::string_view raw);
[[nodiscard]] Parsed<Package> parse_pip(std::string_view raw);
[[nodiscard]] Parsed<Package> parse_npm(std::string_view raw);

/// Without usernames: parse_snapshot() puts them in. What the capture itself started is left out.
[[nodiscard]] Parsed<ProcessEntry> parse_processes(std::string_view raw);

/// TCP and UDP in every state, and listening Unix sockets.
[[nodiscard]] Parsed<SocketEntry> parse_sockets(std::string_view raw);

/// Of the system's and each running user manager, without unit_file_state; scopes are "system" and
/// "user:UID".
[[nodiscard]] Parsed<Unit> parse_units(std::string_view raw);
/// Unit files, whether a manager has read them or not; scopes are "system", "user:NAME" (in that
/// user's home) and "user:*" (for every user).
[[nodiscard]] Parsed<Unit> parse_unit_files(std::string_view raw);

[[nodiscard]] Parsed<CronEntry> parse_cron(std::string_view raw);

[[nodiscard]] Parsed<User> parse_users(std::string_view raw);
[[nodiscard]] Parsed<Group> parse_groups(std::string_view raw);

[[nodiscard]] Parsed<std::string> parse_kernel_modules(std::string_view raw);
[[nodiscard]] Parsed<Mount> parse_mounts(std::string_view raw);
/// Sorted by kind, then by name.
[[nodiscard]] Parsed<KernelSetting> parse_kernel_settings(std::string_view raw);

/// Sorted by path, then by name; of two rows of one path and name the first stays.
[[nodiscard]] Parsed<FileAttribute> parse_attributes(std::string_view raw);

[[nodiscard]] Parsed<ConfigText> parse_config(std::string_view raw);

}  // namespace skillaudit
