#include "harness/audit/model_end.h"

#include <fmt/core.h>

#include <cstdlib>

#include "harness/audit/user_files.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/obedient.h"
#include "harness/model/recording.h"
#include "harness/model/script.h"

namespace skillaudit {
namespace {

std::string key_of_host(const Agent& agent) {
  const char* key = std::getenv(agent.model.key_variable.c_str());
  return key ? std::string(trim(key)) : std::string();
}

/// Long enough for what an agent does in the background after its start, under emulation too.
constexpr const char* kControlCommand = "sleep 10";

/// Refuses what cannot be played back to this agent: its requests would differ from the first on.
std::unique_ptr<ReplayModel> open_replay(const AgentSpec& spec, const std::string& skill_name) {
  Recording recording = load_recording(spec.model_file);
  const std::string file = printable(spec.model_file.string());
  const Agent& agent = *spec.agent;
  if (recording.agent != agent.name || recording.agent_version != agent.version())
    fail(ErrorKind::Usage,
         "{} is a recording of {} {}, but this audit runs {} {}: record it again with --record",
         file, printable(recording.agent), printable(recording.agent_version), agent.name,
         agent.version());
  if (recording.skill != skill_name)
    fail(ErrorKind::Usage, "{} is a recording of the skill {}, but this is {}: record it again",
         file, printable(recording.skill), printable(skill_name));
  return std::make_unique<ReplayModel>(std::move(recording));
}

}  // namespace

bool has_model_key(const Agent& agent) { return !key_of_host(agent).empty(); }

ModelEnd::ModelEnd(const AgentSpec& spec, const std::string& skill_name,
                   const std::string& skill_dir) {
  const Agent& agent = *spec.agent;
  host_ = {.host = agent.model.host,
           .paths = agent.model.paths,
           .header = agent.model.header,
           .prefix = agent.model.prefix,
           .decoy = draw_model_key(agent),
           .endpoint = ""};
  switch (spec.model) {
    case ModelSource::Live: {
      const std::string key = key_of_host(agent);
      if (key.empty())
        fail(ErrorKind::Usage,
             "a live model needs a key: set {} on this host, or use --model obedient",
             agent.model.key_variable);
      keys_.emplace(host_.host, key);
      return;
    }
    case ModelSource::Obedient:
      model_ = std::make_unique<ObedientModel>(ObedientSpec{
          .skill_name = skill_name, .skill_dir = skill_dir, .without_skill = kControlCommand});
      break;
    case ModelSource::Endpoint:
      model_ = std::make_unique<EndpointModel>(spec.endpoint);
      break;
    case ModelSource::Script:
      model_ = std::make_unique<ScriptedModel>(load_model_script(spec.model_file));
      break;
    case ModelSource::Replay:
      replay_ = open_replay(spec, skill_name).release();
      model_.reset(replay_);
      break;
  }
  server_ = std::make_unique<ModelServer>(*model_);
  host_.endpoint = fmt::format("127.0.0.1:{}", server_->port());
}

ModelEnd::~ModelEnd() = default;

void ModelEnd::know(const Evidence& evidence) {
  if (replay_) replay_->know(redactions(evidence));
}

std::string ModelEnd::problem() const {
  if (!server_) return {};
  if (std::string problem = server_->problem(); !problem.empty()) return problem;
  const std::size_t unused = replay_ ? replay_->unused() : 0;
  if (unused == 0) return {};
  return fmt::format("The agent ended before the recording did: {} not asked for.",
                     count_of(unused, "recorded answer was", "recorded answers were"));
}

AgentRun describe(const AgentSpec& spec, std::vector<std::string> prompts) {
  const Agent& agent = *spec.agent;
  return {.name = agent.name,
          .title = agent.title,
          .version = agent.version(),
          .model = std::string(name_of(spec.model)),
          .host = agent.model.host,
          .programs = kAgentFolder,
          .key_decoy = std::string(kModelKey),
          .prompts = std::move(prompts)};
}

Redactions redactions(const Evidence& evidence) {
  Redactions secrets;
  for (const std::vector<Decoy>* each : {&evidence.decoys, &evidence.canaries})
    for (const Decoy& decoy : *each)
      secrets.emplace_back(decoy.nonce, fmt::format("{{{{decoy:{}}}}}", decoy.name));
  return secrets;
}

}  // namespace skillaudit
