#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/words/resolve.h"

namespace skillaudit {

/// The work of resolve(): one clause, by the kind of its act.
class Resolver {
 public:
  using Kind = ActTarget::Kind;
  using Role = ActTarget::Role;
  using Targets = std::vector<ActTarget>;

  Resolver(const Clause& clause, Targets targets, const ClauseContext& context)
      : clause_(clause), targets_(std::move(targets)), context_(context) {}
  Resolved resolve();

 private:
  [[nodiscard]] bool has_word(std::string_view word) const;
  template <std::size_t N>
  [[nodiscard]] bool has_any(const std::array<std::string_view, N>& words) const {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return has_word(word); });
  }
  [[nodiscard]] bool grave_path() const;
  [[nodiscard]] bool names_outside() const;
  [[nodiscard]] bool names_secret() const;
  [[nodiscard]] bool carries_secret(const ActTarget& url) const;
  [[nodiscard]] const ActTarget* first(Kind kind) const;
  [[nodiscard]] const ActTarget* first(Kind kind, Role role) const;
  void ask(Act act, Targets targets, std::string content = {});

  // resolve.cc: programs, reading, the network
  [[nodiscard]] bool points_at_once() const;
  void by_act();
  void run();
  void read();
  [[nodiscard]] Targets sources() const;
  void send();
  void fetch();
  void install();

  // resolve_files.cc: what changes files and settings
  [[nodiscard]] std::string content(const ActTarget* to) const;
  void write();
  void write_to(const ActTarget& to);
  void make();
  void copy();
  void remove();
  void set();
  [[nodiscard]] std::string word_after_to() const;

  const Clause& clause_;
  Targets targets_;
  const ClauseContext& context_;
  Resolved resolved_;
};

}  // namespace skillaudit
