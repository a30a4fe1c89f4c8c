#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/rules.h"

namespace skillaudit {

/// What the rules of the trace share.

/// "`curl` (child of `scripts/setup.sh`)", ready to show.
[[nodiscard]] std::string who_did(const RuleInput& input, std::size_t event);
/// "trace.log#97": "pid 812 `curl` (child of `scripts/setup.sh`) read /x at +1.2 s", where `did` is
/// "read /x": raw bytes.
[[nodiscard]] Citation cite_event(const RuleInput& input, std::size_t event, std::string_view did);
/// The same sentence as raw bytes.
[[nodiscard]] std::string told(const ProcessTree& processes, std::size_t event,
                               std::string_view did);

/// The path of the program that the event's process runs: raw bytes.
[[nodiscard]] const std::string& program_at(const RuleInput& input, std::size_t event);
/// Whether `path` is a program of the system, in its own place, that the skill did not touch.
[[nodiscard]] bool is_own_program(const RuleInput& input, std::string_view path);
/// What the comparison of the two states says of `path`; null when it is the same in both.
[[nodiscard]] const FileChange* change_at(const RuleInput& input, std::string_view path);
/// The entry of a path before the run; null where there was none.
[[nodiscard]] const FileEntry* entry_before(const RuleInput& input, std::string_view path);
/// "~/.aws/credentials" for a path of the user's home.
[[nodiscard]] std::string with_tilde(const RuleInput& input, std::string_view path);
/// The command as one line: raw bytes, at most some hundred.
[[nodiscard]] std::string command_line(const TraceEvent& exec);

/// Offenders by what tells them apart, in the order in which they were found. Those past
/// kMostListed are only counted.
class Offenders {
 public:
  /// Null for one that is no longer listed.
  [[nodiscard]] Offender* at(const std::string& key);
  /// The key of some offender, or `other` where there is none.
  [[nodiscard]] std::string first_key_or(const std::string& other) const {
    return places_.empty() ? other : places_.begin()->first;
  }
  /// Adds a citation, unless the offender has several.
  static void add(Offender* offender, Citation citation);
  void report(std::string_view rule, Drafts& drafts) const {
    drafts.add_each(rule, listed_, unlisted_);
  }
  [[nodiscard]] bool is_full() const { return listed_.size() == kMostListed; }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<Offender> listed_;
  std::size_t unlisted_ = 0;
};

}  // namespace skillaudit
