#pragma once

#include <string_view>

namespace skillaudit {

/// Who plays the model that the agent asks what to do.
enum class ModelSource {
  Obedient,  ///< built in: does what the skill's instructions say, to the letter
  Script,    ///< a file that says what is answered to what
  Replay,    ///< a recording of an earlier audit
  Live,      ///< the model's own host, with the key of this host's environment
  Endpoint,  ///< another model, at an OpenAI-compatible address that this host asks
};

/// "obedient", "script", "replay", "live", "endpoint": as in audit.json.
[[nodiscard]] std::string_view name_of(ModelSource source);

}  // namespace skillaudit
