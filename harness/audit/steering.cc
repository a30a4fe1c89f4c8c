#include "harness/audit/steering.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/observe/line_tracing.h"
#include "harness/observe/run_setup.h"
#include "harness/observe/run_skill.h"
#include "harness/sensors/line_log.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// For all steps together. Tracing slows a loop down by several times.
constexpr double kLongest = 120;
constexpr int kNiceness = 5;
constexpr const char* kTooLong = "some steps took too long under tracing";

/// The first stage of a sandbox is to wait for memory, where there is none.
class WithoutWaiting : public SilentProgress {
 public:
  void stage(const std::string& title) override {
    if (title == "Waiting for memory")
      fail(ErrorKind::Environment, "there is no memory for a second VM");
  }
};

}  // namespace

Steering::Steering(MachineProvider& provider, const SandboxSpec& sandbox, Observation observation,
                   const Skill& skill)
    : provider_(provider),
      sandbox_(sandbox),
      observation_(std::move(observation)),
      skill_(skill),
      skill_dir_(installed_skill(provider.account().home, skill.name)) {
  observation_.timeout_s = std::min(observation_.timeout_s, kLongest);
}

Steering::~Steering() { is_late_ = true; }

void Steering::start() {
  if (result_.valid()) return;
  result_ = std::async(std::launch::async, [this] {
    // Of this thread and its children: the audit's own VM must not be slower for it.
    (void)::setpriority(PRIO_PROCESS, 0, kNiceness);
    return measure();
  });
}

LineCoverage Steering::finish(milliseconds patience) {
  start();
  const auto until = std::chrono::steady_clock::now() + patience;
  while (result_.wait_for(milliseconds(100)) != std::future_status::ready)
    if (std::chrono::steady_clock::now() > until) is_late_ = true;
  check_interrupt();
  return result_.get();
}

LineCoverage Steering::measure() {
  LineCoverage coverage{.problem = ""};
  try {
    run(coverage);
  } catch (const std::exception& error) {
    coverage.measured = false;
    coverage.problem = is_late_ ? "there was no time for it" : printable(error.what());
  }
  return coverage;
}

void Steering::run(LineCoverage& coverage) {
  const Workspace workspace(cache_dir());
  sandbox_.evidence_dir = workspace.path() / "steering";
  sandbox_.dropped = &is_late_;
  fs::create_directory(sandbox_.evidence_dir);
  WithoutWaiting progress;
  Sandbox sandbox = Sandbox::open(provider_, sandbox_, progress);
  const LineTracing tracing(skill_, skill_dir_);
  const Subject audited = sandbox.subject();
  FurnishedHome home = audited.home;
  for (auto& variable : tracing.begin(sandbox.guest())) home.environment.push_back(variable);
  const Subject subject{.machine = audited.machine,
                        .guest = audited.guest,
                        .session = audited.session,
                        .access = audited.access,
                        .base = audited.base,
                        .prepared = audited.prepared,
                        .home = home,
                        .ending = audited.ending};
  run_setup(observation_, subject, progress);
  const Execution execution = run_skill(observation_, subject, skill_, false, progress);
  if (!execution.aborted.empty()) {
    coverage.problem =
        is_late_ ? kTooLong : "the second VM was lost: " + printable(execution.aborted);
    // The session may still wait for the step.
    SshSession fresh = sandbox.connect();
    coverage.list = read_line_log(tracing.end(fresh), skill_, skill_dir_, execution.steps);
  } else {
    const auto& steps = execution.steps;
    if (std::any_of(steps.begin(), steps.end(), [](const Step& each) { return each.timed_out; }))
      coverage.problem = kTooLong;
    coverage.list = read_line_log(tracing.end(sandbox.guest()), skill_, skill_dir_, steps);
  }
  coverage.measured = true;
  sandbox.close();
}

}  // namespace skillaudit
