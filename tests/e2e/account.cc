#include "tests/e2e/account.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;

/// Emulation on a busy machine: no stage of a run takes this long.
constexpr std::chrono::seconds kStageLimit = minutes(5);
constexpr std::chrono::seconds kRunLimit = minutes(10);

/// The image and the template are built once, in the real cache: a private one is on another file
/// system perhaps, and would go with the test.
void build_images_once() {
  [[maybe_unused]] static const std::string built =
      check_output({SKILLAUDIT_PROGRAM, "image", "build"}, {.timeout = minutes(25)});
}

std::string content_of(const fs::path& file) {
  try {
    return read_file(file);
  } catch (const Error&) {
    return {};  // a process that has just ended
  }
}

std::vector<fs::path> process_folders() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos) folders.push_back(entry.path());
  }
  return folders;
}

void list_below(const fs::path& folder, std::vector<std::string>& lines) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    lines.push_back(entry->path().lexically_relative(folder.parent_path()).string());
}

}  // namespace

Account::Account(Images images) {
  for (const fs::path& folder : {cwd(), home(), root_.path() / "tmp", cache()})
    fs::create_directories(folder);
  environment_ = {{"XDG_CACHE_HOME", cache().parent_path().string()},
                  {"TMPDIR", (root_.path() / "tmp").string()}};
  if (images == Images::None) return;
  build_images_once();
  fs::create_directories(cache_dir() / "agents");
  for (const char* folder : {"images", "templates", "agents", "ca"})
    fs::create_directory_symlink(cache_dir() / folder, cache() / folder);
  fs::copy_file(cache_dir() / "accelerator", cache() / "accelerator");
}

CommandResult Account::run(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& launcher) const {
  std::vector<std::string> argv = launcher;
  argv.emplace_back(SKILLAUDIT_PROGRAM);
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run_command(
      argv, {.timeout = kRunLimit, .environment = environment_, .working_directory = cwd()});
}

fs::path Account::skill(const std::string& name, const std::string& front_matter) const {
  const fs::path folder = home() / name;
  fs::create_directories(folder);
  const std::string head =
      front_matter.empty()
          ? "---\nname: " + name + "\ndescription: Does what its test needs.\n---\n"
          : front_matter;
  write_file(folder / "SKILL.md", head + "\n# A skill\n\nThere is nothing to know about it.\n");
  return folder;
}

std::vector<std::string> Account::processes() const {
  std::vector<std::string> found;
  for (const fs::path& process : process_folders()) {
    // The environment is inherited, so that a grandchild shows as well.
    const std::string command = content_of(process / "cmdline");
    if (command.find(root_.path().string()) == std::string::npos &&
        content_of(process / "environ").find(root_.path().string()) == std::string::npos)
      continue;
    std::string words = command;
    std::replace(words.begin(), words.end(), '\0', ' ');
    found.push_back("process " + process.filename().string() + ": " + shorten(words, 200));
  }
  return found;
}

std::vector<std::string> Account::workspaces() const {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(cache() / "runs", error), end; !error && entry != end;
       entry.increment(error))
    found.push_back("runs/" + entry->path().filename().string());
  return found;
}

std::vector<std::string> Account::left_behind() const {
  // What is killed ends a moment later where init has to reap it.
  eventually([&] { return processes().empty(); });
  std::vector<std::string> lines = processes();
  for (const std::string& folder : workspaces()) lines.push_back(folder);
  list_below(cwd(), lines);
  list_below(root_.path() / "tmp", lines);
  return lines;
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    ::poll(nullptr, 0, 20);
  }
  return condition();
}

RunningProgram::RunningProgram(const Account& account, const std::vector<std::string>& arguments)
    : log_(log_folder_.path() / "log") {
  std::vector<std::string> argv = {SKILLAUDIT_PROGRAM};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  process_ = Process(
      argv,
      {.environment = account.environment(), .log = log_, .working_directory = account.cwd()});
}

void RunningProgram::wait_until_it_says(const std::string& text) {
  const auto heard = [&] { return said().find(text) != std::string::npos; };
  eventually([&] { return heard() || !process_.running(); }, kStageLimit);
  if (!heard()) throw std::runtime_error("it never said \"" + text + "\" but: " + said());
}

void RunningProgram::signal(int number) const { ::kill(process_.pid(), number); }

std::vector<pid_t> RunningProgram::children(const std::string& name) const {
  std::vector<pid_t> found;
  for (const fs::path& process : process_folders()) {
    // "PID (NAME) STATE PARENT …", the name cut to 15 bytes (proc(5)).
    const std::string stat = content_of(process / "stat");
    const std::size_t open = stat.find('(');
    const std::size_t close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos) continue;
    const std::vector<std::string_view> rest = split(std::string_view(stat).substr(close + 2), ' ');
    if (stat.substr(open + 1, close - open - 1) == name.substr(0, 15) && rest.size() > 1 &&
        rest[1] == std::to_string(process_.pid()))
      found.push_back(static_cast<pid_t>(std::stol(process.filename().string())));
  }
  return found;
}

pid_t RunningProgram::child(const std::string& name) const { return another_child(name, 0); }

pid_t RunningProgram::another_child(const std::string& name, pid_t former) const {
  pid_t found = 0;
  const auto is_there = [&] {
    for (const pid_t child : children(name))
      if (child != former) found = child;
    return found != 0;
  };
  if (!eventually(is_there, former == 0 ? std::chrono::seconds(0) : std::chrono::seconds(60)))
    throw std::runtime_error("skillaudit has no child " + name + "; it said: " + said());
  return found;
}

std::string RunningProgram::ending() {
  if (!process_.wait(kRunLimit)) throw std::runtime_error("it does not end; it said: " + said());
  return process_.ending();
}

std::string RunningProgram::said() const { return content_of(log_); }

}  // namespace skillaudit
