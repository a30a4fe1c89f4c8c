#include "harness/evidence/table.h"

namespace skillaudit {

std::string_view name_of(Table table) {
  static constexpr std::array<std::string_view, kTables.size()> kNames = {
      "attributes",      "config", "cron",       "files",    "groups", "kernel_modules",
      "kernel_settings", "mounts", "npm",        "packages", "pip",    "processes",
      "sockets",         "units",  "unit_files", "users"};
  return kNames[static_cast<std::size_t>(table)];
}

std::optional<Table> table_from_name(std::string_view name) {
  for (const Table table : kTables)
    if (name == name_of(table)) return table;
  return std::nullopt;
}

std::string_view name_of(Moment moment) {
  static constexpr std::array<std::string_view, 3> kNames = {"before", "after", "boot"};
  return kNames[static_cast<std::size_t>(moment)];
}

}  // namespace skillaudit
