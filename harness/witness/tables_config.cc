#include <algorithm>
#include <set>

#include "harness/agents/places.h"
#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// The limits keep a guest that plants a million unit files from holding up the audit; reaching one
/// is a gap.
constexpr std::size_t kMostFiles = 5000;
constexpr std::size_t kMostOfOne = 1U << 18;
constexpr std::size_t kMostOfAll = 1U << 26;

using skillaudit::KnownPlace;
using skillaudit::Whose;

/// The rows of the table of places whose text is kept; no other row is in this program.
constexpr auto kOfSystem = skillaudit::select_places<[](const KnownPlace& place) {
  return place.has(skillaudit::kTextKept) && place.whose() == Whose::System;
}>();
constexpr auto kOfHome = skillaudit::select_places<[](const KnownPlace& place) {
  return place.has(skillaudit::kTextKept) && place.whose() == Whose::Home;
}>();
constexpr auto kOfRepository = skillaudit::select_places<[](const KnownPlace& place) {
  return place.has(skillaudit::kTextKept) && place.whose() == Whose::Project;
}>();
constexpr auto kCron = skillaudit::select_places<[](const KnownPlace& place) {
  return place.is_read_by("cron") || place.is_read_by("anacron") || place.is_read_by("atd");
}>();
constexpr auto kScripts = skillaudit::select_places<[](const KnownPlace& place) {
  return place.pattern.starts_with("/etc/cron.") && place.is_read_by("run-parts");
}>();

void add_tree(const std::string& folder, std::set<std::string>& found, int depth = 0) {
  if (depth > 64) throw Failure{"more than 64 folders deep in " + folder};
  for (const std::string& name : names_in(folder)) {
    const std::string path = folder + "/" + name;
    const auto status = look_at(path);
    if (!status) continue;
    if (S_ISDIR(status->st_mode)) {
      add_tree(path, found, depth + 1);
    } else if (S_ISREG(status->st_mode)) {
      found.insert(path);
    }
    if (found.size() > kMostFiles) throw Failure{"more than 5000 configuration files"};
  }
}

void add_place(const std::string& home, const KnownPlace& place, std::set<std::string>& found) {
  const std::string path = home + std::string(place.path());
  const std::size_t star = path.find("/*/");  // of one folder among several
  if (star != std::string::npos) {
    for (const std::string& name : names_in(path.substr(0, star)))
      found.insert(path.substr(0, star + 1) + name + path.substr(star + 2));
    if (found.size() > kMostFiles) throw Failure{"more than 5000 configuration files"};
  } else if (place.is_folder())
    add_tree(path, found);
  else
    found.insert(path);
}

/// Adds the settings of the repository in `folder`. False: there is none.
bool add_repository(const std::string& folder, std::set<std::string>& found) {
  bool any = false;
  for (const KnownPlace& place : kOfRepository) {
    const std::string path = folder + "/" + std::string(place.path());
    const auto status = look_at(path);
    if (!status || !S_ISREG(status->st_mode)) continue;
    found.insert(path);
    any = true;
  }
  return any;
}

/// The settings of the repositories in a home, which stand in it or one folder deeper.
void add_repositories(const std::string& folder, std::set<std::string>& found, int deeper = 1) {
  for (const std::string& name : names_in(folder)) {
    if (name.starts_with('.') || name == "node_modules") continue;
    const std::string path = folder + "/" + name;
    const auto status = look_at(path);
    if (!status || !S_ISDIR(status->st_mode)) continue;
    if (!add_repository(path, found) && deeper > 0) add_repositories(path, found, deeper - 1);
    if (found.size() > kMostFiles) throw Failure{"more than 5000 configuration files"};
  }
}

}  // namespace

std::string config_table() {
  std::set<std::string> found;
  for (const KnownPlace& place : kOfSystem) add_place("", place, found);
  std::erase_if(found, [](const std::string& path) {
    return path.ends_with(".gpg") || path.ends_with(".asc");
  });
  for (const Account& account : homes()) {
    for (const KnownPlace& place : kOfHome) add_place(account.home, place, found);
    // The homes of services are full of what is no repository: /usr/sbin, /var/lib.
    if (account.home == "/root" || account.home.starts_with("/home/"))
      add_repositories(account.home, found);
  }
  std::string out;
  std::size_t total = 0;
  for (const std::string& path : found) {
    const auto content = read_file(path, kMostOfOne);
    if (!content) continue;
    total += content->size();
    if (total > kMostOfAll) throw Failure{"more than 64 MiB of configuration files"};
    put_blob(out, path, *content);
  }
  return out;
}

std::string cron_table() {
  std::vector<std::string> texts, scripts;
  for (const KnownPlace& place : kCron) {
    const std::string path(place.path());
    if (!place.is_folder()) texts.push_back(path);
    for (const std::string& name : names_in(path))
      if (name != ".SEQ") texts.push_back(path + "/" + name);
  }
  for (const KnownPlace& place : kScripts)
    for (const std::string& name : names_in(std::string(place.path())))
      scripts.push_back(std::string(place.path()) + "/" + name);
  if (texts.size() + scripts.size() > kMostFiles)
    throw Failure{"more than 5000 files of cron and at"};
  std::string out;
  for (const std::string& path : texts)
    if (const auto content = read_file(path, kMostOfOne)) put_blob(out, path, *content);
  // Of the scripts in cron.daily and its like the name is what counts; their content is the file
  // table's business.
  for (const std::string& path : scripts) put_blob(out, path, "");
  return out;
}

}  // namespace witness
