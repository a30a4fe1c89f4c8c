#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/model.h"

namespace skillaudit {

/// One request to a model's host and what came back.
struct Exchange {
  ModelRequest request;
  ModelReply reply;
};

/// What is kept of an exchange: what the user and the tools said since the model's last answer, and
/// the new answer. The agent's own prompts (role System, "<system-reminder>" and the like) are left
/// out: they are long, and tell of the agent's version and of the machine. So are ids.
struct RecordedExchange {
  ModelApi api = ModelApi::AnthropicMessages;
  std::string model;
  std::vector<ChatMessage> messages;  ///< new ones
  std::vector<std::string> tools;     ///< names; none: housekeeping
  ModelReply reply;
};

struct Recording {
  int version = 1;
  std::string agent;          ///< "claude"
  std::string agent_version;  ///< "2.1.197"
  std::string skill;          ///< its name; empty: none
  std::vector<RecordedExchange> exchanges;
};

/// A value that differs from run to run, and its replacement in a recording:
/// {"AKIA…", "{{decoy:aws-access-key}}"}. Longer values are replaced before shorter ones.
using Redactions = std::vector<std::pair<std::string, std::string>>;

/// The exchanges in order of their requests; those that counted tokens are left out.
[[nodiscard]] Recording record(const std::vector<Exchange>& exchanges, const std::string& agent,
                               const std::string& agent_version, const std::string& skill);

/// As JSON, without the secrets. Throws Error{Environment} when the file cannot be written.
void write_recording(const std::filesystem::path& path, const Recording& recording,
                     const Redactions& secrets);

/// With the placeholders in place of secrets, as written. Throws Error{Usage} that says what is
/// wrong with the file.
[[nodiscard]] Recording load_recording(const std::filesystem::path& path);

/// Answers as the recorded model did. A request gets the reply of the first unused exchange that
/// says the same; `secrets` are those of this run. Housekeeping that was not recorded is answered
/// by housekeeping_reply().
class ReplayModel : public Model {
 public:
  explicit ReplayModel(Recording recording, Redactions secrets = {});
  /// The secrets of this run, where they are drawn later than the model is made.
  void know(Redactions secrets) { secrets_ = std::move(secrets); }
  /// Throws Error{Evidence} "the replay diverged at exchange N: …" with both sides.
  [[nodiscard]] ModelReply answer(const ModelRequest& request) override;
  /// How many exchanges, housekeeping aside, no request has asked for.
  [[nodiscard]] std::size_t unused() const;

 private:
  Recording recording_;
  Redactions secrets_;
  std::vector<std::string> keys_;  ///< of each exchange
  std::vector<bool> used_;
};

/// The text with "*" for random words, and single blanks: words with a digit in them
/// (ports, process ids, times, hexadecimal), names of mktemp(1), UUIDs, the names of days and
/// months. Two texts that are equal then say the same.
[[nodiscard]] std::string without_drawn_text(std::string_view text);

}  // namespace skillaudit
