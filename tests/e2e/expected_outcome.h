#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/audited.h"
#include "tests/paths.h"

namespace skillaudit {

inline const std::filesystem::path kExamples =
    std::filesystem::path(SKILLAUDIT_SOURCE_DIR) / "skills-examples";

/// A scalar of report.json as it stands in the expectations: "REJECTED", "2", "null".
[[nodiscard]] std::string plain(const nlohmann::json& value);

/// All findings of report.json as text: axis, severity and all that each says.
[[nodiscard]] std::string all_findings(const nlohmann::json& report);

/// Holds an audit of skills-examples/NAME to skills-examples/expected/NAME.yaml, its program's exit
/// code included.
void expect_outcome(const Audited& audited, const std::string& name);

}  // namespace skillaudit
