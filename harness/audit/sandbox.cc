#include "harness/audit/sandbox.h"

#include <fmt/core.h>
#include <poll.h>

#include "harness/agents/agent_disk.h"
#include "harness/audit/audit_first_boot.h"
#include "harness/audit/package_layer.h"
#include "harness/audit/work_documents.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/observe/witness_client.h"
#include "harness/sensors/user_project.h"
#include "harness/traffic/loopback.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

/// An agent's own programs and what it builds of them stay in memory.
constexpr int kAgentMemory = 2048;
/// A machine ends by itself in a tenth of this.
constexpr seconds kEnding{3};

/// What a clone that never ran left: each proxy wants a folder of its own.
void clear_evidence(const fs::path& dir) {
  for (const BundleFile file : {BundleFile::Flows, BundleFile::Network, BundleFile::Console})
    fs::remove_all(path_in(dir, file));
  fs::remove_all(bodies_in(dir));
}

std::vector<std::shared_ptr<const LayerWork>> layers_of(const PackageRounds& rounds) {
  std::vector<std::shared_ptr<const LayerWork>> layers;
  for (const std::vector<std::string>& packages : rounds)
    if (!packages.empty()) layers.push_back(std::make_shared<PackageLayer>(packages));
  return layers;
}

}  // namespace

int guest_memory(const Agent* agent) { return agent ? kAgentMemory : SandboxSpec().memory_mib; }

MachineSpec machine_spec(const std::string& os, const Agent* agent) {
  MachineSpec spec{.os = os,
                   .memory_mib = guest_memory(agent),
                   .ca_certificate = ensure_certificate_authority(cache_dir() / "ca")};
  if (agent)
    spec.tools = [agent](Progress& progress) {
      const AgentDisk disk =
          agent_disk(cache_dir(), *agent, [&](const std::string& line) { progress.detail(line); });
      return ToolsDisk{disk.disk, disk.id};
    };
  return spec;
}

MachineBase prepare_base(MachineProvider& provider, const std::string& os, const Agent* agent,
                         Progress& progress, const PackageRounds& packages) {
  DetailsOnly details(progress);
  const AuditFirstBoot work(agent);
  MachineSpec machine = machine_spec(os, agent);
  machine.layers = layers_of(packages);
  const auto pool = provider.open(machine, work, details);
  pool->prepare(details);
  return pool->base();
}

Sandbox Sandbox::open(MachineProvider& provider, const SandboxSpec& spec, Progress& progress) {
  MachineSpec machine = machine_spec(spec.os, spec.agent);
  machine.cpus = spec.cpus;
  machine.memory_mib = spec.memory_mib;
  machine.cold = spec.cold;
  machine.layers = layers_of(spec.packages);
  machine.share = spec.share;
  Sandbox sandbox;
  sandbox.policy_ = spec.policy;
  sandbox.dropped_ = spec.dropped;
  sandbox.work_ = std::make_unique<AuditFirstBoot>(spec.agent);
  sandbox.pool_ = provider.open(machine, *sandbox.work_, progress);
  for (int attempt = 1;; ++attempt) {
    sandbox.pool_->prepare(progress);
    try {
      sandbox.start(provider, spec, progress);
      return sandbox;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted || spec.cold || attempt == 3) throw;
      if (dynamic_cast<const BootError*>(&error) == nullptr) {
        const std::optional<Ending> ended = sandbox.ending(kDying);
        if (!ended || (attempt == 2 && ended->by == Ending::By::Proxy)) throw;
      }
      sandbox.close();
      sandbox.machine_.reset();
      clear_evidence(spec.evidence_dir);
      // Something else may have ended this one clone; a template that fails twice is at fault.
      progress.detail(fmt::format("the clone did not start ({}); {}", error.what(),
                                  attempt == 1 ? "trying again" : "building its template again"));
      sandbox.pool_->release(attempt == 2);
    }
  }
}

