#pragma once

#include <string>

namespace witness {

/// The tables of a capture, each as harness/snapshot parses it. Throws Failure.

[[nodiscard]] std::string config_table();
[[nodiscard]] std::string cron_table();
[[nodiscard]] std::string units_table();
[[nodiscard]] std::string unit_files_table();
[[nodiscard]] std::string dpkg_table();
[[nodiscard]] std::string pip_table();
[[nodiscard]] std::string npm_table();
/// `witness`: this program's first process; `session`: the one that serves the audit's own SSH
/// session, or 0.
[[nodiscard]] std::string processes_table(int witness, int session);
[[nodiscard]] std::string sockets_table();
[[nodiscard]] std::string kernel_settings_table();

}  // namespace witness
