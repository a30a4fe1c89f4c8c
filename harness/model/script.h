#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"

namespace skillaudit {

/// A POSIX extended regular expression, as grep -E has them: its matcher needs no stack that grows
/// with the text, which comes from the guest. Matches within a line, and of at most 1 KiB in lines
/// that are longer than 4 KiB.
class TextPattern {
 public:
  /// Throws Error{Usage} that says what is wrong with the expression.
  explicit TextPattern(const std::string& expression);
  [[nodiscard]] bool found_in(std::string_view text) const;
  [[nodiscard]] const std::string& expression() const { return expression_; }

 private:
  struct Compiled;
  std::string expression_;
  std::shared_ptr<const Compiled> compiled_;
};

/// What a request must be for a step to answer it. All that is set must hold.
struct ScriptCondition {
  std::optional<std::uint64_t> turn;  ///< the model's answers so far, and one
  std::optional<TextPattern> sent;    ///< in the user's texts since the last answer
  std::optional<TextPattern> result;  ///< in the tool results since then
  std::optional<bool> error;          ///< whether one of those results is an error
  std::string tool;                   ///< whose call one of them answers
  std::optional<ModelApi> api;
  bool housekeeping = false;  ///< a request without tools, which no other step answers
};

/// What the model is to do, by the tool that the agent offers for it.
struct ScriptCall {
  enum class Kind { Shell, Read, Skill, Tool };
  Kind kind = Kind::Shell;
  std::string what;      ///< a command, a path, a skill's name, or a tool's
  nlohmann::json input;  ///< of a tool
};

struct ScriptStep {
  int line = 0;  ///< in the file
  ScriptCondition when;
  std::optional<std::uint64_t> times = 1;  ///< how often it answers; none: as often as it matches
  ModelReply reply;                        ///< without its calls
  std::vector<ScriptCall> calls;
};

/// What a model answers, written by hand: docs/model-script.md.
struct ModelScript {
  std::string file;  ///< as shown to the user
  std::vector<ScriptStep> steps;
};

/// Throws Error{Usage} "FILE:LINE:COLUMN: what is wrong".
[[nodiscard]] ModelScript parse_model_script(const std::string& file, std::string_view text);
[[nodiscard]] ModelScript load_model_script(const std::filesystem::path& path);

/// Answers by the first step, in the file's order, that matches and has uses left. Requests without
/// tools are answered by housekeeping_reply() where no step asks for them.
class ScriptedModel : public Model {
 public:
  explicit ScriptedModel(ModelScript script);
  [[nodiscard]] ModelReply answer(const ModelRequest& request) override;

 private:
  ModelScript script_;
  std::vector<std::uint64_t> uses_;  ///< of each step
};

}  // namespace skillaudit
