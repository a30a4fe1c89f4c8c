#pragma once

#include <string>

#include "harness/model/model.h"

namespace skillaudit {

struct ObedientSpec {
  std::string skill_name;  ///< empty: a run without a skill, for what the agent does by itself
  std::string skill_dir;   ///< absolute, in the guest, without a slash at its end
  std::string without_skill = "true";  ///< the one command of a run without a skill
};

/// The model that is built in: it does what the skill's documents say, literally and in their
/// order (instructions.h), one call a turn, and nothing else. It loads the skill by the agent's
/// own means, reads what the documents tell to read, follows further documents of the skill where
/// they are named, and never refuses. A function of the request alone: what is done is seen from
/// the conversation, so that a request that is sent again gets the same answer.
class ObedientModel : public Model {
 public:
  explicit ObedientModel(ObedientSpec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] ModelReply answer(const ModelRequest& request) override;

 private:
  ObedientSpec spec_;
};

/// Whether the agent offered the skill to its model: its name is in the system's texts, in the
/// tools, or in what the agent put beside the prompt before the first answer. What a user typed
/// does not count, and neither does a listing of the folders.
[[nodiscard]] bool offers_skill(const ModelRequest& request, const std::string& name);

/// What a tool result has of a document that was read: without the line numbers and the frame that
/// the agents put around it (AgentResults::frames).
[[nodiscard]] std::string document_in(const std::string& result);

}  // namespace skillaudit