void Sandbox::start(const MachineProvider& provider, const SandboxSpec& spec, Progress& progress) {
  progress.stage(spec.cold ? "Booting the VM" : "Restoring the VM");
  workspace_ = std::make_unique<Workspace>(cache_dir());
  const LoopbackPlace place = free_loopback_place();
  // The proxy gets ready while the machine starts.
  proxy_ = std::make_unique<Proxy>(Proxy::start({.policy = spec.policy,
                                                 .out_dir = spec.evidence_dir,
                                                 .ca_dir = cache_dir() / "ca",
                                                 .work_dir = work_dir(),
                                                 .address = place.address,
                                                 .port = place.port,
                                                 .peer = place.address,
                                                 .network = provider.network(),
                                                 .model_keys = spec.model_keys}));
  machine_ = pool_->start({.work_dir = work_dir(),
                           .evidence_dir = spec.evidence_dir,
                           .proxy_address = place.address,
                           .proxy_port = place.port},
                          progress);
  prepare(spec, progress);
}

SshTarget Sandbox::access() const {
  return {.port = machine_->ssh_port(),
          .user = machine_->facts().account.user,
          .client_private_key = identity_.client_key.private_key,
          .host_public_key = identity_.host_key.public_key};
}

void Sandbox::prepare(const SandboxSpec& spec, Progress& progress) {
  progress.stage("Preparing the guest");
  const MachineFacts& facts = machine_->facts();
  identity_ = spec.identity ? *spec.identity : draw_identity();
  const Entropy entropy = spec.seed.empty() ? Entropy(random_bytes) : seeded(spec.seed);
  home_ = furnish_home(facts.account.home, entropy, resource("fixtures/home"), spec.persona);
  if (spec.agent) equip(home_, *spec.agent, spec.agent_key);
  set_variables(home_, spec.environment, spec.credentials);
  add_projects(home_, spec.folders, facts.account.home);
  add_variables(home_, spec.variables,
                {.home = facts.account.home,
                 .skill = installed_skill(facts.account.home, spec.skill_name, spec.agent),
                 .project = spec.project,
                 .persona = spec.persona},
                entropy);
  add_documents(home_, spec.documents, facts.account.home);
  std::vector<ArchiveEntry> files = home_files(home_);
  if (!spec.skill_folder.empty())
    for (ArchiveEntry& entry : skill_files(spec.skill_folder, spec.skill_name, spec.agent))
      files.push_back(std::move(entry));
  place(spec.placed, home_, files);
  for (const CopiedFolder& folder : spec.copied)
    for (ArchiveEntry& entry : folder_files(folder.from, folder.place))
      if (!entry.path.starts_with(folder.place + "/.git/")) files.push_back(std::move(entry));
  Preparer preparer(machine_->port(),
                    {identity_, facts.account.user, facts.network, std::move(files)});
  preparer.begin();
  SshTarget target = access();
  target.former_host_public_key = base().host_public_key;
  guest_ = std::make_unique<SshSession>(
      SshSession::connect(target, seconds(60), [this] { return machine_->running(); }));
  // The witness waits for the proxy's answer too; a proxy that does not start says why.
  proxy_->wait_ready(seconds(30));
  prepared_ = preparer.await();
  // The first command of a session waits for PAM and systemd-logind; the skill's must not.
  session_ = session_process(*guest_);
  preparer.finish();
}

std::optional<Ending> Sandbox::ending(std::chrono::milliseconds patience) {
  if (dropped_ != nullptr && *dropped_)
    return Ending{Ending::By::Guest, "nobody wants it any more"};
  if (machine_ && patience.count() > 0) {
    pollfd ended{machine_->ended_fd(), POLLIN, 0};
    ::poll(&ended, 1, static_cast<int>(patience.count()));
  }
  if (machine_)
    if (const std::optional<Ending> ended = machine_->ending()) return ended;
  if (proxy_ && !proxy_->running()) return Ending{Ending::By::Proxy, "the proxy ended"};
  return std::nullopt;
}

Subject Sandbox::subject() {
  return {.machine = *machine_,
          .guest = *guest_,
          .session = session_,
          .access = access(),
          .base = base(),
          .prepared = prepared_,
          .home = home_,
          .ending = [this](std::chrono::milliseconds patience) { return ending(patience); }};
}

SshSession Sandbox::connect() {
  return SshSession::connect(access(), seconds(60), [this] { return machine_->running(); });
}

void Sandbox::close() {
  guest_.reset();
  // The machine first: the proxy then sees every connection end and writes its last flows.
  if (machine_) machine_->end(kEnding);
  if (proxy_) proxy_->stop();
  proxy_.reset();
}

}  // namespace skillaudit
