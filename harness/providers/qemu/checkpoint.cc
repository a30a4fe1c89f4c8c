#include "harness/providers/qemu/checkpoint.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using std::chrono::minutes;

/// QEMU answers nothing while it writes or reads the memory, on a slow disk for long.
constexpr minutes kLimit{5};
constexpr const char* kJob = "checkpoint";

std::string overlay_node(Qmp& qmp) {
  for (const json& block : qmp.execute("query-block"))
    if (block.value("device", "") == "disk")
      return block.at("inserted").at("node-name").get<std::string>();
  fail(ErrorKind::Internal, "QEMU has no drive named disk");
}

/// Runs a snapshot job to its end. The job starts when QEMU gets round to it, so its state is asked
/// for until it has concluded.
void run_job(RunningQemu& machine, const std::string& command, const std::string& what,
             const std::string& tag) {
  Qmp& qmp = machine.qmp();
  try {
    const std::string node = overlay_node(qmp);
    qmp.execute(
        command,
        {{"job-id", kJob}, {"tag", tag}, {"vmstate", node}, {"devices", json::array({node})}},
        kLimit);
    for (;;) {
      const json jobs = qmp.execute("query-jobs", json::object(), kLimit);
      const auto job = std::find_if(jobs.begin(), jobs.end(),
                                    [](const json& each) { return each.value("id", "") == kJob; });
      if (job == jobs.end()) fail(ErrorKind::Evidence, "QEMU lost the job");
      if (job->value("status", "") == "concluded") {
        const std::string error = job->value("error", "");
        qmp.execute("job-dismiss", {{"id", kJob}});
        if (error.empty()) return;
        fail(ErrorKind::Evidence, "{}", printable(error));
      }
      interruptible_sleep(std::chrono::milliseconds(10));
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    fail(ErrorKind::Environment, "cannot {} the VM's state '{}' ({}): {}", what, tag,
         machine.spec().disk.string(), error.what());
  }
}

}  // namespace

void save_checkpoint(RunningQemu& machine, const std::string& tag) {
  // A clone's memory is private and must be saved; the capability is on since its own restore, and
  // would be asked for again by whoever loads this.
  machine.qmp().execute(
      "migrate-set-capabilities",
      {{"capabilities", json::array({{{"capability", "x-ignore-shared"}, {"state", false}}})}});
  run_job(machine, "snapshot-save", "save", tag);
}

void load_checkpoint(RunningQemu& machine, const std::string& tag) {
  run_job(machine, "snapshot-load", "load", tag);
}

void remove_checkpoint(const std::filesystem::path& overlay, const std::string& tag) {
  check_output({"qemu-img", "snapshot", "-d", tag, overlay.string()});
}

}  // namespace skillaudit
