#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/evidence/coverage.h"

namespace skillaudit {

/// As a bundle keeps it. Reading is strict: an unknown shape throws nlohmann::json::exception.
nlohmann::ordered_json to_json(const LineCoverage&);
LineCoverage line_coverage_from_json(const nlohmann::ordered_json&);

}  // namespace skillaudit
