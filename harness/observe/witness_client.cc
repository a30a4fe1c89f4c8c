#include "harness/observe/witness_client.h"

#include <fmt/core.h>

#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/machine/ports.h"
#include "harness/snapshot/capture.h"
#include "harness/snapshot/details.h"
#include "harness/snapshot/fields.h"

extern "C" {
extern const char skillaudit_witness_begin[];
extern const char skillaudit_witness_end[];
}

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{180};
/// While a step runs nobody waits long for an answer about it.
constexpr seconds kPatienceOfStep{20};
/// The file list of a full disk is some hundred megabytes; what is more is an attack.
constexpr std::size_t kAnswerLimit = 1U << 30;
/// What may come before an answer: an rc file's greeting over SSH, leftovers on the port.
constexpr std::size_t kMostBefore = 1U << 16;

/// What follows "answer NONCE\n"; none while that has not come.
std::optional<std::string_view> after_nonce(std::string_view out, const std::string& nonce) {
  const std::string mark = "answer " + nonce + "\n";
  const std::size_t at = out.substr(0, kMostBefore + mark.size()).find(mark);
  if (at == std::string_view::npos) {
    if (out.size() > kMostBefore + mark.size())
      fail(ErrorKind::Evidence, "the guest's witness answered a different request");
    return std::nullopt;
  }
  return out.substr(at + mark.size());
}

/// The rows after "view SIZE\n", once they are whole.
std::optional<std::string_view> view_in(std::string_view rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos || !rest.starts_with("view ")) return std::nullopt;
  const auto size = parse_number<std::size_t>(rest.substr(5, end - 5));
  if (!size || rest.size() - end - 1 < *size) return std::nullopt;
  return rest.substr(end + 1, *size);
}

std::string or_dash(const std::string& word) { return word.empty() ? "-" : word; }

/// A shell command that takes the program from its standard input and becomes it. In memory, where
/// no file system of the guest's disk is touched; the program removes its file itself.
std::string run_witness(const std::string& argument) {
  return fmt::format(
      "exec sudo -n /bin/sh -c 'umask 077; f=$(/usr/bin/mktemp /dev/shm/XXXXXXXX) && "
      "/usr/bin/head -c {} >\"$f\" && /bin/chmod 700 \"$f\" && exec \"$f\" {}'",
      witness_program().size(), argument);
}

}  // namespace

std::string_view witness_program() {
  return {skillaudit_witness_begin,
          static_cast<std::size_t>(skillaudit_witness_end - skillaudit_witness_begin)};
}

int session_process(SshSession& guest) {
  const std::string said = guest.check("opening a session in the guest", "echo $PPID");
  // An rc file may have said something before.
  std::string_view last = trim(said);
  if (const std::size_t line = last.rfind('\n'); line != std::string_view::npos)
    last.remove_prefix(line + 1);
  return parse_number<int>(last).value_or(0);
}

Witness::Answer Witness::capture(int session, const std::string& root, const std::string& canary,
                                 const Look& look) {
  const std::string nonce = random_hex(8);
  return ask("capturing the guest's state",
             fmt::format("capture {} {} {} {}\n", nonce, session, or_dash(root), or_dash(canary)),
             nonce, capture_tables(), look);
}

Witness::Answer Witness::details(const std::string& requests) {
  const std::string nonce = random_hex(8);
  return ask("reading what changed",
             fmt::format("details {} {}\n", nonce, requests.size()) + requests, nonce,
             detail_tables(), {});
}

Witness::Answer Witness::ask(std::string what, const std::string& request, const std::string& nonce,
                             const std::vector<std::string_view>& tables, const Look& look) {
  const auto output = [&](std::string_view out) -> std::optional<CaptureOutput> {
    const auto answer = after_nonce(out, nonce);
    return answer ? split_output(*answer, tables) : std::nullopt;
  };
  Talk conversation{.what = std::move(what), .request = request};
  conversation.whole = [&](std::string_view said) { return output(said).has_value(); };
  if (look) {
    conversation.reply = [&](std::string_view said) {
      const std::string paths = look(output(said)->stream);
      return fmt::format("go {}\n", paths.size()) + paths;
    };
    conversation.rest_whole = [](std::string_view rest) { return view_in(rest).has_value(); };
  }
  const std::string said = talk(conversation);
  const auto parts = output(said);
  if (!parts) fail(ErrorKind::Evidence, "{}: the witness's answer is truncated", conversation.what);
  const auto view = look ? view_in(parts->rest) : std::string_view{};
  if (!view) fail(ErrorKind::Evidence, "{}: the guest did not show its files", conversation.what);
  return {std::string(parts->stream), std::string(*view)};
}

namespace {

/// The numbers of an answer of one line that begins with `word`.
std::vector<std::int64_t> numbers_of(std::string_view said, std::string_view word,
                                     std::size_t count) {
  const std::size_t at = said.rfind(std::string(word) + " ", kMostBefore);
  std::vector<std::int64_t> numbers;
  if (at != std::string_view::npos) {
    std::string_view line = said.substr(at + word.size() + 1);
    line = line.substr(0, line.find('\n'));
    for (const std::string_view each : split(line, ' '))
      numbers.push_back(parse_number<std::int64_t>(each).value_or(-1));
  }
  if (numbers.size() != count)
    fail(ErrorKind::Evidence, "tracing the guest: its witness answered '{}'",
         printable(shorten(trim(said), 200)));
  return numbers;
}

bool has_line(std::string_view said) { return said.find('\n') != std::string_view::npos; }

}  // namespace

