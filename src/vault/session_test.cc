#include "vault/session.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "testing/kind_of.h"

namespace understudy {
namespace {

// `subjects` people with an age each and `rows` visits of one ward each.
Cohort hospital(std::int64_t subjects, std::int64_t rows) {
  Schema schema;
  schema.name = "hospital";
  schema.subject = "id";
  schema.repeated = true;
  schema.max_rows = 8;
  schema.subjects = 50;
  schema.columns = {{.name = "age", .type = ColumnType::integer, .minimum = 0, .maximum = 100, .is_static = true},
                    {.name = "ward", .type = ColumnType::category, .categories = {"a", "b", "c"}}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * rows);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back(fmt::format("p{}", s));
    cohort.statics.column(0).set_number(s, static_cast<double>(s));
    for (std::int64_t r = 0; r < rows; ++r) cohort.series.column(0).set_number(s * rows + r, static_cast<double>(r % 3));
    cohort.offsets.push_back((s + 1) * rows);
  }
  return cohort;
}

class Session : public testing::Test {
 protected:
  Session() : path_(fmt::format("{}session_{}_{}", testing::TempDir(), getpid(), test_name())), ledger_(path_) {
    ledger_.declare({.epsilon = 1e9, .delta = 1e-6, .neighbours = Neighbours::zero_out});
  }
  ~Session() override { std::filesystem::remove(path_); }
  static std::string test_name() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }

  PrivateSession session(const Vault& vault, std::vector<PrivacyEvent> events) {
    return PrivateSession(vault, {.purpose = "test", .events = std::move(events)}, 1);
  }

  std::string path_;
  Ledger ledger_;
};

// Noise of a thousandth of a subject: rounded, the truth. The chance of more than half a subject is below 1e-300.
constexpr double kHardlyAny = 1e-3;

TEST_F(Session, CountsSubjects) {
  const Vault vault(hospital(7, 2), ledger_);
  const NoisyCount people{.what = "people", .noise = 0.05};
  EXPECT_EQ(session(vault, {people.event()}).count(people).value(), 7);
}

TEST_F(Session, ASubjectDealsOneWeightOverItsVotes) {
  const Vault vault(hospital(5, 6), ledger_);
  const NoisyHistogram wards{.what = "wards", .cells = 3, .noise = kHardlyAny};
  const auto counts = session(vault, {wards.event()}).histogram(wards, [](const Subject& subject, Votes& votes) {
    for (std::int64_t row = 0; row < subject.rows(); ++row) votes.add(static_cast<std::int64_t>(*subject.value(0, row)));
  });
  for (const std::int64_t units : counts.value()) {
    EXPECT_NEAR(static_cast<double>(units) / kSubjectUnits, 5.0 / 3, 0.05);
  }
}

TEST_F(Session, WhatALoneSubjectAddsIsBounded) {
  // One person with 6 votes and one with 60: the same weight, dealt to the unit.
  for (const std::int64_t rows : {6, 60}) {
    const Vault vault(hospital(1, rows), ledger_);
    const NoisyHistogram wards{.what = "wards", .cells = 3, .noise = kHardlyAny};
    const auto counts = session(vault, {wards.event()}).histogram(wards, [](const Subject& subject, Votes& votes) {
      for (std::int64_t row = 0; row < subject.rows(); ++row) votes.add(0);
    });
    EXPECT_NEAR(static_cast<double>(counts.value()[0]) / kSubjectUnits, 1, 0.05);
  }
}

// Each cell of a vote gets its weight, once, and only the first `most` do; a vote for no cell takes its share.
TEST_F(Session, AVoteForSeveralCellsGivesEachItsWeight) {
  const Vault vault(hospital(1, 1), ledger_);
  const NoisyHistogram codes{.what = "codes", .cells = 4, .noise = kHardlyAny, .most = 2};
  EXPECT_DOUBLE_EQ(codes.event().sensitivity, std::sqrt(2.0) * static_cast<double>(kSubjectUnits));
  const auto counts = session(vault, {codes.event()}).histogram(codes, [](const Subject&, Votes& votes) {
    votes.add(std::vector<std::int32_t>{3, 1, 1, 0});
    votes.add(std::vector<std::int32_t>{});
    votes.add(std::vector<std::int32_t>{1});
    votes.add(3);
  });
  const double wanted[] = {0.25, 0.5, 0, 0.25};
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(static_cast<double>(counts.value()[k]) / kSubjectUnits, wanted[k], 0.05) << k;
  }
}

