#include "harness/analysis/unstarted.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

constexpr std::array<std::string_view, 14> kSenders = {"curl",   "wget", "nc",     "ncat", "netcat",
                                                       "socat",  "scp",  "sftp",   "ssh",  "rsync",
                                                       "telnet", "ftp",  "aria2c", "xh"};

constexpr std::array<std::string_view, 12> kDoers = {
    "rm", "shred", "crontab", "systemctl", "sudo", "cp", "mv", "tee", "ln", "dd", "chmod", "xargs"};

bool is_of_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
         c == '/' || c == '~';
}

/// As a word of its own, or the last part of a path to it.
bool names(std::string_view line, std::string_view program) {
  for (std::size_t at = line.find(program); at != std::string_view::npos;
       at = line.find(program, at + 1)) {
    const std::size_t end = at + program.size();
    const bool begins = at == 0 || !is_of_word(line[at - 1]) || line[at - 1] == '/';
    if (begins && (end == line.size() || !is_of_word(line[end]))) return true;
  }
  return false;
}

bool was_started(std::string_view program, const Evidence& evidence) {
  const auto starts = [&](const TraceEvent& event) {
    return event.kind == TraceKind::Exec && event.success && base_name(event.program) == program;
  };
  return std::ranges::any_of(evidence.trace.events, starts) ||
         std::ranges::any_of(evidence.worlds, [&](const Evidence& world) {
           return std::ranges::any_of(world.trace.events, starts);
         });
}

template <std::size_t N>
std::string unstarted_of(const std::array<std::string_view, N>& programs, std::string_view line,
                         const Evidence& evidence) {
  for (const std::string_view program : programs)
    if (names(line, program) && !was_started(program, evidence)) return std::string(program);
  return {};
}

}  // namespace

std::string unstarted_sender(std::string_view line, const Evidence& evidence) {
  return unstarted_of(kSenders, line, evidence);
}

std::string unstarted_doer(std::string_view line, const Evidence& evidence) {
  return unstarted_of(kDoers, line, evidence);
}

}  // namespace skillaudit
