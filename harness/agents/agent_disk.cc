#include "harness/agents/agent_disk.h"

#include <fmt/core.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/json_text.h"
#include "harness/base/lock.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/workspace.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Progress = std::function<void(const std::string&)>;

/// Raised when what stands below lays out a disk in another way.
constexpr int kLayoutVersion = 1;
constexpr std::uint64_t kSpaceNeeded = 3ULL << 30;

fs::path root_of(const fs::path& cache) { return cache / "agents"; }

std::optional<AgentDisk> read_disk(const fs::path& folder) {
  try {
    const json facts = parse_json(read_file(folder / "agent.json", 1 << 20));
    AgentDisk disk{.agent = facts.at("agent"),
                   .version = facts.at("version"),
                   .id = facts.at("id"),
                   .disk = folder / "disk.raw",
                   .bytes = facts.at("bytes")};
    if (fs::file_size(disk.disk) != facts.at("size").get<std::uint64_t>()) return std::nullopt;
    return disk;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// Fetches one package and unpacks it below `tree`, where npm would have installed it.
void fetch(const AgentPackage& package, const fs::path& work, const fs::path& tree) {
  const fs::path packed = work / "packed";
  fs::create_directory(packed);
  const std::string wanted = package.name + "@" + package.version;
  const CommandResult result =
      run_command({"npm", "pack", "--silent", "--pack-destination", packed.string(), wanted},
                  {.timeout = std::chrono::minutes(10), .working_directory = work});
  const auto archive = fs::directory_iterator(packed);
  if (result.timed_out || result.exit_code != 0 || archive == fs::directory_iterator())
    fail(ErrorKind::Environment,
         "npm could not download {}{}: check that `npm view {} version` works on this host", wanted,
         result.timed_out ? " in ten minutes" : "", wanted);
  const fs::path folder = tree / package.name;
  fs::create_directories(folder);
  check_output({"tar", "-xzf", archive->path().string(), "--no-same-owner", "--strip-components=1",
                "-C", folder.string()},
               {.timeout = std::chrono::minutes(5)});
  fs::remove_all(packed);
}

/// `.bin/NAME`, as npm makes it for a package's programs.
void write_starter(const Agent& agent, const fs::path& tree) {
  const auto check = [&](const std::string& file) {
    if (!fs::is_regular_file(tree / file))
      fail(ErrorKind::Internal, "the packages of {} {} have no {}", agent.name, agent.version(),
           file);
    fs::permissions(tree / file, fs::perms(0755));
  };
  fs::create_directory(tree / ".bin");
  std::string script = "#!/bin/sh\nexec";
  for (const std::string& word : agent.start) {
    check(word);
    script += fmt::format(" {}/{}", kAgentFolder, word);
  }
  for (const auto& [name, file] : agent.programs) {
    check(file);
    fs::create_symlink("../" + file, tree / ".bin" / name);
  }
  if (agent.start.size() == 1)
    fs::create_symlink("../" + agent.start[0], tree / ".bin" / agent.name);
  else
    write_file(tree / ".bin" / agent.name, script + " \"$@\"\n", 0755);
}

std::uint64_t size_of_tree(const fs::path& tree) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(tree))
    bytes += 4096 + (entry.is_regular_file() && !entry.is_symlink() ? entry.file_size() : 0);
  return bytes;
}

/// All that is on it belongs to root, whoever builds it.
void make_file_system(const fs::path& work, const fs::path& disk) {
  const fs::path tree = work / "tree";
  const std::uint64_t mebibytes = (size_of_tree(tree) * 21 / 20 >> 20) + 24;
  write_file(work / "mkfs.sh",
             fmt::format("#!/bin/sh\nset -eu\nchown -R -h 0:0 \"$1\"\nchmod -R a+rX \"$1\"\n"
                         "mke2fs -q -t ext4 -O ^has_journal -m 0 -E lazy_itable_init=0 -L {} "
                         "-d \"$1\" \"$2\" {}M\nrm -rf \"$1\"\n",
                         kAgentLabel, mebibytes),
             0755);
  std::vector<std::string> argv;
  if (::geteuid() != 0) argv = {"mmdebstrap", "--unshare-helper"};
  argv.insert(argv.end(), {(work / "mkfs.sh").string(), tree.string(), disk.string()});
  check_output(argv, {.timeout = std::chrono::minutes(10)});
}

