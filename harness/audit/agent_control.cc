#include "harness/audit/agent_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/audit/environment.h"
#include "harness/audit/model_end.h"
#include "harness/audit/sandbox.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/lock.h"
#include "harness/base/text.h"
#include "harness/bundle/agent_gaps.h"
#include "harness/bundle/read.h"
#include "harness/bundle/write.h"
#include "harness/changes/agent_effects.h"
#include "harness/evidence/json.h"
#include "harness/observe/observe.h"
#include "harness/runner/agent_plan.h"
#include "harness/sensors/user_project.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// Raised when what is observed of a control changes.
constexpr int kControlVersion = 7;
constexpr double kTimeout = 300;
constexpr const char* kPrompt = "Run the command `true`, and then say that you are ready.";

std::optional<AgentControl> read_control(const fs::path& file) {
  try {
    const ordered_json json = parse_ordered_json(read_file(file, 16U << 20));
    if (json.at("version") != kControlVersion) return std::nullopt;
    return agent_control_from_json(json.at("control"));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

AgentControl observe_control(MachineProvider& provider, const std::string& os, const Agent& agent,
                             Progress& progress) {
  const Workspace workspace(cache_dir());
  const fs::path bundle = workspace.path() / "control";
  fs::create_directory(bundle);
  const AgentSpec spec{.agent = &agent, .model = ModelSource::Obedient};
  const ModelEnd model(spec, "", "");
  Policy policy;
  policy.models.push_back(model.host());
  Evidence evidence;
  RawEvidence raw{.before = parse_frames({}), .after = parse_frames({}), .details = {}};
  Sandbox sandbox = Sandbox::open(provider,
                                  {.os = os,
                                   .memory_mib = guest_memory(&agent),
                                   .policy = policy,
                                   .agent = &agent,
                                   .agent_key = model.decoy(),
                                   .evidence_dir = bundle},
                                  progress);
  evidence.environment = describe(sandbox, "none", "");
  evidence.control = sandbox.base().control;
  evidence.decoys = sandbox.home().decoys;
  evidence.canaries = sandbox.home().canaries;
  evidence.agent = describe(spec, {kPrompt});
  observe({.plan = make_agent_plan(agent, {kPrompt}),
           .timeout_s = kTimeout,
           .working_directory = project_folder(provider.account()),
           .check_boot = false},
          sandbox.subject(), bundle, evidence, raw, progress);
  sandbox.close();
  write_evidence(evidence, raw, bundle);
  const Evidence seen = load_evidence(bundle, std::move(raw.parsed));
  const Transcript& transcript = seen.agent.transcript;
  const bool worked = !transcript.actions.empty() && transcript.actions.front().answered;
  if (!worked || !model.problem().empty()) {
    const std::vector<Gap> gaps = agent_gaps(seen);
    fail(ErrorKind::Environment, "{} {} does not work in a {} guest, even without a skill: {}{}",
         agent.title, agent.version(), os,
         gaps.empty() ? "it made no tool call" : gaps.front().text,
         model.problem().empty() ? "" : "; " + model.problem());
  }
  AgentControl control = control_of(seen, compare(seen));
  control.files.insert(control.files.end(), agent.own_files.begin(), agent.own_files.end());
  std::sort(control.files.begin(), control.files.end());
  return control;
}

}  // namespace

std::string project_folder(const GuestAccount& account) {
  return account.home + "/" + std::string(kUserProject);
}

AgentControl agent_control(MachineProvider& provider, const std::string& os, const Agent& agent,
                           Progress& progress) {
  const fs::path file = prepare_base(provider, os, &agent, progress).folder / "agent-control.json";
  if (const auto known = read_control(file)) return *known;
  const FileLock looking = FileLock::acquire(file.string() + ".lock", false, [&] {
    progress.detail("waiting for another audit that is running the agent without a skill");
  });
  if (const auto known = read_control(file)) return *known;
  progress.detail(fmt::format("running {} once without a skill, as the control", agent.title));
  const AgentControl control = observe_control(provider, os, agent, progress);
  write_file(
      file,
      json_text(ordered_json{{"version", kControlVersion}, {"control", to_json(control)}}, 1));
  return control;
}

}  // namespace skillaudit