TEST_F(Session, QuantilesAndKeysAnswer) {
  const Vault vault(hospital(41, 2), ledger_);
  const NoisyQuantile median{.what = "median age", .cells = 101, .share = {1, 2}, .epsilon = {200, 1}};
  const NoisyKeys wards{.what = "wards", .most = 3, .noise = 0.1, .delta = 1e-9};
  PrivateSession asked = session(vault, {median.event(), wards.event()});
  const auto age = asked.quantile(median, [](const Subject& s) { return static_cast<std::int64_t>(*s.fixed(0)); });
  EXPECT_NEAR(static_cast<double>(age.value()), 20, 1);
  const auto keys = asked.keys(wards, [](const Subject& s, std::vector<std::string>& mine) {
    for (std::int64_t row = 0; row < s.rows(); ++row) mine.push_back(*s.value(0, row) == 0 ? "a" : "b");
  });
  EXPECT_EQ(keys.value(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Session, OtherLooksThanThePlansAreRefused) {
  const Vault vault(hospital(3, 1), ledger_);
  const NoisyCount planned{.what = "people", .noise = 2}, cheaper{.what = "people", .noise = 1};
  EXPECT_EQ(kind_of([&] { session(vault, {planned.event()}).count(cheaper); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { session(vault, {}).count(planned); }), ErrorKind::internal);
  PrivateSession once = session(vault, {planned.event()});
  once.count(planned);
  EXPECT_EQ(kind_of([&] { once.count(planned); }), ErrorKind::internal);  // the same noise is not sold twice
}

TEST_F(Session, ThePlanIsOnTheLedgerBeforeTheLook) {
  const Vault vault(hospital(3, 1), ledger_, "train");
  const NoisyCount people{.what = "people", .noise = 2};
  PrivateSession asked = session(vault, {people.event()});
  const Event event = ledger_.events().back();
  EXPECT_EQ(event.kind, "plan");
  EXPECT_EQ(event.part, "train");
  EXPECT_NEAR(event.cost.mu, 0.5, 1e-2);
  EXPECT_NEAR(asked.cost().mu, event.cost.mu, 1e-12);
}

// A guarantee for a row is charged to a limit for rows, and never to one for people.
TEST_F(Session, TheUnitIsTheSchemas) {
  Cohort rows = hospital(3, 1);
  rows.schema.subject = "row";
  const NoisyCount count{.what = "rows", .noise = 2};
  EXPECT_EQ(kind_of([&] { session(Vault(rows, ledger_), {count.event()}); }), ErrorKind::budget);
  const std::string path = path_ + ".rows";
  std::filesystem::remove(path);
  Ledger of_rows(path);
  of_rows.declare({.epsilon = 10, .delta = 1e-6, .unit = "row"});
  session(Vault(rows, of_rows), {count.event()});
  EXPECT_EQ(of_rows.events().back().plan->unit, "row");
  std::filesystem::remove(path);
}

TEST_F(Session, WhatDoesNotFitIsNotLookedAt) {
  const Vault vault(hospital(3, 1), ledger_);
  const std::size_t before = ledger_.events().size();
  const NoisyCount dear{.what = "people", .noise = 1e-9};
  EXPECT_EQ(kind_of([&] { session(vault, {dear.event()}); }), ErrorKind::budget);
  EXPECT_EQ(ledger_.events().size(), before);
}

// The number of records is public, whatever the number of people is.
TEST_F(Session, NoisedRecordsHaveThePublicShape) {
  for (const std::int64_t people : {0, 3, 90}) {
    const Vault vault(hospital(people, 2), ledger_);
    const CellNoise noise = share_noise(vault.schema(), 1, 2);
    const Cohort noised = session(vault, cell_events(vault.schema(), noise, 1)).noised_records(noise).value();
    EXPECT_EQ(noised.size(), 50);
    EXPECT_LE(noised.series.rows(), 50 * 8);
    for (const double x : noised.statics.column(0).numbers()) EXPECT_TRUE(std::isnan(x) || (x >= 0 && x <= 100));
  }
}

TEST_F(Session, BlindVaultsExistInSeededBuildsOnly) {
  const Vault vault(hospital(3, 1), ledger_);
  ASSERT_FALSE(noise_is_seeded());
  EXPECT_EQ(kind_of([&] { vault.blinded(); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
