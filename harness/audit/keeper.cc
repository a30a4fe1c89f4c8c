#include "harness/audit/keeper.h"

#include "harness/analysis/verdict.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/providers/qemu/checkpoint.h"
#include "harness/user_vms/kept.h"
#include "harness/user_vms/wake.h"

namespace skillaudit {
namespace {

/// The session's own processes end a moment after it: they are not kept.
constexpr std::chrono::milliseconds kSessionEnd{700};

}  // namespace

Keeper::Keeper(Keep when, Sandbox& sandbox) : when_(when), sandbox_(sandbox) {
  if (when_ == Keep::Never) return;
  const QemuSpec& machine = sandbox.machine().spec();
  require_room_to_keep(cache_dir(), machine.memory_mib);
  record_ = {.os = sandbox.base().os,
             .user = kGuestUser,
             .client_private_key = sandbox.identity().client_key.private_key,
             .host_public_key = sandbox.identity().host_key.public_key,
             .kept = Kept{.checkpoint = kAfter,
                          .qemu_version = qemu_version(),
                          .image = sandbox.image().name,
                          .image_id = sandbox.image().id,
                          .accelerator = machine.accelerator,
                          .cpus = machine.cpus,
                          .memory_mib = machine.memory_mib,
                          .kernel = machine.kernel,
                          .initrd = machine.initrd,
                          .tools = machine.tools}};
}

void Keeper::before_the_skill(Progress& progress) {
  if (when_ == Keep::Never) return;
  progress.stage("Saving the state before");
  try {
    save_checkpoint(sandbox_.machine(), kBefore);
  } catch (const Error& error) {
    // A VM that ended is missing evidence, as at any other moment.
    const std::string died = sandbox_.what_died(Sandbox::kDying);
    if (error.kind() == ErrorKind::Interrupted || died.empty()) throw;
    fail(ErrorKind::Evidence, "{}", died);
  }
  has_before_ = true;
  set_clock(sandbox_.guest());
}

void Keeper::after_the_audit(Progress& progress) {
  if (when_ == Keep::Never) return;
  progress.stage("Suspending the VM");
  try {
    if (!has_before_) fail(ErrorKind::Environment, "the audit ended before the skill ran");
    if (const std::string died = sandbox_.what_died(); !died.empty())
      fail(ErrorKind::Environment, "{}", died);
    sandbox_.hang_up();
    interruptible_sleep(kSessionEnd);
    save_checkpoint(sandbox_.machine(), kAfter);
    sandbox_.machine().quit();
    has_after_ = true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    problem_ = error.what();
  }
}

void Keeper::decide(AuditResult& result) {
  const bool wanted = when_ == Keep::Always ||
                      (when_ == Keep::OnFailure && result.assessment.verdict != Verdict::Approved);
  if (!wanted) return;
  if (!has_after_) {
    result.kept_problem = problem_;
    return;
  }
  record_.name = result.evidence.skill.name;
  record_.created = utc_now();
  record_.kept->skill = result.evidence.skill.name;
  record_.kept->verdict = name_of(result.assessment.verdict);
  if (result.assessment.grade) record_.kept->grade = name_of(*result.assessment.grade);
  const Template& base = sandbox_.base();
  // A sandbox that booted cold has its own folder for a template's: its overlay is its only disk.
  const bool cold = base.key.empty();
  try {
    result.kept = store_kept(cache_dir(), {.record = record_,
                                           .disk = sandbox_.disk(),
                                           .template_disk = cold ? "" : base.disk(),
                                           .seed = base.seed(),
                                           .policy = sandbox_.policy()});
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    result.kept_problem = error.what();
  }
}

}  // namespace skillaudit
