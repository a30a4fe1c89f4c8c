#include "harness/sensors/line_log.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "harness/base/text.h"
#include "harness/evidence/step_end.h"

namespace skillaudit {
namespace {

/// A longer command is told by its beginning (fixtures/tracers/lines.bash).
constexpr std::size_t kMostCommand = 65536;

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > most)
    return std::nullopt;
  return value;
}

int lines_in(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
}

class LineLog {
 public:
  LineLog(const Skill& skill, const std::string& skill_dir, const std::vector<Step>& steps)
      : below_(skill_dir + "/") {
    for (const SkillText& text : skill.texts) files_[text.path] = lines_in(text.text);
    for (const Step& step : steps)
      commands_.try_emplace(step.command.substr(0, kMostCommand),
                            Place{first_try(steps, step).name, lines_in(step.command)});
  }

  void read(std::string_view line) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == line.npos ? line.npos : line.find('\t', first + 1);
    if (second == line.npos || first != 1) return;
    const std::string_view middle = line.substr(2, second - 2);
    const std::string_view last = line.substr(second + 1);
    if (line[0] == 'C') name_process(middle, last);
    if (line[0] == 'L') add_line(middle, last);
    if (line[0] == 'P') add_runnable(middle, last);
  }

  std::vector<MeasuredLines> take() const {
    std::vector<MeasuredLines> list;
    for (const auto& [place, seen] : seen_)
      list.push_back({place, ranges_of({seen.ran.begin(), seen.ran.end()}),
                      ranges_of({seen.runnable.begin(), seen.runnable.end()})});
    return list;
  }

 private:
  struct Place {
    std::string name;
    int lines = 0;
  };
  struct Seen {
    std::set<int> ran;
    std::set<int> runnable;
  };

  void name_process(std::string_view pid, std::string_view told) {
    std::string command(told);
    std::replace(command.begin(), command.end(), '\1', '\n');
    const auto step = commands_.find(printable_block(command).substr(0, kMostCommand));
    if (step != commands_.end())
      processes_.insert_or_assign("-" + std::string(pid), step->second);
    else
      processes_.erase("-" + std::string(pid));
  }

  /// None for what is no part of the skill.
  [[nodiscard]] const Place* place_of(std::string_view file) {
    const auto known = processes_.find(std::string(file));
    if (known != processes_.end()) return &known->second;
    if (!file.starts_with('/')) return nullptr;
    const auto [slot, is_new] = paths_.try_emplace(std::string(file));
    if (is_new) {
      const std::string path = std::filesystem::path(file).lexically_normal().string();
      const auto found =
          path.starts_with(below_) ? files_.find(path.substr(below_.size())) : files_.end();
      if (found != files_.end()) slot->second = {found->first, found->second};
    }
    return slot->second.lines > 0 ? &slot->second : nullptr;
  }

  void add_line(std::string_view line, std::string_view file) {
    const Place* place = place_of(file);
    if (place == nullptr) return;
    if (const auto value = number(line, place->lines)) seen_[place->name].ran.insert(*value);
  }

  void add_runnable(std::string_view lines, std::string_view file) {
    const Place* place = place_of(file);
    if (place == nullptr) return;
    for (const std::string_view line : split(lines, ' '))
      if (const auto value = number(line, place->lines)) seen_[place->name].runnable.insert(*value);
  }

  std::string below_;
  std::map<std::string, int, std::less<>> files_;     ///< path -> its lines
  std::unordered_map<std::string, Place> commands_;   ///< of steps
  std::unordered_map<std::string, Place> processes_;  ///< "-PID", of `bash -c`
  std::unordered_map<std::string, Place> paths_;      ///< of the guest; no lines: none of ours
  std::map<std::string, Seen> seen_;
};

}  // namespace

std::vector<MeasuredLines> read_line_log(std::string_view log, const Skill& skill,
                                         const std::string& skill_dir,
                                         const std::vector<Step>& steps) {
  LineLog lines(skill, skill_dir, steps);
  for (const std::string_view line : split(log, '\n')) lines.read(line);
  return lines.take();
}

}  // namespace skillaudit
