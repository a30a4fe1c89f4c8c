#include "harness/evidence/echo_payload.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

std::string counting_up() {
  std::string row;
  for (char byte = 0x10; byte <= 0x37; ++byte) row += byte;
  return row;
}

Wire with_echo(const std::string& pattern, std::uint64_t bytes) {
  Wire wire;
  wire.contacts = {{"icmp", "192.0.2.1", 0, 1, bytes, 0}};
  wire.payload =
      std::string("a question to the resolver\n") + std::string(24, '\x08') + pattern + "\n";
  return wire;
}

TEST(EchoPayload, WhatPingSendsByItselfIsNotChosen) {
  EXPECT_EQ(chosen_echo_bytes(with_echo(counting_up(), 98)), 0U);
  EXPECT_EQ(chosen_echo_bytes(Wire{}), 0U);
}

TEST(EchoPayload, AnotherPatternOrSizeIs) {
  EXPECT_EQ(chosen_echo_bytes(with_echo(std::string(40, 'k'), 98)), 56U);
  EXPECT_EQ(chosen_echo_bytes(with_echo(counting_up() + "secret", 104)), 62U);
}

}  // namespace
}  // namespace skillaudit
