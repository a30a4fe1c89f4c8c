#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/consent/statement.h"

namespace skillaudit {

/// The statements of `declares:` in audit.yaml, the author's word. By verb: `reads`, `creates`,
/// `modifies`, `overwrites`, `deletes`, `runs`, `keeps`, `sends`, `receives`, `installs`,
/// `elevates`; and by kind: `packages`, `paths` (mentioned), `hosts`, `services`, `cron`. A list
/// without keys mentions its entries. `flat`: the entries as skill/audit_manifest.h reads them, for
/// a text that is no YAML. At most 10,000 entries.
[[nodiscard]] std::vector<Statement> declared_statements(std::string_view audit_yaml,
                                                         const std::vector<std::string>& flat);

}  // namespace skillaudit
