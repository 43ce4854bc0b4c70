// The steward's page, made from a statement as docs/formats/statement.md has it.
#include <gtest/gtest.h>

#include <string>

#include "report/page.h"
#include "testing/kind_of.h"
#include "understudy/report.h"

namespace understudy {
namespace {

using Json = nlohmann::ordered_json;

Json open_statement() {
  return Json::parse(R"({"format": "understudy-statement", "version": 2, "stamp": "NOT PRIVATE", "name": "ward",
    "generator": "gan", "understudy_version": "0.1.0", "synthetic_subjects": 1200, "unit": "person", "guarantee": null,
    "declassified": "published already", "plain": ["There is no privacy guarantee."], "not_promised": [],
    "public": {"schema": "days", "subject": "Id", "subjects": null, "columns": [
      {"name": "age", "type": "integer", "unit": "a", "range": "0 to 120", "public": true},
      {"name": "steps", "type": "integer", "unit": "", "range": "", "public": false}]},
    "plan": null, "dp_event": null, "ledger": {"length": 12, "head": "abcdef"}, "key": null})");
}

Json private_statement() {
  Json statement = open_statement();
  statement["stamp"] = "";
  statement["declassified"] = "";
  statement["plain"] = {"What this data set releases looks almost the same."};
  statement["not_promised"] = {"Groups."};
  statement["public"]["subjects"] = 5000;
  statement["key"] = "00112233445566778899aabbccddeeff";
  statement["guarantee"] = Json::parse(R"({"unit": "person", "neighbours": "add-remove",
    "limit": {"epsilon": 1, "delta": 1e-6, "mu": 1, "mu_delta": 1e-8}, "release": {"epsilon": 0.5, "delta": 1e-6},
    "spent": 0.75, "spends": [{"purpose": "train gan", "epsilon": 0.5, "when": "2026-11-24T09:00:00Z"}],
    "odds": {"posterior": [{"prior": 0.01, "release": 0.0164, "limit": 0.0268}, {"prior": 0.5, "release": 0.6225, "limit": 0.7311}],
      "right_guesses": {"release": 0.6, "limit": 0.6915}, "found": {"false_alarms": 0.01, "release": 0.05, "limit": 0.0924}},
    "assumptions": ["Real arithmetic."]})");
  return statement;
}

