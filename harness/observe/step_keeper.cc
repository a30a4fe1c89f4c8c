#include "harness/observe/step_keeper.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

/// Most steps end before anybody has to look: looking costs an emulated guest some milliseconds.
constexpr double kFirstLook = 2;
constexpr double kBetweenLooks = 1;
/// How long a step may take over a signal before the next one.
constexpr double kPatience = 3;
constexpr std::size_t kMostPorts = 4;
constexpr std::size_t kMostNamedPaths = 2;

std::string request_for(const std::string& path, std::uint16_t port) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: localhost:{}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; "
      "rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: text/html,application/json,*/*;q=0.8\r\n"
      "Connection: close\r\n\r\n",
      path, port);
}

}  // namespace

std::vector<std::string> paths_to_ask(const Skill& skill, std::uint16_t port) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"localhost", "127.0.0.1", "0.0.0.0", "[::1]"});
  std::vector<std::string> paths = {"/"};
  for (const SkillText& text : skill.texts)
    for (const std::string_view name : kNames) {
      const std::string start = fmt::format("{}:{}/", name, port);
      for (std::size_t at = text.text.find(start); at != std::string::npos;
           at = text.text.find(start, at + 1)) {
        const std::size_t from = at + start.size() - 1;
        std::size_t end = from;
        while (end < text.text.size() && text.text[end] > ' ' && text.text[end] < 0x7f &&
               std::string_view("\"'`<>()[]{},;").find(text.text[end]) == std::string_view::npos)
          ++end;
        std::string path = text.text.substr(from, std::min<std::size_t>(end - from, 500));
        while (path.size() > 1 && path.back() == '.') path.pop_back();
        if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
        if (paths.size() > kMostNamedPaths) return paths;
      }
    }
  return paths;
}

void StepKeeper::begin(std::chrono::milliseconds limit) {
  began_ = Clock::now();
  watch_ = StepWatch(std::chrono::duration<double>(limit).count());
  next_look_s_ = kFirstLook;
  hung_ = false;
  ports_.clear();
  given_.clear();
  signalled_.reset();
}

void StepKeeper::look() {
  const double now = std::chrono::duration<double>(Clock::now() - began_).count();
  if (!watches_ || !answers_ || now < next_look_s_) return;
  try {
    if (signalled_)
      go_on_ending(now);
    else
      watch(now);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    answers_ = false;
  }
  next_look_s_ = std::chrono::duration<double>(Clock::now() - began_).count() + kBetweenLooks;
}

void StepKeeper::watch(double now) {
  StepSample sample = witness_.watch_step(session_);
  sample.time_s = now;
  const StepState state = watch_.look(sample);
  if (state == StepState::Busy) return;
  if (state == StepState::Serving)
    ask(sample);
  else
    hung_ = true;
  witness_.signal_step(session_, SIGINT);
  signalled_ = {SIGINT, std::chrono::duration<double>(Clock::now() - began_).count()};
}

void StepKeeper::ask(const StepSample& sample) {
  ports_ = sample.ports;
  for (std::size_t i = 0; i < ports_.size() && i < kMostPorts; ++i)
    for (const std::string& path : paths_to_ask(skill_, ports_[i]))
      given_.push_back(
          {ports_[i], path, witness_.ask_port(ports_[i], request_for(path, ports_[i]))});
}

/// Ctrl-C, then what an impatient user does.
void StepKeeper::go_on_ending(double now) {
  const auto [last, at] = *signalled_;
  if (now < at + kPatience) return;
  const int next = last == SIGINT ? SIGTERM : SIGKILL;
  witness_.signal_step(session_, next);
  signalled_ = {next, now};
}

void StepKeeper::end(Step& step) {
  step.hung = hung_;
  step.served_ports = ports_;
  step.answers = given_;
  if (!step.timed_out || !answers_) return;
  try {
    witness_.signal_step(session_, SIGKILL);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    answers_ = false;
  }
}

}  // namespace skillaudit
