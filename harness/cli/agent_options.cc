#include "harness/cli/agent_options.h"

#include <algorithm>

#include "harness/agents/agent.h"
#include "harness/audit/model_end.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/recording.h"
#include "harness/model/script.h"

namespace skillaudit {
namespace {

std::string agent_names() {
  std::vector<std::string> names;
  for (const Agent& agent : known_agents()) names.push_back(agent.name);
  return join(names, ", ");
}

ModelSource source_of(const AgentOptions& options, const Agent& agent) {
  if (!options.script.empty()) return ModelSource::Script;
  if (!options.replay.empty()) return ModelSource::Replay;
  if (options.model == "live") return ModelSource::Live;
  if (options.model == "obedient") return ModelSource::Obedient;
  return has_model_key(agent) ? ModelSource::Live : ModelSource::Obedient;
}

}  // namespace

void add_agent_options(CLI::App& command, AgentOptions& options) {
  command.add_option("--agent", options.agent,
                     "Let an agent drive the skill, as a user's would: " + agent_names());
  command
      .add_option("--prompt", options.prompts,
                  "What the agent is told (repeatable; default: the prompts of audit.yaml, else "
                  "one made of the skill's description)")
      ->allow_extra_args(false);
  command
      .add_option(
          "--model", options.model,
          "Who plays the agent's model: `obedient` follows the skill to the letter, without "
          "network or key; `live` is the real one, with the key of this host's environment "
          "(default: live where there is a key, else obedient)")
      ->check(CLI::IsMember({"obedient", "live"}));
  command.add_option("--model-script", options.script,
                     "A file that says what the model answers (docs/model-script.md)");
  command.add_option("--record", options.record,
                     "Write the model's side to this file, without keys and decoys");
  command.add_option("--replay", options.replay,
                     "Play a recording back as the model: needs no key, and differs in nothing");
}

AgentSpec agent_spec(const AgentOptions& options) {
  const int models = static_cast<int>(!options.model.empty()) +
                     static_cast<int>(!options.script.empty()) +
                     static_cast<int>(!options.replay.empty());
  if (options.agent.empty()) {
    if (models > 0 || !options.record.empty() || !options.prompts.empty())
      fail(ErrorKind::Usage,
           "--prompt, --model, --model-script, --record and --replay are for an agent: add --agent "
           "NAME ({})",
           agent_names());
    return {};
  }
  const Agent& agent = find_agent(options.agent);
  if (models > 1)
    fail(ErrorKind::Usage,
         "--model, --model-script and --replay each say who plays the model: "
         "give one of them");
  const ModelSource source = source_of(options, agent);
  // What is wrong with the file is said before a VM is made ready for it.
  if (source == ModelSource::Script) (void)load_model_script(options.script);
  if (source == ModelSource::Replay) (void)load_recording(options.replay);
  if (source == ModelSource::Live && !has_model_key(agent))
    fail(ErrorKind::Usage,
         "--model live needs a key: set {} in the environment, or use --model obedient",
         agent.model.key_variable);
  return {.agent = &agent,
          .prompts = options.prompts,
          .model = source,
          .model_file = options.script.empty() ? options.replay : options.script,
          .record = options.record};
}

}  // namespace skillaudit
