#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/audit/audit.h"
#include "harness/audit/missing_packages.h"
#include "harness/audit/package_layer.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

/// The packages that audit.yaml asks for, for what this audit runs.
[[nodiscard]] std::vector<std::string> packages_of_author(const AuditSpec& spec,
                                                          const Skill& skill);

/// What is to be installed for an audit: what options and audit.yaml ask for, then what each
/// earlier audit lacked, so that what the ones before it needed is installed once.
[[nodiscard]] PackageRounds packages_for(const AuditSpec& spec, const Skill& skill,
                                         const std::vector<MissingThing>& missing);

/// Whether some of what an audit lacked is to be had, the first `had` aside, which it was given;
/// makes the guest that has the packages.
[[nodiscard]] bool can_add(MachineProvider& provider, const AuditSpec& spec, const Skill& skill,
                           const std::vector<MissingThing>& missing, std::size_t had,
                           Progress& progress);

/// Adds to `told` (Environment::arranged) what the machine got, and why.
void tell_packages(const MachineBase& base, const std::vector<MissingThing>& missing,
                   const std::vector<std::string>& left_out, std::vector<std::string>& told);

/// Throws Error{Usage} for a package that an option names and no mirror has.
void require_packages(const MachineBase& base, const Surroundings& given, const std::string& os);

/// Keeps the first audit's bundle out of the second one's way, and puts it back unless dropped.
class FirstBundle {
 public:
  /// Throws Error{Environment}.
  explicit FirstBundle(const std::filesystem::path& bundle);
  ~FirstBundle();
  FirstBundle(const FirstBundle&) = delete;
  FirstBundle& operator=(const FirstBundle&) = delete;

  void drop();

 private:
  std::filesystem::path bundle_;
  std::filesystem::path aside_;  ///< empty once dropped
};

}  // namespace skillaudit
