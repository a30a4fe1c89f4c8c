#include "harness/audit/package_layer.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::HasSubstr;

std::string package_of(const std::string& want) {
  const WantedPackage wanted = wanted_package(want);
  return wanted.kind + " " + wanted.package;
}

TEST(PackageLayer, KnowsWhichPackageUsuallyHasAProgramOrModule) {
  EXPECT_EQ(package_of("jq"), "debian jq");
  EXPECT_EQ(package_of("program:pandoc"), "debian pandoc");
  EXPECT_EQ(package_of("program:convert"), "debian imagemagick");
  EXPECT_EQ(package_of("python:yaml"), "debian python3-yaml");
  EXPECT_EQ(package_of("python:PIL"), "debian python3-pil");
  EXPECT_EQ(package_of("python:cv2"), "debian python3-opencv");
  EXPECT_EQ(package_of("pip:PyYAML"), "debian python3-yaml");
  EXPECT_EQ(package_of("pip:rich"), "debian python3-rich");
  EXPECT_EQ(package_of("npm:@scope/tool"), "npm @scope/tool");
  EXPECT_EQ(package_of("node:express"), "npm express");
}

TEST(PackageLayer, ChecksThatAGuessedPackageHasWhatAStepWanted) {
  EXPECT_EQ(wanted_package("program:convert").check, "command -v convert");
  EXPECT_THAT(wanted_package("python:yaml").check, HasSubstr("find_spec(\"yaml\")"));
  EXPECT_EQ(wanted_package("jq").check, "") << "somebody named the package itself";
}

TEST(PackageLayer, InstallsAllOfTheSystemsAtOnceWithoutTheirServices) {
  const std::string script = package_script(
      {wanted_package("jq"), wanted_package("program:convert"), wanted_package("npm:express")});
  EXPECT_THAT(script, HasSubstr("debian='jq imagemagick'\nnpm='express'\n"));
  EXPECT_THAT(script, HasSubstr("policy-rc.d"));
  EXPECT_THAT(script,
              HasSubstr("debian_done 'program:convert' 'imagemagick' 'command -v convert'"));
  EXPECT_THAT(script, HasSubstr("npm_done 'npm:express' 'express' ''"));
}

TEST(PackageLayer, HasAKeyOfItsWants) {
  EXPECT_EQ(PackageLayer({"jq"}).key(), PackageLayer({"jq"}).key());
  EXPECT_NE(PackageLayer({"jq"}).key(), PackageLayer({"jq", "tree"}).key());
}

}  // namespace
}  // namespace skillaudit
