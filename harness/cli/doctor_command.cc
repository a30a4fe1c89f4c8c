#include <fmt/core.h>
#include <unistd.h>

#include "harness/agents/agent_disk.h"
#include "harness/audit/requirements.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/cli/called_as.h"
#include "harness/cli/commands.h"
#include "harness/providers/default_provider.h"
#include "harness/providers/qemu/accelerator.h"
#include "harness/providers/qemu/image.h"
#include "harness/providers/qemu/requirements.h"
#include "harness/traffic/mirrors.h"

namespace skillaudit {
namespace {

/// One line of the diagnosis. doctor fails if a check is MISSING.
struct Check {
  enum class State { Ok, Note, Missing } state;
  std::string subject;
  std::string found;
  std::string fix;
};

Check program(const Requirement& needed) {
  const auto path = find_program(needed.program);
  if (!path.empty()) return {Check::State::Ok, needed.what, path.string(), {}};
  return {Check::State::Missing, needed.what, needed.program + " is not installed",
          "apt-get install " + needed.package};
}

Check virtualisation() {
  if (find_program("qemu-system-x86_64").empty())
    return {Check::State::Note, "virtualisation", "unknown without QEMU", {}};
  if (choose_accelerator() == Accelerator::Kvm)
    return {Check::State::Ok, "virtualisation", "KVM runs a guest", {}};
  const bool device = ::access("/dev/kvm", F_OK) == 0;
  return {
      Check::State::Note, "virtualisation",
      device ? "/dev/kvm exists, but no guest runs with it: emulation (TCG), about ten times slower"
             : "no /dev/kvm: emulation (TCG), about ten times slower",
      "enable VT-x or AMD-V; if this machine is a VM, enable nested virtualisation"};
}

Check memory() {
  const std::uint64_t free = static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES)) *
                             static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t total = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                              static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::string found = fmt::format("{} of {} free", human_bytes(free), human_bytes(total));
  if (total < (2ULL << 30))
    return {Check::State::Missing, "memory", found,
            "a VM needs 1 GiB: use a machine with 2 GiB or more"};
  return {Check::State::Ok, "memory", found, {}};
}

Check disk() {
  const std::uint64_t free = free_bytes(cache_dir());
  const std::string found = fmt::format("{} free in {}", human_bytes(free), cache_dir().string());
  if (free < (6ULL << 30))
    return {Check::State::Missing, "disk", found,
            "an image and its template need 6 GiB: free some space, or set XDG_CACHE_HOME"};
  return {Check::State::Ok, "disk", found, {}};
}

Check mirrors() {
  const HostMirrors found = host_mirrors();
  if (found.apt_urls.empty())
    return {Check::State::Missing, "package mirrors", "no apt source for the distribution",
            "add one to /etc/apt/sources.list.d"};
  return {Check::State::Ok,
          "package mirrors",
          fmt::format("{}{}", count_of(found.apt_urls.size(), "apt mirror"),
                      found.npm_registry.empty() ? ", no npm registry" : " and the npm registry"),
          {}};
}

Check images() {
  std::vector<std::string> names;
  try {
    for (const Image& image : ImageStore(cache_dir()).list()) names.push_back(image.name);
  } catch (const Error& error) {
    return {Check::State::Missing, "VM images", error.what(), "see the message above"};
  }
  if (names.empty())
    return {Check::State::Note, "VM images", "none yet",
            "the first run builds one, or: skillaudit image build"};
  return {Check::State::Ok, "VM images", join(names, ", "), {}};
}

Check agents() {
  std::vector<std::string> names;
  for (const AgentDisk& disk : agent_disks(cache_dir()))
    names.push_back(disk.agent + " " + disk.version);
  if (!names.empty()) return {Check::State::Ok, "agents", join(names, ", "), {}};
  if (find_program("npm").empty())
    return {Check::State::Note, "agents", "none, and npm, which downloads them, is not installed",
            "to run skills with agents: apt-get install npm"};
  return {Check::State::Note, "agents", "none yet",
          "to run skills with an agent: skillaudit image build --agent claude"};
}

int doctor() {
  std::vector<Check> checks = {virtualisation()};
  for (const auto& programs : {audit_programs(default_provider()), image_programs()})
    for (const Requirement& needed : programs) checks.push_back(program(needed));
  for (const auto check : {memory, disk, mirrors, images, agents}) checks.push_back(check());
  bool ready = true;
  for (const Check& check : checks) {
    const char* mark = check.state == Check::State::Ok     ? "ok"
                       : check.state == Check::State::Note ? "note"
                                                           : "MISSING";
    fmt::print("{:<8} {:<18} {}\n", mark, check.subject, check.found);
    if (!check.fix.empty()) fmt::print("{:<27} fix: {}\n", "", as_called(check.fix));
    ready = ready && check.state != Check::State::Missing;
  }
  fmt::print("\n{}\n", ready ? "This machine is ready." : "This machine is not ready yet.");
  return ready ? 0 : static_cast<int>(ErrorKind::Environment);
}

}  // namespace

void add_doctor_command(Command& program) {
  Command command = program.add_command(
      "doctor", "Check this machine; print each problem and the command that fixes it");
  command.set_footer("Example:\n  skillaudit doctor");
  command.set_action([] { return doctor(); });
}

}  // namespace skillaudit
