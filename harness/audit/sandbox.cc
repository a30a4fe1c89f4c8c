#include "harness/audit/sandbox.h"

#include <fmt/core.h>
#include <poll.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/lock.h"
#include "harness/base/text.h"
#include "harness/observe/witness_client.h"
#include "harness/providers/qemu/image_builder.h"
#include "harness/traffic/loopback.h"
#include "harness/traffic/mirrors.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

bool is_known_os(const std::string& name) {
  for (const OsRelease& os : known_os())
    if (os.name == name) return true;
  return false;
}

TemplateSpec template_spec(const fs::path& cache, const Image& image, const Agent* agent, int cpus,
                           int memory_mib, Progress& progress) {
  AgentDisk tools;
  if (agent)
    tools = agent_disk(cache, *agent, [&](const std::string& line) { progress.detail(line); });
  return {.image = image,
          .accelerator = choose_accelerator(),
          .cpus = cpus,
          .memory_mib = memory_mib,
          .ca_certificate = ensure_certificate_authority(cache / "ca"),
          .npm_registry = host_mirrors().npm_registry,
          .agent = agent,
          .agent_disk = tools};
}

/// An agent's own programs and what it builds of them stay in memory.
constexpr int kAgentMemory = 2048;
/// What QEMU takes to end by itself is a tenth of this.
constexpr seconds kEnding{3};

/// What a clone that never ran left: each proxy wants a folder of its own.
void clear_evidence(const fs::path& dir) {
  for (const char* name : {"flows.jsonl", "bodies", "network.pcap", "console.log"})
    fs::remove_all(dir / name);
}

}  // namespace

Image image_for(const fs::path& cache, const std::string& os, Progress& progress, bool rebuild) {
  ImageStore store(cache);
  if (!is_known_os(os)) {
    if (auto image = store.find(os)) return *image;
    [[maybe_unused]] const OsRelease& unknown = find_os(os);  // throws, and names what there is
  }
  const HostMirrors mirrors = host_mirrors();
  const ImageRecipe recipe{find_os(os), mirrors.apt_sources, mirrors.codename,
                           mirrors.npm_registry};
  const auto fresh = [&](const std::optional<Image>& image) {
    return image && image->recipe == recipe_digest(recipe) && !rebuild;
  };
  if (const auto image = store.find(os); fresh(image)) return *image;
  const FileLock lock = FileLock::acquire(store.lock_file(os), false, [&] {
    progress.detail("another process is building this image; waiting for it");
  });
  if (const auto image = store.find(os); fresh(image)) return *image;
  return build_image(store, recipe, [&](const std::string& line) { progress.detail(line); });
}

int guest_memory(const Agent* agent) { return agent ? kAgentMemory : SandboxSpec().memory_mib; }

Template template_for(const fs::path& cache, const Image& image, const Agent* agent,
                      Progress& progress) {
  const int memory_mib = guest_memory(agent);
  const MemoryShare memory = reserve_vm_memory(cache, memory_mib, progress);
  return open_template(cache,
                       template_spec(cache, image, agent, SandboxSpec().cpus, memory_mib, progress),
                       progress);
}

Sandbox Sandbox::open(const SandboxSpec& spec, Progress& progress) {
  const fs::path cache = cache_dir();
  Sandbox sandbox;
  sandbox.memory_ = reserve_vm_memory(cache, spec.memory_mib, progress);
  progress.stage("Preparing the VM image");
  sandbox.image_ = image_for(cache, spec.os, progress);
  const TemplateSpec base =
      template_spec(cache, sandbox.image_, spec.agent, spec.cpus, spec.memory_mib, progress);
  sandbox.policy_ = spec.policy;
  if (spec.cold) {
    sandbox.start_cold(spec, base, progress);
    return sandbox;
  }
  for (int attempt = 1;; ++attempt) {
    progress.stage("Preparing the VM template");
    sandbox.template_ = std::make_unique<Template>(open_template(cache, base, progress));
    try {
      sandbox.start(spec, base, progress);
      return sandbox;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted || attempt == 3) throw;
      const std::string died = sandbox.what_died(Sandbox::kDying);
      const bool the_vm = died.starts_with("QEMU");
      if (died.empty() || (attempt == 2 && !the_vm)) throw;
      sandbox.close();
      sandbox.template_->in_use = {};
      clear_evidence(spec.evidence_dir);
      // Something else may have ended this one clone; a template that fails twice is at fault.
      progress.detail(fmt::format("the clone did not start ({}); {}", error.what(),
                                  attempt == 1 ? "trying again" : "building its template anew"));
      if (attempt == 2) discard_template(cache, sandbox.template_->key);
    }
  }
}

