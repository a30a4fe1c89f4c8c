#pragma once

#include <gtest/gtest.h>

#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"

namespace skillaudit {

class OneAudit : public testing::Test {
 protected:
  Account account{Account::Images::Shared};
  const std::filesystem::path bundle = account.home() / "bundles/bundle";

  [[nodiscard]] std::vector<std::string> run_arguments(const std::string& command) const {
    return {"run", account.skill("patient").string(), "--out", bundle.string(), "--cmd", command};
  }
  [[nodiscard]] Audited audit(std::vector<std::string> options) const {
    const std::vector<std::string> arguments = run_arguments(options.front());
    options.erase(options.begin());
    options.insert(options.begin(), arguments.begin(), arguments.end());
    return read_audit(account.run(options), bundle);
  }
  /// Neither the bundle nor a part of one, nor the folder that was made for it.
  void expect_no_bundle() const { EXPECT_FALSE(std::filesystem::exists(bundle.parent_path())); }
};

}  // namespace skillaudit
