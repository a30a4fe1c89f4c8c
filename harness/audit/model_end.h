#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/audit/audit.h"
#include "harness/evidence/evidence.h"
#include "harness/model/model.h"
#include "harness/model/recording.h"
#include "harness/traffic/model_host.h"

namespace skillaudit {

/// The model's end of an audit in which an agent drives the skill: a server on this host in the
/// place of the model's host, or that host itself with the key of this host's environment. The
/// guest gets a key that opens nothing in either case. Move-only.
class ModelEnd {
 public:
  /// Throws Error{Usage} for a script or recording that is wrong, and where a live model was asked
  /// for and the environment has no key. `skill_name` is empty in a control run.
  ModelEnd(const AgentSpec& spec, const std::string& skill_name, const std::string& skill_dir);
  ~ModelEnd();

  /// What the proxy shall let pass.
  [[nodiscard]] const ModelHost& host() const noexcept { return host_; }
  [[nodiscard]] const ModelKeys& keys() const noexcept { return keys_; }
  /// The key that the guest is given.
  [[nodiscard]] const std::string& decoy() const noexcept { return host_.decoy; }
  /// Once the decoys of this audit are drawn: a recording holds those of another one.
  void know(const Evidence& evidence);
  /// Why it had no answer, or was not asked for all that it had: one sentence, or empty. Meant for
  /// when the agent has ended.
  [[nodiscard]] std::string problem() const;

 private:
  ModelHost host_;
  ModelKeys keys_;
  std::unique_ptr<Model> model_;
  ReplayModel* replay_ = nullptr;  ///< model_, where it plays a recording back
  std::unique_ptr<ModelServer> server_;
};

/// Who drives the skill, as the evidence has it; its control and its transcript are not known yet.
[[nodiscard]] AgentRun describe(const AgentSpec& spec, std::vector<std::string> prompts);

/// What stands for each decoy and canary in a recording, which is played back to others.
[[nodiscard]] Redactions redactions(const Evidence& evidence);

/// Whether this host's environment has a key for the agent's model.
[[nodiscard]] bool has_model_key(const Agent& agent);

}  // namespace skillaudit
