#include "harness/analysis/harmful_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/agents/agent.h"
#include "harness/analysis/unstarted.h"
#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/skill/code_lines.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

/// So many neighbouring statements do at once what they do together.
constexpr std::size_t kAtOnce = 3;
constexpr std::size_t kMostOfAProgram = 20;

bool has(const ReachSet& reach, Reach each) { return reach.test(static_cast<std::size_t>(each)); }

/// The home as a whole, or a folder of the system.
bool names_users_files(std::string_view part) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"$HOME", "${HOME", "~/", "expanduser", "home()", "homedir()", "ENV{HOME}", "/home/",
       "ENV[\"HOME\"]", "env.HOME", "/etc/", "/usr/", "/var/"});
  return holds_any(part, kNames);
}

/// What other programs read at their start, and that something is written.
bool plants(std::string_view part) {
  static constexpr auto kPlaces = std::to_array<std::string_view>(
      {"bashrc", "bash_profile", "zshrc", "zprofile", ".profile", "crontab", "systemctl", "systemd",
       "autostart", "authorized_keys", "gitconfig", "config --global", "hooks", "sitecustomize",
       "usercustomize", "cron.d", "LaunchAgents", "AGENTS.md"});
  static constexpr auto kWrites = std::to_array<std::string_view>(
      {">", "tee", "write", "append", "open(", "cp ", "mv ", "ln ", "install", "crontab",
       "systemctl", "config --global", "copy"});
  const bool of_agents = std::ranges::any_of(known_agents(), [&](const Agent& agent) {
    const std::string name(agent.name);
    return part.find("." + name) != std::string_view::npos ||
           ascii_lower(part).find(name + ".md") != std::string::npos;
  });
  return (of_agents || holds_any(part, kPlaces)) && holds_any(part, kWrites);
}

/// Without the statements at its beginning that it does not need: conditions are set aside before
/// the first of its lines.
Harm shrunk(Harm harm, const CodeLines& code, const std::vector<LineRange>& statements,
            std::size_t first, std::size_t last, const HarmReader& reader) {
  for (std::size_t i = first + 1; i <= last; ++i) {
    const LineRange lines{statements[i].first, harm.lines.last};
    const auto less = reader.harm_of(code.part(lines));
    if (!less || less->what != harm.what) break;
    harm.lines = lines;
  }
  return harm;
}

}  // namespace

HarmReader::HarmReader(std::string_view code)
    : definitions_(code), names_secrets_(has(reach_of(code), Reach::Secrets)) {}

std::optional<Harm> HarmReader::harm_of(std::string_view part) const {
  const ReachSet reach = reach_of(part);
  const bool network = has(reach, Reach::Network);
  const bool removes = has(reach, Reach::Deletes);
  Harm harm{.place = {}, .lines = {}, .what = {}, .decides = true, .removes = removes};
  if (network && has(reach, Reach::MadeCode)) {
    harm.what = "it fetches code and runs it";
    return harm;
  }
  if (network && has(reach, Reach::Secrets)) {
    harm.what = "it names secrets and the network";
    return harm;
  }
  harm.decides = false;
  if (removes && names_users_files(definitions_.with(part)))
    harm.what = "it removes files of the user or the system";
  else if (plants(part))
    harm.what = "it changes what starts by itself";
  else if (network && names_secrets_)
    harm.what = "it names the network, and other lines secrets";
  else
    return std::nullopt;
  return harm;
}

// What decides goes before what does not.
std::vector<Harm> harm_at_once(std::string_view text, const std::vector<LineRange>& statements,
                               const std::vector<LineRange>& ran) {
  const CodeLines code(text);
  const HarmReader reader(text);
  std::vector<Harm> found;
  for (std::size_t i = 0; i < statements.size() && found.size() < kMostOfAProgram; ++i) {
    std::optional<Harm> best;
    std::size_t last = i;
    for (std::size_t j = i; j < statements.size() && j < i + kAtOnce; ++j) {
      if (touches(ran, statements[j])) break;
      const LineRange lines{statements[i].first, statements[j].last};
      auto harm = reader.harm_of(code.part(lines));
      if (!harm || (best && (best->decides || !harm->decides))) continue;
      best = std::move(harm);
      best->lines = lines;
      last = j;
    }
    if (best) found.push_back(shrunk(std::move(*best), code, statements, i, last, reader));
    i = last;
  }
  return found;
}

std::optional<Harm> harm_within_a_line(std::string_view text, const Evidence& evidence) {
  const CodeLines code(text);
  for (const LineRange& line : statements_of(text, CodeLanguage::Shell)) {
    const std::string_view part = code.part(line);
    const ReachSet reach = reach_of(part);
    if (!has(reach, Reach::Network) ||
        (!has(reach, Reach::MadeCode) && !has(reach, Reach::Secrets)))
      continue;
    const std::string program = unstarted_sender(part, evidence);
    if (!program.empty())
      return Harm{.place = {},
                  .lines = line,
                  .what = fmt::format("not all of it: {} was never started", as_code(program))};
  }
  return std::nullopt;
}

}  // namespace skillaudit
