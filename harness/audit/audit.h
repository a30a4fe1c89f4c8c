#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/agents/agent.h"
#include "harness/audit/further_clones.h"
#include "harness/audit/steering.h"
#include "harness/base/progress.h"
#include "harness/machine/provider.h"
#include "harness/model/endpoint_model.h"
#include "harness/model/model_source.h"
#include "harness/rules/rubric.h"
#include "harness/traffic/policy.h"
#include "reports/report_bundle.h"

namespace skillaudit {

/// When the VM outlives the audit, suspended on disk.
enum class Keep { Never, OnFailure, Always };

/// An agent that drives the skill.
struct AgentSpec {
  const Agent* agent = nullptr;      ///< null: no agent, commands do
  std::vector<std::string> prompts;  ///< `--prompt`; empty: audit.yaml, else one made of the skill
  ModelSource model = ModelSource::Obedient;
  EndpointSpec endpoint = {};        ///< of ModelSource::Endpoint
  std::filesystem::path model_file;  ///< the script, or the recording
  std::filesystem::path record;      ///< where the model's side is written to; empty: nowhere
};

struct AuditSpec {
  std::filesystem::path skill_folder;
  /// Folders around it that belong to what is audited: a plugin, a repository.
  std::vector<std::filesystem::path> plugin_folders = {};
  std::optional<GitSource> source = {};  ///< where the folder was cloned from
  std::filesystem::path bundle;          ///< must not exist yet, or be empty
  std::string os = "debian-12";
  Policy policy;
  std::string network = "mirrors";    ///< what to call the policy in the report
  std::vector<std::string> commands;  ///< `--cmd`; empty: audit.yaml, else the walkthrough
  std::string scenario = {};          ///< the one of audit.yaml that runs; empty: all of them
  AgentSpec agent = {};
  Surroundings given = {};    ///< by options; what they set wins over audit.yaml
  bool trusts_setup = false;  ///< audit.yaml's setup runs ahead of the state before, not judged
  /// The packages of audit.yaml are installed, and what steps find missing; the audit is made again
  /// where that calls for it.
  bool adds_packages = false;
  std::vector<std::string> texts = {};     ///< of files that are kept: "~/notes/a.md"
  std::vector<std::string> left_out = {};  ///< packages of audit.yaml that the skill installs
  double timeout_s = 600;                  ///< for all of the skill's steps together
  Keep keep = Keep::Never;
  bool cold = false;  ///< boot the image, do not clone its template
  /// Not in a cold VM or one that is kept, and not for one scenario.
  WorldsSpec worlds = {.depth = Depth::Quick};
  MeasureLines lines = MeasureLines::Never;  ///< which lines of the skill run
  bool lines_asked = false;  ///< also where they could decide nothing (analysis/harm.h)
  std::shared_ptr<const Rubric> rubric = nullptr;  ///< null: the shipped one
};

/// The whole workflow for one skill: VM, snapshot, run, snapshot, bundle, report. What goes wrong
/// once the guest is up becomes a gap in the evidence, and so INCONCLUSIVE; what the user can fix
/// (a missing program, no disk space, a broken skill) is thrown, as is Ctrl-C. Nothing is left
/// running either way, and no half-written bundle is left behind.
[[nodiscard]] AuditResult run_audit(MachineProvider& provider, const AuditSpec& spec,
                                    Progress& progress);

}  // namespace skillaudit
