#include "harness/sensors/user_project.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/evidence/given_host.h"
#include "harness/sensors/git_repository.h"

namespace skillaudit {
namespace {

/// A commit, and the files that come with it: those that begin so. What is in none of them is not
/// under version control.
struct Stage {
  std::string_view message;
  long time;
  std::array<std::string_view, 3> brings;
};

constexpr std::array kStages = {
    Stage{"Fit a parabola through three readings",
          1729498320,
          {"src/", "pyproject.toml", ".gitignore"}},
    Stage{"List the stations", 1729756980, {"stations.csv", "README.md"}},
    Stage{"Draw the readings in the browser", 1730208600, {"web/", "package.json"}},
    Stage{"Test the turning points", 1731061260, {"tests/", ".github/"}},
    Stage{"Release 0.4.2", 1731934740, {}},
};

/// The last commit is the release: the files named the version before until then.
constexpr std::string_view kVersion = "0.4.2";
constexpr std::string_view kVersionBefore = "0.4.1";

std::string with_version_before(std::string text) {
  if (const std::size_t at = text.find(kVersion); at != std::string::npos)
    text.replace(at, kVersion.size(), kVersionBefore);
  return text;
}

/// From the log of a branch: "OLD NEW author …".
void add_commit_ids(std::string_view log, std::vector<Decoy>& drawn) {
  for (const std::string_view line : split(log, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() > 1)
      drawn.push_back(
          {fmt::format("commit-{}", drawn.size()), std::string(), std::string(words[1])});
  }
}

}  // namespace

void add_repository(FurnishedHome& home) {
  const std::string folder = std::string(kUserProject) + "/";
  std::vector<GitCommit> history;
  for (std::size_t last = 0; last < kStages.size(); ++last) {
    GitCommit& commit = history.emplace_back();
    commit.message = kStages[last].message;
    commit.time = kStages[last].time;
    for (const HomeFile& file : home.files) {
      if (!file.path.starts_with(folder)) continue;
      const std::string path = file.path.substr(folder.size());
      const bool has_come = std::any_of(
          kStages.begin(), kStages.begin() + static_cast<std::ptrdiff_t>(last + 1),
          [&](const Stage& stage) {
            return std::any_of(
                stage.brings.begin(), stage.brings.end(),
                [&](std::string_view each) { return !each.empty() && path.starts_with(each); });
          });
      if (!has_come) continue;
      const bool released = last + 1 == kStages.size();
      commit.files.emplace_back(path, released ? file.content : with_version_before(file.content));
    }
    std::sort(commit.files.begin(), commit.files.end());
  }
  const auto named = [&](std::string text) { return for_persona(std::move(text), home.persona); };
  for (auto& [path, content] : git_repository(
           history, named("https://" + std::string(kProjectHost) + "/mira/tidewatch.git"),
           named("https://github.com/mira-halvorsen/tidewatch.git"),
           named("Mira Halvorsen <mira@northlake.internal>"))) {
    if (path == "logs/HEAD") add_commit_ids(content, home.drawn);
    home.files.push_back({.path = folder + ".git/" + path,
                          .mode = path.starts_with("objects/") ? 0444U : 0644U,
                          .content = std::move(content)});
  }
}

void add_projects(FurnishedHome& home, const std::vector<std::string>& folders,
                  const std::string& home_path) {
  const std::string source = std::string(kUserProject) + "/";
  const std::vector<HomeFile> files = home.files;
  for (const std::string& written : folders) {
    const std::string folder = written.starts_with("~/") ? home_path + written.substr(1) : written;
    const bool is_there = std::any_of(files.begin(), files.end(), [&](const HomeFile& file) {
      const std::string path = home_path + "/" + file.path;
      return path == folder || path.starts_with(folder + "/");
    });
    if (is_there || home_path.starts_with(folder + "/") || home_path == folder) continue;
    home.projects.push_back(folder);
    for (const HomeFile& file : files)
      if (file.path.starts_with(source))
        home.files.push_back(
            {folder + "/" + file.path.substr(source.size()), file.mode, file.content});
  }
}

}  // namespace skillaudit
