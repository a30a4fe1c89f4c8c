#include "harness/providers/qemu/layer.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/providers/qemu/first_boot.h"
#include "harness/providers/qemu/qemu_machine.h"
#include "harness/traffic/loopback.h"
#include "harness/traffic/policy.h"
#include "harness/traffic/proxy.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

/// A clone answers within seconds; the machine may be busy.
constexpr seconds kConnects{120};

/// Ends the making of a layer that would be none.
struct NothingAdded {
  std::vector<std::string> why;
  bool may_pass = false;
};

/// Much of a guest's memory is zero: holes in the file below and in the copy.
void copy_sparse(const fs::path& from, const fs::path& to) {
  check_output({"cp", "--reflink=auto", "--sparse=always", from.string(), to.string()});
}

/// Why nothing could be added a short while ago; empty: nobody tried.
std::vector<std::string> nothing_added(const fs::path& note) {
  std::error_code error;
  const auto written = fs::last_write_time(note, error);
  if (error || fs::file_time_type::clock::now() - written > kNothingAdded) return {};
  std::vector<std::string> why;
  const std::string text = read_file(note, 1 << 16);
  for (const std::string_view line : split(text, '\n')) why.emplace_back(line);
  return why;
}

void build(const fs::path& cache, const TemplateSpec& spec, const Template& below,
           const LayerWork& work, const fs::path& dir, Progress& progress) {
  for (const auto& [from, name] : {std::pair{below.memory(), "memory"},
                                   {below.disk(), "disk.qcow2"},
                                   {below.seed(), "seed.iso"}})
    copy_sparse(from, dir / name);
  const fs::path net = dir / "net";
  fs::create_directory(net);
  const LoopbackPlace place = free_loopback_place();
  Proxy proxy = Proxy::start({.policy = mirror_policy(host_mirrors()),
                              .out_dir = net,
                              .ca_dir = cache / "ca",
                              .work_dir = net,
                              .address = place.address,
                              .port = place.port,
                              .peer = place.address});
  QemuSpec machine_spec = template_machine(spec, dir);
  machine_spec.incoming = true;
  machine_spec.proxy_address = place.address;
  machine_spec.proxy_port = place.port;
  QemuMachine machine(RunningQemu::start(machine_spec, dir / "qemu.log"), spec.image.id,
                      &below.base);
  machine.qemu().load(below.state());
  LayerState made;
  {
    SshSession guest = SshSession::connect({.port = machine.ssh_port(),
                                            .user = kGuestUser,
                                            .client_private_key = below.base.client_private_key,
                                            .host_public_key = below.base.host_public_key},
                                           kConnects, [&] { return machine.running(); });
    proxy.wait_ready(seconds(30));
    made = work.run(machine, guest, below.base, progress);
    guest.check("writing the guest's disk", "sudo -n sync");
  }
  if (made.added.empty()) throw NothingAdded{std::move(made.not_added), made.may_pass};
  BootKeys keys;
  keys.client.private_key = below.base.client_private_key;
  keys.host.public_key = below.base.host_public_key;
  save_template(spec, {below.base.os, below.base.kernel, std::move(made.base)}, keys, machine, dir,
                {work.key(), std::move(made.added), std::move(made.not_added)}, progress);
  proxy.stop();
  std::error_code ignored;
  fs::remove_all(net, ignored);
}

}  // namespace

Template open_layer(const fs::path& cache, const TemplateSpec& spec, Template below,
                    const LayerWork& work, Progress& progress) {
  const std::string key = sha256(below.key + "\n" + work.key()).substr(0, 16);
  const fs::path note = cache / "templates" / (key + ".nothing");
  if (std::vector<std::string> why = nothing_added(note); !why.empty()) {
    below.base.not_added = std::move(why);
    return below;
  }
  try {
    return open_saved(
        cache, key, spec.memory_mib,
        [&](const fs::path& dir) { build(cache, spec, below, work, dir, progress); }, progress);
  } catch (NothingAdded& nothing) {
    if (!nothing.may_pass) write_file(note, join(nothing.why, "\n"));
    below.base.not_added = std::move(nothing.why);
    return below;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    fail(ErrorKind::Environment, "the packages could not be added: {}", error.what());
  }
}

}  // namespace skillaudit
