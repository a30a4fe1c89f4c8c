#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/stub.h"

namespace skillaudit {

/// A file that is in the guest before the skill runs.
struct PlacedFile {
  std::string path;  ///< in the guest: "~/data/a.csv", "/srv/a.csv"
  std::string content;
  /// Of audit.yaml: the file of the skill's folder that has the content; empty: `content` is given.
  std::string from = {};
  std::string place = {};  ///< "audit.yaml:7:5", for complaints; empty: given by option
};

/// Arguments for a program of the skill.
struct UnitArguments {
  std::string unit;                    ///< its path in the skill's folder: "scripts/note.sh"
  std::vector<std::string> arguments;  ///< words
  std::string place = {};              ///< as PlacedFile::place
};

/// What who audits a skill, or its author in audit.yaml, wants of the machine on which it runs.
struct Surroundings {
  std::vector<std::string> packages;  ///< "jq"; "npm:express" and "pip:rich" for those languages
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<PlacedFile> files;
  std::vector<std::string> setup;  ///< commands that run ahead of the skill
  std::vector<UnitArguments> arguments;
  /// "~/work", "/srv/app", "{project}", "{skill}", or below one of these; empty: the usual one.
  std::string working_directory;
  std::string standard_input;
  bool terminal = false;  ///< commands run on a terminal
  /// Answers in place of servers, where the audit answers at all.
  std::vector<GivenStub> stubs;
};

}  // namespace skillaudit
