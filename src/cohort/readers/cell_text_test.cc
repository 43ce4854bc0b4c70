#include "cohort/readers/cell_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "cohort/readers/part.h"

namespace understudy {
namespace {

TEST(CellText, WholeNumbers) {
  EXPECT_EQ(parse_integer("12", false), 12);
  EXPECT_EQ(parse_integer("+12", false), 12);
  EXPECT_EQ(parse_integer("-7", false), -7);
  EXPECT_EQ(parse_integer("12.0", false), 12);
  EXPECT_EQ(parse_integer("1e3", false), 1000);
  EXPECT_EQ(parse_integer("9223372036854775807", false), std::numeric_limits<std::int64_t>::max());
  for (const char* text :
       {"12.5", "abc", "", "1 2", "12a", "0x10", "--1", "+-1", "nan", "1e300", "9223372036854775808"}) {
    EXPECT_FALSE(parse_integer(text, false)) << text;
  }
}

TEST(CellText, RealsWithPointOrComma) {
  EXPECT_EQ(parse_real("1.5", false), 1.5);
  EXPECT_EQ(parse_real("-.5", false), -0.5);
  EXPECT_EQ(parse_real("1,5", true), 1.5);
  EXPECT_FALSE(parse_real("1,5", false));
  EXPECT_FALSE(parse_real("1.5", true));
  EXPECT_FALSE(parse_real("1.000,5", true));
  EXPECT_FALSE(parse_real("1.5 km", false));
}

TEST(CellText, RoundsToTheNearestDecimal) {
  EXPECT_EQ(round_to(1.005, 1), 1.0);
  EXPECT_EQ(round_to(0.1 + 0.2, 2), 0.3);
  EXPECT_EQ(round_to(-2.345, 0), -2.0);
  EXPECT_EQ(round_to(1e300, 5), 1e300);
}

TEST(CellText, CodesBetweenSeparators) {
  const std::vector<std::string> categories = {"a", "b c", "d"};
  EXPECT_EQ(codes_text({0, 1, 2}, categories), "a;b c;d");
  EXPECT_EQ(codes_text({}, categories), "");
  using Pieces = std::vector<std::string_view>;
  EXPECT_EQ(code_pieces("a; b c;;"), (Pieces{"a", " b c", "", ""}));
  EXPECT_EQ(code_pieces(""), (Pieces{""}));
}

TEST(SubjectOrder, NumbersByValueThenTexts) {
  EXPECT_TRUE(subject_before("9", "10"));
  EXPECT_TRUE(subject_before("007", "8"));
  EXPECT_TRUE(subject_before("07", "7"));
  EXPECT_TRUE(subject_before("10", "a"));
  EXPECT_TRUE(subject_before("A", "a"));
  EXPECT_FALSE(subject_before("a", "a"));
  EXPECT_TRUE(subject_before("99999999999999999999", "100000000000000000000"));
}

}  // namespace
}  // namespace understudy
