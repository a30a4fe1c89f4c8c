#include "tests/unit/consent/labelled.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "harness/consent/render_consent.h"
#include "tests/unit/consent/probe.h"

namespace skillaudit {
namespace {

using testing::consent_of;
using testing::Label;

/// How often a claim of coverage is right, and how much of what is said is found.
struct Figures {
  int right = 0;     ///< covered as far as the label says
  int too_much = 0;  ///< covered further than it says
  int missed = 0;    ///< covered less far

  void count(ConsentExtent extent, const Label& label) {
    if (extent == label.extent)
      right += extent != ConsentExtent::None ? 1 : 0;
    else if (extent > label.extent)
      ++too_much;
    else
      ++missed;
  }
};

void check(const std::vector<Label>& labels, Figures& figures) {
  for (const Label& label : labels) {
    const Consent consent = consent_of(label.text);
    const Coverage coverage = consent.covers(label.verb, label.object);
    figures.count(coverage.extent, label);
    EXPECT_EQ(name_of(coverage.extent), name_of(label.extent))
        << "of " << name_of(label.verb) << " " << text_of(label.object) << " in:\n"
        << label.text << "\n"
        << render_consent(consent);
    EXPECT_EQ(!consent.contradictions(label.verb, label.object).empty(), label.contradicts)
        << "contradiction of " << name_of(label.verb) << " " << text_of(label.object) << " in:\n"
        << label.text << "\n"
        << render_consent(consent);
  }
}

void print(const char* of_what, const Figures& figures) {
  const auto rate = [](int part, int rest) {
    return part + rest == 0 ? 1.0 : static_cast<double>(part) / (part + rest);
  };
  std::printf("%s: %d right, %d too much, %d missed; precision %.3f, recall %.3f\n", of_what,
              figures.right, figures.too_much, figures.missed,
              rate(figures.right, figures.too_much), rate(figures.right, figures.missed));
}

TEST(Labelled, WhatAnHonestAuthorSaysIsCovered) {
  Figures figures;
  check(testing::honest_labels(), figures);
  print("honest", figures);
}

TEST(Labelled, WhatAnAttackerWritesCoversNothingMore) {
  Figures figures;
  check(testing::hostile_labels(), figures);
  print("hostile", figures);
}

TEST(Labelled, SentencesOfBothKindsThatCameLater) {
  Figures figures;
  check(testing::later_labels(), figures);
  print("later", figures);
}

}  // namespace
}  // namespace skillaudit
