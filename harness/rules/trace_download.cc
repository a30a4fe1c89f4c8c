// What came from the network and was run at once.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "harness/rules/consented.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDownloadAndRun = "network.download-and-run";

constexpr double kAtOnce = 2;
/// What one process may have begun to download at a time.
constexpr std::size_t kMostSiblings = 16;

bool is_downloader(std::string_view name) {
  return name == "curl" || name == "wget" || name == "aria2c" || name == "fetch" ||
         name == "http" || name == "https" || name == "xh";
}

/// The hosts of the URLs on the command line; curl takes one without a scheme.
std::vector<std::string> hosts_of(const TraceEvent& exec) {
  std::vector<std::string> hosts;
  for (std::size_t i = 1; i < exec.arguments.size() && hosts.size() < 8; ++i) {
    std::string_view word = exec.arguments[i];
    const std::size_t scheme = word.find("://");
    if (scheme == std::string_view::npos || word.starts_with("-")) continue;
    word.remove_prefix(scheme + 3);
    word = word.substr(0, word.find_first_of("/?#"));
    if (const std::size_t at = word.rfind('@'); at != std::string_view::npos)
      word.remove_prefix(at + 1);
    hosts.emplace_back(word.substr(0, word.find(':')));
  }
  return hosts;
}

/// How far the documents name the host that it asks: of several the one that they name least.
ConsentExtent extent_of(const RuleInput& input, const TraceEvent& exec) {
  const std::vector<std::string> hosts = hosts_of(exec);
  if (hosts.empty()) return ConsentExtent::None;
  ConsentExtent least = ConsentExtent::Exactly;
  for (const std::string& host : hosts)
    least = std::min(least, extent_for(EffectClass::Harm, host_named(input, host)));
  return least;
}

bool is_interpreter(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "sh",     "bash", "dash", "zsh",  "ksh", "python3",
      "python", "perl", "ruby", "node", "php", "busybox"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         name.starts_with("python3.");
}

/// The words of a command without what only passes on to another one: `sudo -E bash -s`.
std::vector<std::string_view> own_words(const TraceEvent& exec) {
  std::vector<std::string_view> words(exec.arguments.begin(), exec.arguments.end());
  const auto passes_on = [](std::string_view name) {
    return name == "sudo" || name == "env" || name == "nohup" || name == "nice" || name == "doas" ||
           name == "setsid";
  };
  while (!words.empty() && passes_on(base_name(words.front()))) {
    words.erase(words.begin());
    while (!words.empty() &&
           (words.front().starts_with("-") || words.front().find('=') != std::string_view::npos))
      words.erase(words.begin());
  }
  return words;
}

/// A shell or interpreter that takes its text from its input, from a descriptor, or as the text of
/// a whole script on its command line.
bool runs_its_input(const TraceEvent& exec) {
  const std::vector<std::string_view> words = own_words(exec);
  if (words.empty() || !is_interpreter(base_name(words.front()))) return false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-" || word == "-s" || word == "--") return true;
    if (word == "-m" || word == "-V" || word == "--version" || word == "--help") return false;
    // What an interpreter is given as text it does not take from its input; to a shell -e is an
    // option.
    if (word == "-e" && !base_name(words.front()).ends_with("sh")) return false;
    if (word == "-c") return i + 1 < words.size() && words[i + 1].starts_with("#!");
    if (word.starts_with("-")) continue;
    return word.starts_with("/dev/fd/") || word.starts_with("/proc/self/fd/") ||
           word == "/dev/stdin";
  }
  return true;
}

std::string absolute(const TraceEvent& exec, std::string_view path) {
  if (path.starts_with("./")) path.remove_prefix(2);
  if (path.empty() || path.starts_with('/')) return std::string(path);
  return fmt::format("{}/{}", exec.folder, path);
}

