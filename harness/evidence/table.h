#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace skillaudit {

/// The tables that a snapshot of the guest is captured as (harness/evidence/snapshot.h has the rows
/// of each). Npm, Packages (dpkg) and Pip together are Snapshot::packages; Units and UnitFiles are
/// Snapshot::units.
enum class Table {
  Attributes,
  Config,
  Cron,
  Files,
  Groups,
  KernelModules,
  KernelSettings,
  Mounts,
  Npm,
  Packages,
  Pip,
  Processes,
  Sockets,
  Units,
  UnitFiles,
  Users
};
inline constexpr std::array kTables = {
    Table::Attributes,    Table::Config,         Table::Cron,    Table::Files, Table::Groups,
    Table::KernelModules, Table::KernelSettings, Table::Mounts,  Table::Npm,   Table::Packages,
    Table::Pip,           Table::Processes,      Table::Sockets, Table::Units, Table::UnitFiles,
    Table::Users};

/// "kernel_modules": as the witness names it, and its file in the bundle.
[[nodiscard]] std::string_view name_of(Table);
[[nodiscard]] std::optional<Table> table_from_name(std::string_view name);
/// Whether bundles of this schema may lack the table, since it was added later.
[[nodiscard]] constexpr bool may_be_absent(Table table) {
  return table == Table::Attributes || table == Table::KernelSettings;
}

/// When a snapshot was taken.
enum class Moment {
  Before,  ///< before the skill ran
  After,   ///< after it
  Boot     ///< after the machine booted again
};
inline constexpr std::array kMoments = {Moment::Before, Moment::After, Moment::Boot};
/// "before", "after", "boot".
[[nodiscard]] std::string_view name_of(Moment);

}  // namespace skillaudit
