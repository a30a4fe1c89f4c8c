#include "harness/cli/rules_option.h"

#include "harness/rules/team_rules.h"

namespace skillaudit {

void add_rules_option(Command& command, std::string& folder) {
  command
      .add_option("--rules", folder,
                  "Folder with rules of your own, in force beside the shipped ones (YAML, see "
                  "docs/team-rules.md)")
      .not_empty()
      .type_name("DIR");
}

std::shared_ptr<const Rubric> rules_in_force(const std::string& folder) {
  return std::make_shared<const Rubric>(rubric_with(folder));
}

}  // namespace skillaudit
