#pragma once

#include <string>
#include <vector>

#include "harness/runner/plan.h"
#include "harness/skill/plugin_parts.h"

namespace skillaudit {

/// A step for each hook and MCP server of a plugin. A hook gets the JSON that an agent gives it
/// (https://code.claude.com/docs/en/hooks). A server is spoken to over stdio: it is initialized,
/// its tools are listed, and each is called with arguments from its schema
/// (https://modelcontextprotocol.io/specification). `root` is the plugin's folder in the guest,
/// `project` the folder that the user has open. Parts of other kinds, and those that name no
/// program, are left out: see can_be_run().
[[nodiscard]] std::vector<PlannedStep> steps_of_plugin(const std::vector<PluginPart>& parts,
                                                       const std::string& root,
                                                       const std::string& project);
[[nodiscard]] bool can_be_run(const PluginPart& part);

}  // namespace skillaudit
