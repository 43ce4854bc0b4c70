#include "core/json.h"

#include <gtest/gtest.h>

#include <string>

namespace understudy {
namespace {

using nlohmann::json;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ParsesWhatOurFilesHold) {
  EXPECT_EQ(parse_json<json>(R"({"a": [1, {"b": null}]})")["a"][0], 1);
  EXPECT_EQ(parse_json<json>(nested(64)).size(), 1u);
  EXPECT_TRUE(parse_json<json>("{").is_discarded());
}

TEST(Json, RefusesWhatWouldUseUpTheStack) {
  EXPECT_TRUE(parse_json<json>(nested(65)).is_discarded());
  EXPECT_TRUE(parse_json<json>(nested(200000)).is_discarded());
  EXPECT_TRUE(parse_json<json>(R"({"a":")" + std::string(3, '\\') + R"("", "b":)" + nested(65) + "}").is_discarded());
}

TEST(Json, BracketsInTextsAndSideBySideAreNotDepth) {
  EXPECT_EQ(parse_json<json>("[\"" + std::string(100, '[') + "\\\"[\"]").size(), 1u);
  std::string row = "[0";
  for (int i = 0; i < 100; ++i) row += ",[]";
  EXPECT_EQ(parse_json<json>(row + "]").size(), 101u);
}

}  // namespace
}  // namespace understudy