/// The file that a downloader was told to write, where it can be told.
std::string written_by(const TraceEvent& exec) {
  const bool is_wget = base_name(exec.program) == "wget";
  bool by_url = is_wget;
  std::string_view url;
  for (std::size_t i = 1; i < exec.arguments.size(); ++i) {
    const std::string_view word = exec.arguments[i];
    if (word.find("://") != std::string_view::npos) url = word;
    const bool last = i + 1 == exec.arguments.size();
    if (word.starts_with("--output=")) return absolute(exec, word.substr(9));
    if (word.starts_with("--output-document=")) return absolute(exec, word.substr(18));
    if (word == "--remote-name") by_url = true;
    if (!word.starts_with("-") || word.starts_with("--")) {
      const bool names = word == "--output" || word == "--output-document";
      if (names && !last) return absolute(exec, exec.arguments[i + 1]);
      continue;
    }
    // The option that names the file, alone or at the end of several: -o FILE, -fsSLo FILE.
    if (word.back() == (is_wget ? 'O' : 'o') && !last) return absolute(exec, exec.arguments[i + 1]);
    if (!is_wget && word.find('O') != std::string_view::npos) by_url = true;
  }
  if (!by_url || url.empty()) return {};
  const std::string_view name = base_name(url.substr(0, url.find_first_of("?#")));
  return name.empty() ? std::string() : absolute(exec, name);
}

class Downloads {
 public:
  explicit Downloads(const RuleInput& input) : input_(input) {}

  void see(std::uint32_t i) {
    const TraceEvent& event = input_.processes.events()[i];
    const ProcessTree::Process parent = input_.processes.parent(input_.processes.process(i));
    const bool downloads = is_downloader(base_name(event.program));
    auto& near = near_[parent];
    std::erase_if(near, [&](std::uint32_t other) {
      return event.time_s - input_.processes.events()[other].time_s > kAtOnce;
    });
    const bool runs = !downloads && runs_its_input(event);
    if (runs) {
      for (const std::uint32_t other : near)
        if (is_downloader(base_name(input_.processes.events()[other].program))) add(other, i);
    }
    if (downloads) {
      // A shell that waits for its input may be executed first.
      for (const std::uint32_t other : near)
        if (!is_downloader(base_name(input_.processes.events()[other].program))) add(i, other);
      if (const std::string file = written_by(event); !file.empty() && files_.size() < kMostFiles)
        files_.emplace(file, i);
    }
    if ((downloads || runs) && near.size() < kMostSiblings) near.push_back(i);
    if (near.empty()) near_.erase(parent);
    if (downloads || files_.empty()) return;
    const std::string script = absolute(event, script_of_exec(event));
    for (const std::string& path : {event.program, script}) {
      const auto found = files_.find(path);
      if (found != files_.end()) add(found->second, i);
    }
  }
  void report(Drafts& drafts) const { found_.report(kDownloadAndRun, drafts); }

 private:
  static constexpr std::size_t kMostFiles = 10000;

  void add(std::uint32_t download, std::uint32_t run) {
    const TraceEvent& from = input_.processes.events()[download];
    const TraceEvent& what = input_.processes.events()[run];
    const std::string key = command_line(from) + '\n' + command_line(what);
    Offender* offender = found_.at(key);
    if (offender == nullptr || offender->evidence.size() > 1) return;
    offender->words.what =
        as_code(command_line(from)) + " and then " + as_code(command_line(what), 60);
    offender->extent = extent_of(input_, from);
    Offenders::add(offender, cite_event(input_, download, "ran " + command_line(from)));
    Offenders::add(offender, cite_event(input_, run, "ran " + command_line(what)));
  }

  const RuleInput& input_;
  Offenders found_;
  std::unordered_map<ProcessTree::Process, std::vector<std::uint32_t>> near_;  ///< by parent
  std::unordered_map<std::string, std::uint32_t> files_;
};

void trace_download_rules(const RuleInput& input, Drafts& drafts) {
  if (!input.evidence.trace.collected) return;
  Downloads downloads(input);
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Exec))
    if (input.processes.events()[i].success && input.processes.of_skill(i)) downloads.see(i);
  downloads.report(drafts);
}

}  // namespace

RuleCode trace_download_code() { return {{kDownloadAndRun}, trace_download_rules}; }

}  // namespace skillaudit
