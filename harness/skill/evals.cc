#include "harness/skill/evals.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/skill/surroundings.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kMostText = 1 << 20;

std::string text_in(const json& eval, const char* key, const std::string& place) {
  const auto value = eval.find(key);
  if (value == eval.end() || value->is_null()) return {};
  if (!value->is_string()) fail(ErrorKind::Skill, "{}: `{}` must be text", place, key);
  return value->get<std::string>();
}

/// They lie in the user's project, by their own names.
void add_files(const json& files, const std::string& place, Scenario& scenario) {
  if (!files.is_array()) fail(ErrorKind::Skill, "{}: `files` must be a list", place);
  for (const json& path : files) {
    if (!path.is_string()) fail(ErrorKind::Skill, "{}: each of `files` must be text", place);
    const fs::path from = path.get<std::string>();
    const std::string to = "{project}/" + from.filename().string();
    if (const std::string problem = placed_path_problem(to); !problem.empty())
      fail(ErrorKind::Skill, "{}: {}", place, problem);
    scenario.surroundings.files.push_back(
        {.path = to, .content = "", .from = from.string(), .place = place});
  }
}

Scenario scenario_of(const json& eval, std::size_t number, const std::string& file) {
  const std::string place = fmt::format("{}: eval {}", file, number);
  if (!eval.is_object()) fail(ErrorKind::Skill, "{} must be an object with a `prompt`", place);
  Scenario scenario;
  const auto id = eval.find("id");
  scenario.name =
      fmt::format("eval {}", id == eval.end()  ? std::to_string(number)
                             : id->is_string() ? shorten(printable(id->get<std::string>()), 80)
                                               : json_text(*id));
  scenario.prompts = {text_in(eval, "prompt", place)};
  if (trim(scenario.prompts[0]).empty())
    fail(ErrorKind::Skill, "{} has no `prompt`: add what a user says", place);
  scenario.line = scenario.exit_line = 1;
  scenario.expect.triggered = {true, 1};
  if (const auto files = eval.find("files"); files != eval.end() && !files->is_null())
    add_files(*files, place, scenario);
  return scenario;
}

}  // namespace

std::vector<Scenario> scenarios_of_evals(const fs::path& skill_folder) {
  const fs::path file = skill_folder / "evals" / "evals.json";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {};
  const std::string shown = printable(file.string());
  if (fs::file_size(file, error) > kMostText)
    fail(ErrorKind::Skill, "{} has more than {}: shorten it", shown, human_bytes(kMostText));
  const json whole = parse_json_or_discard(read_file(file, kMostText));
  if (!whole.is_object() || !whole.contains("evals") || !whole["evals"].is_array())
    fail(ErrorKind::Skill,
         "{} is not a JSON object with a list `evals`, each with `id` and `prompt`", shown);
  const json& evals = whole["evals"];
  if (evals.size() > kMostEvals)
    fail(ErrorKind::Skill, "{} has more than {} evals: remove some", shown, kMostEvals);
  std::vector<Scenario> scenarios;
  for (const json& eval : evals) {
    Scenario scenario = scenario_of(eval, scenarios.size() + 1, shown);
    read_placed_files(skill_folder, scenario.surroundings);
    for (const Scenario& other : scenarios)
      if (other.name == scenario.name)
        fail(ErrorKind::Skill, "{}: two evals are `{}`: change the id of one", shown, other.name);
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace skillaudit
