#pragma once

namespace skillaudit {

/// Execution::runner of a skill that asks for nothing on the machine and has no program: no step ran,
/// and none could.
inline constexpr const char* kWordsOnly = "words only";

}  // namespace skillaudit