void build(const Agent& agent, const fs::path& cache, const fs::path& target,
           const Progress& progress) {
  if (find_program("npm").empty())
    fail(ErrorKind::Environment, "the agent {} comes from npm: apt-get install npm", agent.name);
  if (find_program("mke2fs").empty())
    fail(ErrorKind::Environment, "an agent's disk needs mke2fs: apt-get install e2fsprogs");
  if (const std::uint64_t free = free_bytes(cache); free < kSpaceNeeded)
    fail(ErrorKind::Environment,
         "an agent's disk needs {} in {}, but only {} is free: free some space, or set "
         "XDG_CACHE_HOME",
         human_bytes(kSpaceNeeded), cache.string(), human_bytes(free));
  const Workspace work(cache);
  fs::permissions(work.path(), fs::perms(0755));
  const fs::path tree = work.path() / "tree";
  const fs::path staging = work.path() / "agent";
  fs::create_directory(tree);
  fs::create_directory(staging);
  for (const AgentPackage& package : agent.packages) {
    progress(fmt::format("downloading {} {} with npm", package.name, package.version));
    fetch(package, work.path(), tree);
  }
  write_starter(agent, tree);
  progress(fmt::format("making the disk of {} {}", agent.title, agent.version()));
  make_file_system(work.path(), staging / "disk.raw");
  const std::uint64_t size = fs::file_size(staging / "disk.raw");
  write_file(staging / "agent.json", json_text(json{{"agent", agent.name},
                                                    {"version", agent.version()},
                                                    {"id", agent_disk_id(agent)},
                                                    {"size", size},
                                                    {"bytes", size}},
                                               1));
  std::error_code error;
  fs::remove_all(target, error);
  fs::rename(staging, target, error);
  if (error)
    fail(ErrorKind::Environment, "cannot store the agent's disk in {}: {}", target.string(),
         error.message());
}

}  // namespace

std::string agent_disk_id(const Agent& agent) {
  std::string text = fmt::format("{}\n{}\n{}\n", kLayoutVersion, agent.name, kAgentFolder);
  for (const AgentPackage& package : agent.packages)
    text += package.name + "@" + package.version + "\n";
  for (const auto& [name, file] : agent.programs) text += name + " " + file + "\n";
  return sha256(text + join(agent.start, " ")).substr(0, 16);
}

AgentDisk agent_disk(const fs::path& cache, const Agent& agent, const Progress& progress,
                     bool rebuild) {
  const fs::path root = root_of(cache);
  fs::create_directories(root);
  const fs::path folder = root / (agent.name + "-" + agent_disk_id(agent));
  if (!rebuild)
    if (const auto disk = read_disk(folder)) return *disk;
  const FileLock building = FileLock::acquire(root / (agent.name + ".lock"), false, [&] {
    progress("waiting for another process that is downloading this agent");
  });
  if (!rebuild)
    if (const auto disk = read_disk(folder)) return *disk;
  build(agent, cache, folder, progress);
  const auto disk = read_disk(folder);
  if (!disk) fail(ErrorKind::Environment, "the agent's disk in {} is damaged", folder.string());
  return *disk;
}

std::vector<AgentDisk> agent_disks(const fs::path& cache) {
  std::vector<AgentDisk> disks;
  for (const Agent& agent : known_agents())
    if (const auto disk = read_disk(root_of(cache) / (agent.name + "-" + agent_disk_id(agent))))
      disks.push_back(*disk);
  return disks;
}

bool remove_agent_disks(const fs::path& cache, const Agent& agent) {
  bool removed = false;
  std::error_code ignored;
  const FileLock building = FileLock::acquire(root_of(cache) / (agent.name + ".lock"), false);
  for (const auto& entry : fs::directory_iterator(root_of(cache), ignored))
    if (entry.is_directory() && entry.path().filename().string().starts_with(agent.name + "-"))
      removed = fs::remove_all(entry.path(), ignored) > 0 || removed;
  return removed;
}

}  // namespace skillaudit
