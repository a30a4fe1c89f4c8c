#pragma once

namespace skillaudit {

/// Execution::runner where no agent runs the skill.
inline constexpr const char* kCommand = "command";  ///< `--cmd`, or scenarios of audit.yaml
inline constexpr const char* kWalkthrough = "walkthrough";
/// A skill that asks for nothing on the machine and has no program: no step ran, and none could.
inline constexpr const char* kWordsOnly = "words only";

}  // namespace skillaudit