void Sandbox::start(const SandboxSpec& spec, const TemplateSpec& base, Progress& progress) {
  progress.stage("Restoring the VM");
  QemuSpec machine = start_proxy(spec, base);
  create_overlay(template_->disk(), machine.disk);
  machine.memory_mode = MemoryMode::Cloned;
  machine.memory_file = template_->memory();
  machine.seed = template_->seed();
  machine.incoming = true;
  machine_ = std::make_unique<Machine>(Machine::start(machine, work_dir() / "qemu.log"));
  machine_->load(template_->state());
  prepare(spec, progress);
}

QemuSpec Sandbox::start_proxy(const SandboxSpec& spec, const TemplateSpec& base) {
  workspace_ = std::make_unique<Workspace>(cache_dir());
  const LoopbackPlace place = free_loopback_place();
  proxy_ = std::make_unique<Proxy>(Proxy::start({.policy = spec.policy,
                                                 .out_dir = spec.evidence_dir,
                                                 .ca_dir = base.ca_certificate.parent_path(),
                                                 .work_dir = work_dir(),
                                                 .address = place.address,
                                                 .port = place.port,
                                                 .peer = place.address,
                                                 .model_keys = spec.model_keys}));
  return {.accelerator = base.accelerator,
          .cpus = base.cpus,
          .memory_mib = base.memory_mib,
          .kernel = image_.kernel,
          .initrd = image_.initrd,
          .disk = disk(),
          .tools = base.agent_disk.disk,
          .packet_capture = spec.evidence_dir / "network.pcap",
          .console_log = spec.evidence_dir / "console.log",
          .proxy_address = place.address,
          .proxy_port = place.port};
}

void Sandbox::prepare(const SandboxSpec& spec, Progress& progress) {
  progress.stage("Preparing the guest");
  identity_ = draw_identity();
  home_ = furnish_home(kGuestHome);
  if (spec.agent) equip(home_, *spec.agent, spec.agent_key);
  std::vector<ArchiveEntry> files = home_files(home_);
  if (!spec.skill_folder.empty())
    for (ArchiveEntry& entry : skill_files(spec.skill_folder, spec.skill_name, spec.agent))
      files.push_back(std::move(entry));
  Preparer preparer(machine_->port(), {identity_, kGuestUser, std::move(files)});
  preparer.begin();
  guest_ = std::make_unique<SshSession>(
      SshSession::connect({.port = machine_->ssh_port(),
                           .user = kGuestUser,
                           .client_private_key = identity_.client_key.private_key,
                           .host_public_key = identity_.host_key.public_key,
                           .former_host_public_key = template_->host_public_key},
                          seconds(60), [this] { return machine_->running(); }));
  // The witness waits for the proxy's answer too; a proxy that does not start says why.
  proxy_->wait_ready(seconds(30));
  prepared_ = preparer.await();
  // The first command of a session waits for PAM and systemd-logind; the skill's must not.
  session_ = session_process(*guest_);
  preparer.finish();
}

std::string Sandbox::what_died(std::chrono::milliseconds patience) {
  if (machine_ && patience.count() > 0) {
    pollfd ended{machine_->ended_fd(), POLLIN, 0};
    ::poll(&ended, 1, static_cast<int>(patience.count()));
  }
  if (machine_ && !machine_->running()) return "QEMU ended: " + machine_->ending();
  if (proxy_ && !proxy_->running()) return "the proxy ended";
  return {};
}

void Sandbox::expect_alive() {
  if (const std::string died = what_died(kDying); !died.empty())
    fail(ErrorKind::Evidence, "{}", died);
}

SshSession Sandbox::connect() {
  return SshSession::connect({.port = machine_->ssh_port(),
                              .user = kGuestUser,
                              .client_private_key = identity_.client_key.private_key,
                              .host_public_key = identity_.host_key.public_key},
                             seconds(60), [this] { return machine_->running(); });
}

void Sandbox::boot_again(const fs::path& console, const fs::path& capture, seconds limit) {
  guest_.reset();
  QemuSpec again = machine_->spec();
  machine_->quit(kEnding);
  again.memory_mode = MemoryMode::Private;
  again.memory_file.clear();
  again.incoming = false;
  // What cloud-init has to do it did at the first boot. A kernel or an initramfs that gives up
  // resets the machine, and that ends QEMU.
  again.kernel_options = "cloud-init=disabled panic=1";
  again.console_log = console;
  again.packet_capture = capture;
  machine_ = std::make_unique<Machine>(Machine::start(again, work_dir() / "qemu-again.log"));
  guest_ = std::make_unique<SshSession>(
      SshSession::connect({.port = machine_->ssh_port(),
                           .user = kGuestUser,
                           .client_private_key = identity_.client_key.private_key,
                           .host_public_key = identity_.host_key.public_key},
                          limit, [this] { return machine_->running(); }));
  session_ = session_process(*guest_);
}

void Sandbox::close() {
  guest_.reset();
  // The VM first: the proxy then sees every connection end and writes its last flows.
  if (machine_) machine_->quit(kEnding);
  if (proxy_) proxy_->stop();
  machine_.reset();
  proxy_.reset();
}

}  // namespace skillaudit
