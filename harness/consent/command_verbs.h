#pragma once

#include <cstdint>
#include <string_view>

#include "harness/consent/verb_set.h"

namespace skillaudit {

/// How the operands of a program are to be read.
enum class Operands : std::uint8_t {
  None,       ///< run, and no more is known
  All,        ///< the verbs are done to each path
  LastIsNew,  ///< cp, mv, ln: the verbs to all but the last, which is created
  Script,     ///< sed, awk, grep: the first operand is no path
  Remote,     ///< scp, rsync: HOST:PATH among them
  Hosts,      ///< ssh, ping: the first operand is a host
  Packages,   ///< after a word such as `install`
  Http,       ///< curl, wget
  Git,
  Systemctl,
  Crontab,
  Account,  ///< useradd
};

struct CommandVerbs {
  std::string_view program;
  Operands operands = Operands::None;
  VerbSet verbs;
};

/// Programs that documents show, and what they do to their operands. Null for others.
[[nodiscard]] const CommandVerbs* command_verbs(std::string_view program);

}  // namespace skillaudit
