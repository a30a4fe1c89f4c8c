#include "harness/evidence/verb.h"

namespace skillaudit {

std::string_view name_of(Verb verb) {
  static constexpr std::array<std::string_view, kVerbs.size()> kNames = {
      "read", "create", "modify",  "overwrite", "delete",  "run",
      "stay", "send",   "receive", "install",   "elevate", "tamper"};
  return kNames[static_cast<std::size_t>(verb)];
}

}  // namespace skillaudit