bool has(const std::string& page, std::string_view part) { return page.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(StewardPage, SaysNotPrivateWhereItIsNot) {
  const std::string page = steward_page(open_statement());
  EXPECT_TRUE(has(page, "<p class=\"big\">NOT PRIVATE</p>"));
  EXPECT_TRUE(has(page, "published already"));
  EXPECT_TRUE(has(page, "no key: who made it cannot be checked"));
  EXPECT_TRUE(has(page, "read off the data"));
  EXPECT_TRUE(has(page, "1,200 synthetic people"));
  EXPECT_FALSE(has(page, "What is promised"));
}

TEST(StewardPage, GivesTheOddsTheSpendsAndWhatIsNotPromised) {
  const std::string page = steward_page(private_statement());
  for (const std::string_view part :
       {"can become at most 73.2&nbsp;% sure",
        "<td>50 %</td><td class=\"number\">62.3 %</td><td class=\"number\">73.2 %</td>", "1 in 1,000,000",
        "at most 69.2 % of", "finds at most 9.3 %", "Groups.", "Real arithmetic.", "train gan", "2026-11-24",
        "together, of at most 1", "hold 5,000 people", "00112233445566778899aabbccddeeff", "inside/"}) {
    EXPECT_TRUE(has(page, part)) << part;
  }
  EXPECT_FALSE(has(page, "NOT PRIVATE"));
}

TEST(StewardPage, LeavesRoomToSign) {
  for (const Json& statement : {open_statement(), private_statement()}) {
    const std::string page = steward_page(statement);
    for (const std::string_view part : {"<dt>Name</dt>", "<dt>Date</dt>", "<dt>Signature</dt>"})
      EXPECT_TRUE(has(page, part));
  }
}

TEST(StewardPage, RunsNothingAndLoadsNothing) {
  const std::string page = steward_page(private_statement());
  for (const std::string_view part : {"<script", "src=", "url(", "@import", "://", "{{"})
    EXPECT_FALSE(has(page, part)) << part;
  EXPECT_TRUE(has(page, "default-src 'none'"));
}

TEST(StewardPage, HostileTextStaysText) {
  const std::string hostile = "</title></section><script>alert(1)</script>{{styles}}<img src=x onerror=alert(1)>\xff";
  for (const Json& calm : {open_statement(), private_statement()}) {
    Json statement = calm;
    for (const char* key : {"name", "generator", "understudy_version", "declassified"}) statement[key] = hostile;
    statement["plain"] = {hostile, hostile};
    statement["not_promised"] = {hostile};
    statement["public"]["schema"] = hostile;
    for (auto& column : statement["public"]["columns"]) {
      for (const char* key : {"name", "type", "unit", "range"}) column[key] = hostile;
    }
    if (!statement["guarantee"].is_null()) {
      statement["guarantee"]["unit"] = hostile;
      statement["guarantee"]["assumptions"] = {hostile};
      statement["guarantee"]["spends"][0]["purpose"] = hostile;
      statement["guarantee"]["spends"][0]["when"] = hostile;
    }
    statement["ledger"]["head"] = hostile;
    const std::string page = steward_page(statement), quiet = steward_page(calm);
    for (const std::string_view part : {"<script", "</script", "<img", "</title", "</section", "<style", ":root"}) {
      EXPECT_EQ(count(page, part), count(quiet, part)) << part;
    }
  }
}

// What is too long for a sheet is cut between characters, not inside one.
TEST(StewardPage, LongTextIsCut) {
  Json statement = open_statement();
  std::string name;
  for (int i = 0; i < 300; ++i) name += "\xc3\xb6";
  statement["name"] = "x" + name;
  const std::string page = steward_page(statement);
  EXPECT_FALSE(has(page, name));
  EXPECT_FALSE(has(page, "\xef\xbf\xbd"));
  for (int i = 0; i < 40; ++i) statement["public"]["columns"].push_back(statement["public"]["columns"][0]);
  EXPECT_TRUE(has(steward_page(statement), "and 34 more, in statement.json"));
}

TEST(StewardPage, WhatIsNoStatementIsRefused) {
  for (const char* key :
       {"version", "name", "guarantee", "plain", "public", "ledger", "key", "stamp", "declassified"}) {
    Json statement = open_statement();
    statement.erase(key);
    EXPECT_EQ(kind_of([&] { steward_page(statement); }), ErrorKind::internal) << key;
    statement[key] = Json::array({1});
    EXPECT_EQ(kind_of([&] { steward_page(statement); }), ErrorKind::internal) << key;
  }
  for (const char* key : {"odds", "spends", "limit", "assumptions", "unit"}) {
    Json statement = private_statement();
    statement["guarantee"].erase(key);
    EXPECT_EQ(kind_of([&] { steward_page(statement); }), ErrorKind::internal) << key;
  }
}

TEST(PageText, TurnsNoText) {
  EXPECT_EQ(page_text("a\xe2\x80\xae"
                      "b\xe2\x81\xa6"
                      "c\xe2\x80\x93"),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd"
            "c\xe2\x80\x93");
  EXPECT_EQ(page_text("<\"&>"), "&lt;&quot;&amp;&gt;");
}

TEST(Percent, IsNeverBelowTheBound) {
  EXPECT_EQ(percent_at_most(0.7310586), "73.2");
  EXPECT_EQ(percent_at_most(0.1), "10");
  EXPECT_EQ(percent_at_most(0.01), "1");
  EXPECT_EQ(percent_at_most(0.9991), "100");
  EXPECT_EQ(percent_at_most(1), "100");
}

}  // namespace
}  // namespace understudy
