#include "harness/base/usage_text.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

TEST(AsksForArguments, InTheWordsOfTheLibrariesThatReadArguments) {
  for (const char* said :
       {"usage: words.py [-h] document\nwords.py: error: the following arguments are required: x\n",
        "Usage: cli.py [OPTIONS] FILE\nTry 'cli.py --help' for help.\n\nError: Missing argument.\n",
        "Usage:\n  tool <file>\n", "./sort.sh: usage: sort.sh FILE\n",
        "error: missing required argument 'file'\n", "x.sh: line 3: $1: unbound variable\n",
        "x.sh: line 3: 1: give a FILE\n",
        "Traceback (most recent call last):\n  File \"x.py\", line 2, in <module>\n    p = "
        "sys.argv[1]\nIndexError: list index out of range\n"})
    EXPECT_TRUE(asks_for_arguments("", said)) << said;
  EXPECT_TRUE(asks_for_arguments("usage: a.py FILE\n", ""));
}

TEST(AsksForArguments, ButNotWhereAnErrorIsAboutSomethingElse) {
  for (const char* said :
       {"", "disk usage: 3 GB\n", "IndexError: list index out of range\n",
        "x.sh: line 3: HOME: unbound variable\n", "x.sh: line 12: 3 files: not there\n",
        "no usage here\n", "memory usage is high\n"})
    EXPECT_FALSE(asks_for_arguments("", said)) << said;
}

}  // namespace
}  // namespace skillaudit
