#include "harness/cli/agent_options.h"

#include <algorithm>
#include <cstdlib>

#include "harness/agents/agent.h"
#include "harness/audit/model_end.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/recording.h"
#include "harness/model/script.h"

namespace skillaudit {
namespace {

ModelSource source_of(const AgentOptions& options, const Agent& agent) {
  if (!options.script.empty()) return ModelSource::Script;
  if (!options.replay.empty()) return ModelSource::Replay;
  if (options.model == "live") return ModelSource::Live;
  if (options.model == "obedient") return ModelSource::Obedient;
  if (!options.model.empty()) return ModelSource::Endpoint;
  return has_model_key(agent) ? ModelSource::Live : ModelSource::Obedient;
}

/// Of this host's environment; empty: the endpoint needs none. A key that is there for another
/// purpose is not sent in the clear.
std::string endpoint_key(const std::string& url) {
  const bool is_private = url.starts_with("https://") || url.starts_with("http://127.") ||
                          url.starts_with("http://localhost") || url.starts_with("http://[::1]");
  for (const char* name : {"SKILLAUDIT_MODEL_KEY", "OPENAI_API_KEY"})
    if (!is_private && std::string_view(name) == "OPENAI_API_KEY")
      return {};
    else if (const char* key = std::getenv(name); key != nullptr && !trim(key).empty())
      return std::string(trim(key));
  return {};
}

}  // namespace

void add_agent_options(Command& command, AgentOptions& options) {
  command.add_option("--agent", options.agent,
                     "Let a real agent run the skill, as for a user: " + agent_names());
  command
      .add_option("--prompt", options.prompts,
                  "Prompt for the agent (repeatable; default: the prompts of audit.yaml, else one "
                  "generated from the skill's description)")
      .one_value_each();
  command
      .add_option(
          "--model", options.model,
          "The agent's model: `obedient` follows the skill literally, without network or "
          "key; `live` is the real model, with the key from this host's environment; or the "
          "address of an OpenAI-compatible endpoint, which this host asks "
          "(default: live if a key is set, else obedient)")
      .type_name("obedient|live|URL");
  command
      .add_option("--model-name", options.model_name,
                  "The model at that address (default: the only one that it lists)")
      .type_name("NAME");
  command.add_option("--model-script", options.script,
                     "File with the model's answers (docs/model-script.md)");
  command.add_option("--record", options.record,
                     "Record the model's answers to this file, without keys and decoys");
  command.add_option("--replay", options.replay,
                     "Replay a recording as the model: needs no key, gives the same answers");
}

AgentSpec agent_spec(const AgentOptions& options) {
  const int models = static_cast<int>(!options.model.empty()) +
                     static_cast<int>(!options.script.empty()) +
                     static_cast<int>(!options.replay.empty());
  if (options.agent.empty()) {
    if (models > 0 || !options.model_name.empty() || !options.record.empty() ||
        !options.prompts.empty())
      fail(ErrorKind::Usage,
           "--prompt, --model, --model-script, --record and --replay need an agent: add --agent "
           "NAME ({})",
           agent_names());
    return {};
  }
  const Agent& agent = find_agent(options.agent);
  if (models > 1)
    fail(ErrorKind::Usage,
         "--model, --model-script and --replay all choose the model: give only one of them");
  const ModelSource source = source_of(options, agent);
  if (source == ModelSource::Endpoint) check_endpoint_url(options.model);
  if (source != ModelSource::Endpoint && !options.model_name.empty())
    fail(ErrorKind::Usage, "--model-name names a model at an address: give --model URL as well");
  // Report a problem in the file before a VM is prepared.
  if (source == ModelSource::Script) (void)load_model_script(options.script);
  if (source == ModelSource::Replay) (void)load_recording(options.replay);
  if (source == ModelSource::Live && !has_model_key(agent))
    fail(ErrorKind::Usage,
         "--model live needs a key: set {} in the environment, or use --model obedient",
         agent.model.key_variable);
  return {
      .agent = &agent,
      .prompts = options.prompts,
      .model = source,
      .endpoint = source == ModelSource::Endpoint
                      ? EndpointSpec{options.model, options.model_name, endpoint_key(options.model)}
                      : EndpointSpec{},
      .model_file = options.script.empty() ? options.replay : options.script,
      .record = options.record};
}

}  // namespace skillaudit
