#include "tests/e2e/agent_account.h"

#include "tests/paths.h"

namespace skillaudit {

namespace fs = std::filesystem;

AgentAccount::AgentAccount(const std::string& agent) : Account(Images::Shared), agent_(agent) {
  check_output({SKILLAUDIT_PROGRAM, "image", "build", "--agent", agent},
               {.timeout = std::chrono::minutes(20)});
  // Whoever runs the tests may have keys of their own: a live model is asked for where it is meant.
  for (const char* key : {"ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"}) set(key, "");
}

CommandResult AgentAccount::run_agent(const fs::path& skill,
                                      const std::vector<std::string>& options,
                                      const fs::path& bundle) const {
  std::vector<std::string> arguments = {"run",  skill.string(), "--agent",
                                        agent_, "--out",        bundle.string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run(arguments);
}

Audited AgentAccount::audit(const fs::path& skill, const std::vector<std::string>& options) const {
  const fs::path bundle = home() / ("bundle-" + std::to_string(next_bundle_++));
  return read_audit(run_agent(skill, options, bundle), bundle);
}

std::vector<std::string> calls_in(const nlohmann::json& report) {
  std::vector<std::string> calls;
  for (const nlohmann::json& call : report.at("agent").at("calls"))
    calls.push_back(call.at("tool").get<std::string>() + " " + call.at("what").get<std::string>());
  return calls;
}

}  // namespace skillaudit
