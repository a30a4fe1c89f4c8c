#pragma once

#include <string>
#include <vector>

#include "harness/machine/layer_work.h"

namespace skillaudit {

/// Installs packages from this host's mirrors in a saved guest. A want is the name of a package, as
/// somebody wrote it ("jq", "npm:express", "pip:rich"), or what a step did not find
/// ("program:convert", "python:yaml", "node:express"): then the package that usually has it is
/// taken, and what is there afterwards decides whether it does.
///
/// Services of the packages are not started. What is of Python comes from the system's own packages
/// ("python3-rich"): there is no other source of it here.
class PackageLayer : public LayerWork {
 public:
  /// `wants`: sorted.
  explicit PackageLayer(std::vector<std::string> wants) : wants_(std::move(wants)) {}

  [[nodiscard]] std::string key() const override;
  [[nodiscard]] LayerState run(Machine& machine, SshSession& guest, const MachineBase& below,
                               Progress& progress) const override;

 private:
  std::vector<std::string> wants_;
};

/// Wants of one layer after the other, each sorted; what a layer has no later one repeats.
using PackageRounds = std::vector<std::vector<std::string>>;

/// A want as the guest's script takes it.
struct WantedPackage {
  std::string want;
  std::string kind;     ///< "debian" or "npm"
  std::string package;  ///< "imagemagick"
  std::string check;    ///< a shell command that succeeds where it is there; empty: none
};
[[nodiscard]] WantedPackage wanted_package(const std::string& want);

/// The script that installs them, for the guest's root; it prints a line for each: "added WANT
/// PACKAGE VERSION" or "not WANT why", separated by tabs.
[[nodiscard]] std::string package_script(const std::vector<WantedPackage>& packages);

}  // namespace skillaudit
