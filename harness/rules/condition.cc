#include "harness/rules/condition.h"

namespace skillaudit {

std::string_view name_of(ObjectKind kind) {
  static constexpr std::array<std::string_view, kObjectKinds.size()> kNames = {
      "file",  "permissions",   "program", "package",  "unit",        "cron-job",   "account",
      "mount", "kernel-module", "process", "listener", "git-setting", "ssh-setting"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Trait trait) {
  static constexpr std::array<std::string_view, kTraitCount> kNames = {
      "in-project",      "in-open-project",   "in-new-folder", "of-other-skill", "opened-to-all",
      "closed-to-owner", "otherwise-changed", "root",          "system-wide",    "account-wide",
      "in-one-project",  "required",          "optional",      "unused",         "dependency",
      "orphan",          "runaway",           "shadows",       "configures",     "redirects",
      "exposes-secret",  "over-existing",     "lists-packages"};
  return kNames[index_of(trait)];
}

std::string_view name_of(Excuse excuse) {
  static constexpr std::array<std::string_view, kExcuses.size()> kNames = {
      "nothing", "package", "host", "service", "path", "cron", "process", "name"};
  return kNames[static_cast<std::size_t>(excuse)];
}

std::string_view name_of(Place place) {
  static constexpr std::array<std::string_view, kPlaceCount> kNames = {"temp",
                                                                       "cache",
                                                                       "skill-folder",
                                                                       "user-config",
                                                                       "user-secret",
                                                                       "user-data",
                                                                       "log",
                                                                       "program",
                                                                       "system",
                                                                       "unit-file",
                                                                       "cron",
                                                                       "shell-startup",
                                                                       "autostart",
                                                                       "program-settings",
                                                                       "import-path",
                                                                       "program-path",
                                                                       "project-startup",
                                                                       "project-scripts",
                                                                       "authorized-keys",
                                                                       "system-startup",
                                                                       "package-sources",
                                                                       "sudoers",
                                                                       "preload",
                                                                       "accounts",
                                                                       "security-settings",
                                                                       "git-hook",
                                                                       "agent-settings",
                                                                       "agent-project",
                                                                       "agent-skill"};
  return kNames[static_cast<std::size_t>(place)];
}

}  // namespace skillaudit
