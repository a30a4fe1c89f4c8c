#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "harness/gate/gate.h"
#include "reports/ci_formats.h"

namespace skillaudit {

/// A form in which an audit can be told: what `report --format` takes.
struct Format {
  std::string_view name;        ///< "junit"
  std::string_view media_type;  ///< "application/xml"
  std::string file_name;        ///< what to call it in a folder: "junit.xml"
  bool shows_gate = false;      ///< false: it tells of the audit alone, whatever the gate says
  /// The whole text, which ends in a newline. `gate` is null without a gate.
  std::string (*render)(const Evidence& evidence, const Assessment& assessment,
                        const GateResult* gate, const CiPlace& place) = nullptr;
};

/// All of them.
[[nodiscard]] const std::vector<Format>& formats();

/// Throws Error{Usage} that names the nearest one.
[[nodiscard]] const Format& format_named(std::string_view name);

}  // namespace skillaudit
