#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/sensors/decoys.h"

namespace skillaudit {

inline std::string tool(const std::vector<std::string>& argv, const std::string& input) {
  CommandOptions options;
  options.input = input;
  return check_output(argv, options);
}

inline std::string shell(const std::string& script, const std::string& input) {
  return tool({"/bin/sh", "-c", script}, input);
}

/// A furnished home, and one flow that carries something out of it.
class FindDecoys : public testing::Test {
 protected:
  FindDecoys() {
    flow_.id = 7;
    flow_.host = "collect.northlake.internal";
    flow_.path = "/v1/health";
  }

  std::string content(const std::string& path) const {
    for (const HomeFile& f : home_.files) {
      if (f.path == path) return f.content;
    }
    throw std::runtime_error("no file " + path);
  }

  /// What holds the decoy: its file, or the environment as env(1) prints it.
  std::string holder(const Decoy& decoy) const {
    if (decoy.path != kInEnvironment)
      return content(decoy.path.substr(std::string("/home/ubuntu/").size()));
    std::string text;
    for (const auto& [name, value] : home_.environment) text += name + "=" + value + "\n";
    return text;
  }

  std::string nonce(const std::string& name) const {
    for (const Decoy& decoy : home_.decoys) {
      if (decoy.name == name) return decoy.nonce;
    }
    throw std::runtime_error("no decoy " + name);
  }

  /// "decoy where encoding" of each sighting.
  std::vector<std::string> sightings() {
    std::vector<std::string> lines;
    for (const DecoySighting& sighting : find_decoys(
             home_.decoys, {flow_},
             [&](const std::string& file) { return file.ends_with(".head") ? head_ : body_; },
             &gaps_)) {
      EXPECT_EQ(text_of(sighting.evidence), "flows.jsonl#7");
      lines.push_back(sighting.decoy + " " + sighting.where + " " + sighting.encoding);
    }
    return lines;
  }

  std::vector<std::string> in_body(const std::string& body) {
    body_ = body;
    flow_.request_body = "bodies/7.bin";
    flow_.request_size = body.size();
    return sightings();
  }

  FurnishedHome home_ = furnish_home("/home/ubuntu");
  Flow flow_;
  std::string body_;
  std::string head_;
  std::vector<Gap> gaps_;
};

}  // namespace skillaudit