Witness::TraceStanding Witness::end_trace(const std::string& mark) {
  const std::string said = talk({.what = "ending the trace of the guest",
                                 .request = "trace-end " + mark + "\n",
                                 .whole = has_line,
                                 .reply = {},
                                 .rest_whole = {}});
  const auto numbers = numbers_of(said, "trace", 3);
  return {static_cast<int>(numbers[0]), static_cast<std::uint64_t>(numbers[1]), numbers[2]};
}

void Witness::restart() {
  (void)talk({.what = "restarting the guest",
              .request = "restart\n",
              .whole = has_line,
              .reply = {},
              .rest_whole = {}});
}

double Witness::clock_offset() {
  const std::string said = talk({.what = "reading the guest's clocks",
                                 .request = "ping\n",
                                 .whole = has_line,
                                 .reply = {},
                                 .rest_whole = {}});
  char* rest = nullptr;
  const double boot = std::strtod(said.c_str(), &rest);
  const double real = std::strtod(rest, nullptr);
  if (boot <= 0 || real <= 0)
    fail(ErrorKind::Evidence, "the guest did not return its time: it answered '{}'",
         printable(shorten(trim(said), 100)));
  return real - boot;
}

PortWitness::TraceProcesses PortWitness::open_trace() {
  port_.drain();
  port_.write("trace\n", kPatience);
  const auto numbers = numbers_of(port_.read_line(kPatience), "reader", 2);
  return {numbers[0], numbers[1]};
}

std::size_t PortWitness::begin_trace(const std::string& rules, const std::string& mark) {
  port_.write(fmt::format("trace-rules {} {}\n", mark, rules.size()) + rules, kPatience);
  return static_cast<std::size_t>(numbers_of(port_.read_line(kPatience), "rules", 2)[1]);
}

std::vector<std::int64_t> PortWitness::ask_of_step(const std::string& what,
                                                   const std::string& nonce,
                                                   const std::string& request,
                                                   std::string_view word) {
  const std::string said = talk({.what = what,
                                 .request = request,
                                 .whole =
                                     [&](std::string_view out) {
                                       const auto rest = after_nonce(out, nonce);
                                       return rest && has_line(*rest);
                                     },
                                 .reply = {},
                                 .rest_whole = {},
                                 .patience = kPatienceOfStep});
  const std::string_view rest = after_nonce(said, nonce).value_or("");
  std::vector<std::int64_t> numbers;
  const auto fields = split(rest.substr(0, rest.find('\n')), ' ');
  if (fields.empty() || fields[0] != word)
    fail(ErrorKind::Evidence, "{}: the guest's witness answered '{}'", what,
         printable(shorten(rest, 200)));
  for (std::size_t i = 1; i < fields.size(); ++i)
    numbers.push_back(parse_number<std::int64_t>(fields[i]).value_or(-1));
  return numbers;
}

StepSample PortWitness::watch_step(int session) {
  const std::string nonce = random_hex(8);
  const auto numbers = ask_of_step("watching a step", nonce,
                                   fmt::format("watch {} {}\n", nonce, session), "watched");
  if (numbers.size() < 6) fail(ErrorKind::Evidence, "watching a step: the answer is truncated");
  StepSample sample{.processes = numbers[0],
                    .newest = numbers[1],
                    .ticks = numbers[2],
                    .bytes = numbers[3],
                    .network = numbers[4]};
  if (numbers[5] >= 0) sample.sleep_s = static_cast<double>(numbers[5]) / 1000;
  for (std::size_t i = 6; i < numbers.size(); ++i)
    sample.ports.push_back(static_cast<std::uint16_t>(numbers[i]));
  return sample;
}

void PortWitness::signal_step(int session, int number) {
  const std::string nonce = random_hex(8);
  (void)ask_of_step("ending a step", nonce,
                    fmt::format("signal {} {} {}\n", nonce, session, number), "signalled");
}

std::optional<int> PortWitness::ask_port(std::uint16_t port, const std::string& request) {
  const std::string nonce = random_hex(8);
  const auto numbers =
      ask_of_step("asking a server", nonce,
                  fmt::format("ask {} {} {}\n", nonce, port, request.size()) + request, "asked");
  if (numbers.size() != 1 || numbers[0] < 100 || numbers[0] > 999) return std::nullopt;
  return static_cast<int>(numbers[0]);
}

bool PortWitness::answers(milliseconds patience) {
  try {
    port_.drain();
    port_.write("ping\n", patience);
    return std::strtod(port_.read_line(patience).c_str(), nullptr) > 0;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    return false;
  }
}

std::string PortWitness::talk(const Talk& talk) {
  port_.drain();
  port_.write(talk.request, talk.patience);
  std::string said = port_.read_until(talk.whole, kAnswerLimit, talk.patience);
  if (!talk.reply) return said;
  port_.write(talk.reply(said), kPatience);
  return said + port_.read_until(talk.rest_whole, kAnswerLimit, kPatience);
}

std::string SshWitness::talk(const Talk& talk) {
  ExecOptions options{.timeout = kPatience,
                      .input = std::string(witness_program()) + talk.request,
                      .output_limit = kAnswerLimit};
  if (talk.reply)
    options.answer = [&](std::string_view said) -> std::optional<std::string> {
      if (!talk.whole(said)) return std::nullopt;
      return talk.reply(said);
    };
  return guest_.check(talk.what, run_witness("-"), options);
}

void leave_witness(SshSession& guest) {
  guest.check("leaving the witness in the guest",
              run_witness(fmt::format("/dev/virtio-ports/{} /dev/virtio-ports/{}", kGuestPortName,
                                      kTracePortName)),
              {.input = std::string(witness_program())});
}

}  // namespace skillaudit
