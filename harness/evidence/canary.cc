#include "harness/evidence/canary.h"

namespace skillaudit {

bool is_personal_document(std::string_view name) { return !name.starts_with("projects/"); }

}  // namespace skillaudit
