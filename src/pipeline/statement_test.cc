#include "pipeline/statement.h"

#include <gtest/gtest.h>

#include <limits>

#include "testing/kind_of.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

Schema ward_schema() {
  Schema schema;
  schema.name = "ward";
  schema.subject = "Id";
  ColumnSpec age{.name = "age", .type = ColumnType::integer, .unit = "a", .minimum = 0, .maximum = 120};
  ColumnSpec sex{.name = "sex", .type = ColumnType::category, .categories = {"f", "m"}};
  ColumnSpec day{.name = "day", .type = ColumnType::date, .minimum = 0, .maximum = 59};
  schema.columns = {age, sex, day};
  return schema;
}

StatementFacts unguarded() {
  StatementFacts facts;
  facts.name = "ward";
  facts.generator = "gan";
  facts.synthetic_subjects = 40;
  facts.schema = ward_schema();
  facts.declassified = "people who do not exist";
  facts.events = {{.kind = "load", .part = "all", .purpose = "read /secret/ward.csv", .side = "inside"},
                  {.kind = "declassify",
                   .part = "train",
                   .purpose = "people who do not exist",
                   .side = "outside",
                   .epsilon = std::numeric_limits<double>::infinity()}};
  return facts;
}

StatementFacts guarded() {
  StatementFacts facts = unguarded();
  facts.declassified.clear();
  facts.events = {{.kind = "look", .part = "train", .purpose = "look of 31 people", .side = "inside"},
                  {.kind = "plan",
                   .part = "train",
                   .purpose = "train gan",
                   .side = "outside",
                   .epsilon = 0.75,
                   .when = "2026-11-24T09:00:00Z"}};
  facts.guarantee =
      GuaranteeFacts{.limit = {.epsilon = 1, .delta = 1e-6},
                     .allowed = {.mu = 1, .delta = 1e-8},
                     .plan = {.purpose = "train gan",
                              .events = {{.what = "gradients", .kind = EventKind::gaussian, .noise = 2, .rate = 0.1}}},
                     .cost = {.mu = 0.5, .delta = 1e-9},
                     .epsilon = 0.75,
                     .accountant = "pld",
                     .spent = 0.9,
                     .plan_json = {{"purpose", "train gan"}},
                     .dp_event_json = {{"event", "poisson"}}};
  return facts;
}

