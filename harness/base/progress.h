#pragma once

#include <string>

namespace skillaudit {

/// What long work reports while it runs. The pipeline calls; the command line shows.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A stage begins: "Restoring the VM". The one before has ended.
  virtual void stage(const std::string& title) = 0;
  /// Something inside a stage: "step setup: bash scripts/setup.sh".
  virtual void detail(const std::string& text) = 0;
  /// The last stage has ended.
  virtual void finish() = 0;
};

/// Shows nothing.
class SilentProgress : public Progress {
 public:
  void stage(const std::string&) override {}
  void detail(const std::string&) override {}
  void finish() override {}
};

/// Passes details on and keeps stages to itself: for work that is a part of a stage.
class DetailsOnly : public Progress {
 public:
  explicit DetailsOnly(Progress& progress) : progress_(progress) {}
  void stage(const std::string&) override {}
  void detail(const std::string& text) override { progress_.detail(text); }
  void finish() override {}

 private:
  Progress& progress_;
};

}  // namespace skillaudit
