#include "harness/user_vms/record.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kRecordLimit = 1 << 20;

json to_json(const Kept& kept) {
  return {{"skill", kept.skill},
          {"verdict", kept.verdict},
          {"grade", kept.grade},
          {"checkpoint", kept.checkpoint},
          {"image", kept.image},
          {"image_id", kept.image_id},
          {"memory_mib", kept.memory_mib},
          {"machine", kept.machine.empty() ? json::object() : parse_json(kept.machine)}};
}

Kept kept_from(const json& from) {
  // Until version 0.1 the machine's own fields stood beside the others, under the same names.
  const json& machine = from.contains("machine") ? from["machine"] : from;
  return {.skill = from.at("skill"),
          .verdict = from.at("verdict"),
          .grade = from.at("grade"),
          .checkpoint = from.at("checkpoint"),
          .image = from.at("image"),
          .image_id = from.at("image_id"),
          .memory_mib = from.at("memory_mib"),
          .machine = json_text(machine)};
}

VmRecord record_from(const json& from) {
  VmRecord record{.name = from.at("name"),
                  .os = from.at("os"),
                  .user = from.at("user"),
                  .created = from.at("created"),
                  .client_private_key = from.at("client_private_key"),
                  .host_public_key = from.at("host_public_key")};
  if (from.contains("kept")) record.kept = kept_from(from["kept"]);
  return record;
}

/// None where there is none that can be read: a folder that is just being made or removed.
std::optional<Vm> read_vm(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "vm.json", ignored)) return std::nullopt;
  // The lock's file comes first and is made again by asking for it: not in a folder that goes.
  if (folder.parent_path().filename() == "runs" && !fs::exists(folder / "lock", ignored))
    return std::nullopt;
  try {
    Vm vm{.folder = folder,
          .record = record_from(parse_json(read_file(folder / "vm.json", kRecordLimit)))};
    vm.held = !FileLock::try_acquire(folder / "lock");
    if (!vm.held) return vm;
    if (fs::exists(folder / "running.json", ignored)) {
      const json running = parse_json(read_file(folder / "running.json", kRecordLimit));
      vm.running = Running{running.at("pid"), running.at("ssh_port")};
    }
    return vm;
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string names_of(const std::vector<Vm>& vms) {
  std::vector<std::string> names;
  for (const Vm& vm : vms) names.push_back(vm.record.name);
  return join(names, ", ");
}

}  // namespace

void write_record(const fs::path& folder, const VmRecord& record) {
  json text = {{"name", record.name},
               {"os", record.os},
               {"user", record.user},
               {"created", record.created},
               {"client_private_key", record.client_private_key},
               {"host_public_key", record.host_public_key}};
  if (record.kept) text["kept"] = to_json(*record.kept);
  write_file(folder / "vm.json", json_text(text, 1), 0600);
}

void write_running(const fs::path& folder, const Running& running) {
  write_file(folder / "running.json",
             json_text(json{{"pid", running.pid}, {"ssh_port", running.ssh_port}}), 0600);
}

void remove_running(const fs::path& folder) {
  std::error_code ignored;
  fs::remove(folder / "running.json", ignored);
}

std::vector<Vm> list_vms(const fs::path& cache) {
  std::vector<Vm> vms;
  for (const char* place : {"runs", "kept"}) {
    std::error_code error;
    for (fs::directory_iterator entry(cache / place, error), end; !error && entry != end;
         entry.increment(error)) {
      std::optional<Vm> vm = read_vm(entry->path());
      // A running VM whose process was killed has ended with it; the next sweep takes its folder.
      if (vm && (vm->held || vm->record.kept)) vms.push_back(std::move(*vm));
    }
  }
  std::sort(vms.begin(), vms.end(), [](const Vm& a, const Vm& b) {
    return std::tuple(!a.held, a.record.name) < std::tuple(!b.held, b.record.name);
  });
  return vms;
}

std::vector<std::string> vms_on_image(const fs::path& cache, const std::string& image_id) {
  std::vector<std::string> names;
  for (const Vm& vm : list_vms(cache))
    if (vm.record.kept && vm.record.kept->image_id == image_id) names.push_back(vm.record.name);
  return names;
}

Vm choose_vm(const std::vector<Vm>& vms, const std::string& name, const std::string& command) {
  if (vms.empty())
    fail(ErrorKind::Usage,
         "there is no VM: `skillaudit vm start` starts one; `skillaudit run SKILL --keep always` "
         "keeps the VM of an audit");
  if (name.empty()) {
    if (vms.size() == 1) return vms.front();
    fail(ErrorKind::Usage,
         "there are several VMs: give a NAME, as in `skillaudit {} {}`; the VMs are {}", command,
         vms.front().record.name, names_of(vms));
  }
  for (const Vm& vm : vms)
    if (vm.record.name == name) return vm;
  std::vector<std::string> names;
  for (const Vm& vm : vms) names.push_back(vm.record.name);
  const std::string near = nearest(name, names);
  fail(ErrorKind::Usage, "unknown VM '{}': {}", printable(shorten(name, 80)),
       near.empty() ? "there " + std::string(vms.size() == 1 ? "is " : "are ") + names_of(vms)
                    : "did you mean '" + near + "'?");
}

FileLock lock_names(const fs::path& cache) { return FileLock::acquire(cache / "vm-names.lock"); }

std::string free_name(const std::vector<Vm>& vms, const std::string& wanted) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(vms.begin(), vms.end(),
                       [&](const Vm& vm) { return vm.record.name == name; });
  };
  std::string name = wanted;
  for (int number = 2; taken(name); ++number) name = fmt::format("{}-{}", wanted, number);
  return name;
}

}  // namespace skillaudit
