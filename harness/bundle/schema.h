#pragma once

namespace skillaudit {

/// Schema version of audit.json, which stands for that of all evidence files.
inline constexpr int kBundleSchema = 4;

}  // namespace skillaudit
