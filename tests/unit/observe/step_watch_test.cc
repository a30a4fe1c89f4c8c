#include "harness/observe/step_watch.h"

#include <gtest/gtest.h>

#include "harness/observe/step_keeper.h"

namespace skillaudit {
namespace {

constexpr double kLimit = 600;

/// The time at which the state is seen first, with a sample each second; -1 where it never is.
template <typename Make>
double seen(StepState wanted, double until, Make make, double limit = kLimit) {
  StepWatch watch(limit);
  for (double time = 2; time < until; time += 1) {
    StepSample sample = make(time);
    sample.time_s = time;
    const StepState state = watch.look(sample);
    if (state == wanted) return time;
    if (state != StepState::Busy) return -2;
  }
  return -1;
}

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

StepSample server() { return {.processes = 1, .newest = 100, .ports = {8000}}; }

TEST(StepWatch, AServerThatWaitsServesAfterThreeSeconds) {
  EXPECT_EQ(seen(StepState::Serving, 60, [](double) { return server(); }), 5);
}

TEST(StepWatch, AnEventLoopThatTicksAndLogsALittleServesAllTheSame) {
  EXPECT_EQ(seen(StepState::Serving, 60,
                 [](double time) {
                   StepSample sample = server();
                   sample.ticks = whole(time * 10);
                   sample.bytes = whole(time * 200);
                   return sample;
                 }),
            5);
}

TEST(StepWatch, AServerThatStillStartsIsWaitedFor) {
  EXPECT_EQ(seen(StepState::Serving, 60,
                 [](double time) {
                   StepSample sample = server();
                   sample.ticks = whole(std::min(time, 10.0) * 90);
                   return sample;
                 }),
            13);
}

TEST(StepWatch, AScriptThatWaitsForItsServerGoesOn) {
  const auto script = [](double time) {
    StepSample sample = server();
    sample.processes = time < 12 ? 3 : 2;
    sample.newest = time < 12 ? 103 : 104;
    if (time < 12) sample.sleep_s = 10;
    return sample;
  };
  EXPECT_EQ(seen(StepState::Serving, 12, script), -1);
  EXPECT_EQ(seen(StepState::Serving, 60, script), 15);
  EXPECT_EQ(seen(StepState::Serving, 60,
                 [](double) {
                   StepSample sample = server();
                   sample.sleep_s = 86400;  // the main thread of a server
                   return sample;
                 }),
            5);
}

StepSample waiting() { return {.processes = 2, .newest = 101}; }

TEST(StepWatch, AStepThatDoesNothingHangs) {
  EXPECT_EQ(seen(StepState::Hung, 100, [](double) { return waiting(); }), 32);
}

TEST(StepWatch, WhatComputesWritesSendsOrStartsProcessesDoesNot) {
  for (const auto member :
       {&StepSample::ticks, &StepSample::bytes, &StepSample::network, &StepSample::newest})
    EXPECT_EQ(seen(StepState::Hung, 100,
                   [&](double time) {
                     StepSample sample = waiting();
                     // Once in 20 seconds, a second's work.
                     sample.*member += whole(time / 20) * 3000;
                     return sample;
                   }),
              -1);
}

TEST(StepWatch, ASleepThatFitsTheLimitIsWaitedFor) {
  const auto sleeping = [](double seconds) {
    return [seconds](double time) {
      StepSample sample = waiting();
      if (time < seconds) sample.sleep_s = seconds;
      if (time >= seconds) sample.newest = 102;  // it goes on
      return sample;
    };
  };
  EXPECT_EQ(seen(StepState::Hung, 200, sleeping(180)), -1);
  // Where it is another sleep each time, it waits for nothing.
  EXPECT_EQ(seen(StepState::Hung, 200,
                 [](double) {
                   StepSample sample = waiting();
                   sample.sleep_s = 40;
                   return sample;
                 }),
            45);
}

TEST(StepWatch, ASleepThatDoesNotFitEndsOnceItIsLong) {
  EXPECT_EQ(seen(StepState::Hung, 200,
                 [](double) {
                   StepSample sample = waiting();
                   sample.sleep_s = 3600;
                   return sample;
                 }),
            72);
}

TEST(PathsToAsk, AreThoseThatTheSkillNamesBehindThePort) {
  Skill skill;
  skill.texts = {{"SKILL.md",
                  "Open http://localhost:8000/health, then `curl 127.0.0.1:8000/api/v1`."
                  " Not http://localhost:9/x."}};
  EXPECT_EQ(paths_to_ask(skill, 8000), (std::vector<std::string>{"/", "/health", "/api/v1"}));
  EXPECT_EQ(paths_to_ask(skill, 80), (std::vector<std::string>{"/"}));
}

}  // namespace
}  // namespace skillaudit
