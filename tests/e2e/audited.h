#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/process.h"

namespace skillaudit {

/// What a whole `skillaudit run` came to, as its user sees it.
struct Audited {
  CommandResult program;
  std::filesystem::path bundle;
  nlohmann::json report;  ///< report.json
  std::string markdown;   ///< report.md
};

/// Reads the bundle that `program` wrote. Throws, with what the program said, when it wrote none.
[[nodiscard]] Audited read_audit(CommandResult program, const std::filesystem::path& bundle);

/// The first column of the table that several audits in one call end with: the rows after its head.
[[nodiscard]] std::vector<std::string> rows_of_table(const std::string& printed);

/// All that one finding of report.json says: title, recommendation, and its evidence.
[[nodiscard]] std::string text_of_finding(const nlohmann::json& finding);

/// What its gaps say, one by one.
[[nodiscard]] std::vector<std::string> gap_texts(const nlohmann::json& report);

/// The report without what differs from run to run by its nature: times, what the machine used, and
/// the serial numbers of the kernel's records that effects cite.
[[nodiscard]] nlohmann::json without_times(nlohmann::json report);

}  // namespace skillaudit
