#pragma once

#include <string>
#include <vector>

#include "harness/consent/consent.h"

namespace skillaudit::testing {

inline const std::string kHome = "/home/ubuntu";

/// A skill whose SKILL.md has this body.
inline Skill skill_with(const std::string& body) {
  Skill skill;
  skill.name = "probe";
  skill.texts.push_back({"SKILL.md", body, true, false});
  return skill;
}

inline ConsentPlaces places() {
  return {kHome, kHome + "/.claude/skills/probe", {kHome + "/projects/app"}};
}

inline Consent consent_of(const std::string& body) { return Consent(skill_with(body), places()); }

/// "~/x" as an absolute path of the guest.
inline ConsentObject at(const std::string& path) {
  return ConsentObject::path(path.starts_with('~') ? kHome + path.substr(1) : path);
}

}  // namespace skillaudit::testing