bool contains_sentence(const ordered_json& list, std::string_view part) {
  for (const auto& sentence : list) {
    if (sentence.get<std::string>().find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(Statement, WithoutAGuaranteeSaysSo) {
  const auto statement = make_statement(unguarded());
  EXPECT_EQ(statement["format"], "understudy-statement");
  EXPECT_EQ(statement["version"], 2);
  EXPECT_EQ(statement["stamp"], "NOT PRIVATE");
  EXPECT_EQ(statement["guarantee"], nullptr);
  EXPECT_EQ(statement["declassified"], "people who do not exist");
  EXPECT_EQ(statement["plan"], nullptr);
  EXPECT_TRUE(contains_sentence(statement["plain"], "no privacy guarantee"));
  EXPECT_TRUE(statement["not_promised"].empty());
}

TEST(Statement, GivesTheLimitAndTheCostOfThisRelease) {
  const auto statement = make_statement(guarded());
  EXPECT_EQ(statement["stamp"], "");
  const auto& guarantee = statement["guarantee"];
  EXPECT_EQ(guarantee["unit"], "person");
  EXPECT_EQ(guarantee["neighbours"], "add-remove");
  EXPECT_EQ(guarantee["limit"], (ordered_json{{"epsilon", 1.0}, {"delta", 1e-6}, {"mu", 1.0}, {"mu_delta", 1e-8}}));
  EXPECT_EQ(guarantee["release"],
            (ordered_json{{"epsilon", 0.75}, {"delta", 1e-6}, {"accountant", "pld"}, {"mu", 0.5}, {"mu_delta", 1e-9}}));
  EXPECT_EQ(guarantee["spent"], 0.9);
  EXPECT_EQ(statement["plan"]["purpose"], "train gan");
  EXPECT_EQ(statement["dp_event"]["event"], "poisson");
}

TEST(Statement, OddsAreThoseOfTheGuarantee) {
  const auto odds = make_statement(guarded())["guarantee"]["odds"];
  ASSERT_EQ(odds["posterior"].size(), 4u);
  EXPECT_EQ(odds["posterior"][2]["prior"], 0.5);
  EXPECT_NEAR(odds["posterior"][2]["limit"].get<double>(), 0.731059, 1e-5);    // e / (1 + e)
  EXPECT_NEAR(odds["posterior"][2]["release"].get<double>(), 0.679179, 1e-5);  // e^0.75 / (1 + e^0.75)
  EXPECT_NEAR(odds["right_guesses"]["limit"].get<double>(), 0.691462, 1e-5);   // Phi(0.5)
  EXPECT_NEAR(odds["found"]["limit"].get<double>(), 0.0923622, 1e-5);          // Phi(1 - 2.3263)
  EXPECT_EQ(odds["found"]["false_alarms"], 0.01);
}

TEST(Statement, WordsRoundUpAndNeverDown) {
  const auto plain = make_statement(guarded())["plain"];
  EXPECT_TRUE(contains_sentence(plain, "at most 73.2 % sure"));
  StatementFacts facts = guarded();
  facts.guarantee->limit.epsilon = 20;
  EXPECT_TRUE(contains_sentence(make_statement(facts)["plain"], "at most 100 % sure"));
}

TEST(Statement, AssumptionsFollowThePlan) {
  StatementFacts facts = guarded();
  auto list = make_statement(facts)["guarantee"]["assumptions"];
  EXPECT_TRUE(contains_sentence(list, "real arithmetic"));
  EXPECT_TRUE(contains_sentence(list, "coins that nobody sees"));
  EXPECT_TRUE(contains_sentence(list, "one value of the column 'Id'"));
  EXPECT_FALSE(contains_sentence(list, "How many people"));
  facts.guarantee->plan.events = {{.what = "counts", .kind = EventKind::discrete_gaussian, .noise = 4}};
  facts.schema.subjects = 500;
  facts.schema.subject = "row";
  list = make_statement(facts)["guarantee"]["assumptions"];
  EXPECT_FALSE(contains_sentence(list, "real arithmetic"));
  EXPECT_TRUE(contains_sentence(list, "sampled exactly"));
  EXPECT_TRUE(contains_sentence(list, "How many people the data set holds is public"));
  EXPECT_TRUE(contains_sentence(list, "One row is one subject"));
}

TEST(Statement, SaysHowManyCodesCount) {
  StatementFacts facts = unguarded();
  ColumnSpec found{.name = "found", .type = ColumnType::codes, .categories = {"a", "b"}};
  found.max_codes = 1;
  facts.schema.columns = {found};
  EXPECT_EQ(make_statement(facts)["public"]["columns"].back()["range"], "2 codes, at most 1 in a cell");
}

TEST(Statement, ListsWhatWasPublicAndOnlyThat) {
  StatementFacts facts = unguarded();
  auto shown = make_statement(facts)["public"];
  EXPECT_EQ(shown["subjects"], nullptr);
  EXPECT_EQ(shown["columns"][0]["range"], "0 to 120");
  EXPECT_EQ(shown["columns"][1]["categories"], (ordered_json{"f", "m"}));
  EXPECT_EQ(shown["columns"][2]["range"], "1970-01-01 to 1970-03-01");
  for (ColumnSpec& column : facts.schema.columns) column.is_public = false;
  facts.schema.subjects = 500;
  shown = make_statement(facts)["public"];
  EXPECT_EQ(shown["subjects"], 500);
  for (const auto& column : shown["columns"]) {
    EXPECT_EQ(column["range"], "");
    EXPECT_FALSE(column.contains("minimum") || column.contains("maximum") || column.contains("categories"));
  }
}

TEST(Statement, QuotesPlansAndNoLook) {
  const auto statement = make_statement(guarded());
  const auto& spends = statement["guarantee"]["spends"];
  ASSERT_EQ(spends.size(), 1u);
  EXPECT_EQ(spends[0], (ordered_json{{"purpose", "train gan"}, {"epsilon", 0.75}, {"when", "2026-11-24T09:00:00Z"}}));
  EXPECT_EQ(statement.dump().find("31 people"), std::string::npos);
  EXPECT_EQ(make_statement(unguarded()).dump().find("/secret"), std::string::npos);
}

TEST(Statement, RepeatableNoiseIsNoGuarantee) {
  StatementFacts facts = guarded();
  facts.seeded_noise = true;
  const auto statement = make_statement(facts);
  EXPECT_EQ(statement["stamp"], "NOT PRIVATE");
  EXPECT_EQ(statement["guarantee"], nullptr);
  EXPECT_TRUE(contains_sentence(statement["plain"], "test build"));
}

TEST(Statement, NeedsEitherAGuaranteeOrAReason) {
  StatementFacts facts = guarded();
  facts.declassified = "both";
  EXPECT_EQ(kind_of([&] { make_statement(facts); }), ErrorKind::internal);
  facts = unguarded();
  facts.declassified.clear();
  EXPECT_EQ(kind_of([&] { make_statement(facts); }), ErrorKind::internal);
  facts = guarded();
  facts.schema.columns[0].is_public = false;
  EXPECT_EQ(kind_of([&] { make_statement(facts); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
