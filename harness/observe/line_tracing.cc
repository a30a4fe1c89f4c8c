#include "harness/observe/line_tracing.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/guest/archive.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

/// What a loop of subshells may write, and what is read of it.
constexpr int kMostLogMib = 32;
constexpr std::size_t kMostPython = 200;

/// bash called as `sh` reads no BASH_ENV, and dash has no way to report.
constexpr std::string_view kShell = "#!/bin/bash -p\nexec /bin/bash \"$@\"\n";

constexpr std::string_view kTracers[] = {"lines.bash", "sitecustomize.py", "lines.cjs",
                                         "runnable.py"};

bool starts_with_sh(std::string_view text) {
  const std::string_view line = trim(text.substr(0, text.find('\n')));
  return line.starts_with("#!") &&
         (line.ends_with("/sh") || line.ends_with("/dash") || line.find(" sh") != line.npos ||
          line.find("/sh ") != line.npos);
}

}  // namespace

LineTracing::LineTracing(const Skill& skill, std::string skill_dir)
    : skill_(skill), skill_dir_(std::move(skill_dir)), folder_("/var/lib/lines-" + random_hex(8)) {}

std::vector<std::pair<std::string, std::string>> LineTracing::begin(SshSession& guest) const {
  std::vector<ArchiveEntry> files = {
      {.path = "bin/sh", .mode = 0755, .content = std::string(kShell)},
      {.path = "log", .mode = 0666}};
  for (const std::string_view name : kTracers)
    files.push_back({.path = std::string(name),
                     .content = read_file(resource("fixtures/tracers/" + std::string(name)))});
  std::string command = fmt::format(
      "sudo mkdir {0} && sudo mount -t tmpfs -o size={1}m,mode=0777 lines {0} && "
      "tar -x -p -f - -C {0} && chmod 0666 {0}/log && "
      "echo 'Defaults env_keep += \"BASH_ENV PYTHONPATH NODE_OPTIONS LINES_TO LINES_OF\"' | "
      "sudo tee /etc/sudoers.d/lines >{0}/sudo",
      folder_, kMostLogMib);
  for (const SkillText& text : skill_.texts)
    if (text.executable && starts_with_sh(text.text))
      command += fmt::format(" && sed -i '1s,.*,#!/bin/bash,' {}",
                             shell_quote(skill_dir_ + "/" + text.path));
  const std::string path = guest.check(
      "preparing to trace lines", command + " && printf %s \"$PATH\"", {.input = make_tar(files)});
  return {{"PATH", folder_ + "/bin:" + path},
          {"LINES_TO", folder_ + "/log"},
          {"LINES_OF", skill_dir_},
          {"BASH_ENV", folder_ + "/lines.bash"},
          {"PYTHONPATH", folder_},
          {"NODE_OPTIONS", "--require " + folder_ + "/lines.cjs"}};
}

std::string LineTracing::end(SshSession& guest) const {
  std::string input = skill_dir_;
  std::size_t files = 0;
  for (const SkillText& text : skill_.texts)
    if (language_of(text.path, text.text) == CodeLanguage::Python && ++files <= kMostPython)
      input += "\n" + text.path;
  const std::string ask =
      files == 0 ? "" : fmt::format("timeout 30 python3 -I -S {}/runnable.py; ", folder_);
  return guest.check("reading which lines ran", ask + "cat " + folder_ + "/log",
                     {.input = std::move(input),
                      .output_limit = (static_cast<std::size_t>(kMostLogMib) + 8) << 20});
}

bool has_lines(const Skill& skill) {
  return std::any_of(skill.texts.begin(), skill.texts.end(), [](const SkillText& text) {
    return text.executable && language_of(text.path, text.text) != CodeLanguage::Other;
  });
}

}  // namespace skillaudit
