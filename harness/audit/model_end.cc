#include "harness/audit/model_end.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/audit/user_files.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/obedient.h"

namespace skillaudit {
namespace {

std::string key_of_host(const Agent& agent) {
  const char* key = std::getenv(agent.model.key_variable.c_str());
  return key ? std::string(trim(key)) : std::string();
}

}  // namespace

std::string_view name_of(ModelSource source) {
  switch (source) {
    case ModelSource::Obedient:
      return "obedient";
    case ModelSource::Script:
      return "script";
    case ModelSource::Replay:
      return "replay";
    case ModelSource::Live:
      return "live";
  }
  return {};
}

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
      model_ = std::make_unique<ObedientModel>(ObedientSpec{skill_name, skill_dir});
      break;
    case ModelSource::Script:
      // S
      break;
    case ModelSource::Replay:
      // R
      break;
  }
  server_ = std::make_unique<ModelServer>(*model_);
  host_.endpoint = fmt::format("127.0.0.1:{}", server_->port());
}

ModelEnd::~ModelEnd() = default;

void ModelEnd::know(const std::vector<Decoy>&) {}

std::string ModelEnd::problem() const { return server_ ? server_->problem() : std::string(); }

}  // namespace skillaudit
