#include "generators/halo/visit_code.h"

#include <gtest/gtest.h>

#include "generators/model_file.h"

namespace understudy {
namespace {

// Three categories without a missing one; two with one; a code; one value alone.
RowCode row_code() {
  const std::vector<ColumnSpec> specs = {
      {.name = "ward", .type = ColumnType::category, .categories = {"a", "b", "c"}, .nullable = false},
      {.name = "fever", .type = ColumnType::boolean, .categories = {"no", "yes"}},
      {.name = "found", .type = ColumnType::codes, .categories = {"x"}},
      {.name = "site", .type = ColumnType::category, .categories = {"one"}, .nullable = false}};
  Table table(specs);
  table.resize(4);
  for (std::int64_t row = 0; row < 4; ++row) {
    table.column(0).set_number(row, static_cast<double>(row % 3));
    if (row < 2) table.column(1).set_number(row, 1);
    if (row == 0) table.column(2).set_codes(row, {0});
    table.column(3).set_number(row, 0);
  }
  return {specs, learn_marginals(specs, table)};
}

TEST(VisitCode, GroupsByHand) {
  const VisitCode code(row_code(), 10);  // in the order of the row code: site, found, ward, fever
  ASSERT_EQ(code.groups().size(), 4U);
  EXPECT_EQ(code.codes(), 0 + 1 + 2 + 2);
  const std::int32_t codes[] = {0, 1, 2, 2}, absent[] = {0, 0, 0, 2};
  const std::int64_t first[] = {10, 10, 11, 13};
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(code.groups()[k].codes, codes[k]);
    EXPECT_EQ(code.groups()[k].absent, absent[k]);
    EXPECT_EQ(code.groups()[k].first, first[k]);
  }
  // found; ward b, c where not b; fever no, yes where not no.
  const double expected[] = {0.25, 0.25, 1.0 / 3, 1e-9, 0.5};
  for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(code.chances()[c], expected[c], 1e-12) << c;
}

TEST(VisitCode, WhatIsThereAndWhatIsAsked) {
  const VisitCode code(row_code(), 0);
  struct Case {
    std::vector<std::int32_t> categories;
    std::vector<float> visit, asked;
    std::vector<std::int64_t> present;
  };
  const Case cases[] = {{{0, 1, 1, 2}, {1, 1, 0, 0, 0}, {1, 1, 0, 1, 1}, {0, 1}},
                        {{0, 0, 2, 0}, {0, 0, 1, 1, 0}, {1, 1, 1, 1, 0}, {2, 3}},
                        {{0, 0, 0, 1}, {0, 0, 0, 0, 1}, {1, 1, 1, 1, 1}, {4}}};
  for (const Case& one : cases) {
    std::vector<float> visit(5), asked(5);
    code.write(one.categories, visit, asked);
    EXPECT_EQ(visit, one.visit);
    EXPECT_EQ(asked, one.asked);
    EXPECT_EQ(code.present(one.categories), one.present);
  }
}

}  // namespace
}  // namespace understudy
