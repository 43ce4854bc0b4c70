#include "cohort/clinical/measured.h"

#include <gtest/gtest.h>

#include <tuple>

#include "testing/kind_of.h"
#include "understudy/error.h"
#include "understudy/random.h"

namespace understudy {
namespace {

using Visited = std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::vector<double>>>;

Visited visited(Measured& measured, std::int64_t* repeated = nullptr, int threads = 1) {
  Visited result;
  const std::int64_t more = measured.sort(threads).count;
  measured.take([&](const Measured::Cell& cell) {
    result.emplace_back(cell.person, cell.step, cell.column, std::vector<double>(cell.values.begin(), cell.values.end()));
  });
  if (repeated != nullptr) *repeated = more;
  return result;
}

TEST(Aggregated, OfThreeValues) {
  const std::vector<double> values = {4, 1, 10};
  EXPECT_EQ(aggregated(Aggregate::median, values), 4);
  EXPECT_EQ(aggregated(Aggregate::mean, values), 5);
  EXPECT_EQ(aggregated(Aggregate::min, values), 1);
  EXPECT_EQ(aggregated(Aggregate::max, values), 10);
  EXPECT_EQ(aggregated(Aggregate::first, values), 4);
  EXPECT_EQ(aggregated(Aggregate::last, values), 10);
  EXPECT_EQ(aggregated(Aggregate::sum, values), 15);
  EXPECT_EQ(aggregated(Aggregate::median, std::vector<double>{4, 1, 10, 2}), 3);
}

TEST(Measured, GroupsByPersonStepAndColumn) {
  Measured measured({.people = 3, .first_minute = -60, .last_minute = 179, .step = 60, .columns = 2, .items = 4});
  measured.add({.person = 2, .minute = 59, .column = 0, .item = 0, .value = 3});
  measured.add({.person = 2, .minute = 0, .column = 0, .item = 3, .value = 5});
  measured.add({.person = 0, .minute = -1, .column = 1, .item = 1, .value = 7});
  measured.add({.person = 2, .minute = 60, .column = 0, .item = 0, .value = 9});
  measured.add({.person = 2, .minute = 60, .column = 1, .item = 0, .value = 8});
  EXPECT_EQ(measured.size(), 5);
  const Visited expected = {{0, -1, 1, {7}}, {2, 0, 0, {5, 3}}, {2, 1, 0, {9}}, {2, 1, 1, {8}}};
  measured.sort(1);
  EXPECT_EQ(measured.rows(), 3);
  EXPECT_EQ(visited(measured), expected);
  EXPECT_EQ(measured.size(), 0);
}

TEST(Measured, EqualValuesOfOneItemAndMinuteCountOnce) {
  Measured measured({.people = 1, .first_minute = 0, .last_minute = 59, .step = 60, .columns = 1, .items = 2});
  measured.add({.person = 0, .minute = 5, .column = 0, .item = 0, .value = 3});
  measured.add({.person = 0, .minute = 5, .column = 0, .item = 0, .value = 3});
  measured.add({.person = 0, .minute = 5, .column = 0, .item = 1, .value = 3});
  measured.add({.person = 0, .minute = 6, .column = 0, .item = 0, .value = 3});
  std::int64_t repeated = 0;
  const Visited expected = {{0, 0, 0, {3, 3, 3}}};
  EXPECT_EQ(visited(measured, &repeated), expected);
  EXPECT_EQ(repeated, 1);
}

TEST(Measured, TheFirstRepeatsAreNamed) {
  Measured measured({.people = 9, .first_minute = -60, .last_minute = 179, .step = 60, .columns = 4, .items = 8});
  for (std::int64_t person = 8; person >= 0; --person) {
    for (int times = 0; times < 2; ++times) {
      measured.add({.person = person, .minute = -60 + 20 * person, .column = person % 4, .item = person % 7, .value = 3});
    }
  }
  const auto repeats = measured.sort(2);
  EXPECT_EQ(repeats.count, 9);
  ASSERT_EQ(repeats.first.size(), 5);
  for (std::int64_t person = 0; person < 5; ++person) {
    const auto& value = repeats.first[static_cast<std::size_t>(person)];
    EXPECT_EQ(value.person, person);
    EXPECT_EQ(value.minute, -60 + 20 * person);
    EXPECT_EQ(value.column, person % 4);
    EXPECT_EQ(value.item, person % 7);
    EXPECT_EQ(value.value, 3);
  }
}

TEST(Measured, OrderAndThreadsChangeNothing) {
  Rng rng(7);
  std::vector<Measured::Value> values;
  for (int i = 0; i < 5000; ++i) {
    values.push_back({.person = static_cast<std::int64_t>(rng.below(700)), .minute = static_cast<std::int64_t>(rng.below(2880)),
                      .column = static_cast<std::int64_t>(rng.below(48)), .item = static_cast<std::int64_t>(rng.below(9)),
                      .value = static_cast<double>(rng.below(5))});
  }
  const Measured::Ranges ranges = {.people = 700, .first_minute = 0, .last_minute = 2879, .step = 60, .columns = 48, .items = 9};
  Measured forwards(ranges), backwards(ranges);
  for (std::size_t i = 0; i < values.size(); ++i) {
    forwards.add(values[i]);
    backwards.add(values[values.size() - 1 - i]);
  }
  EXPECT_EQ(visited(forwards, nullptr, 1), visited(backwards, nullptr, 3));
}

TEST(Measured, RefusesWhatDoesNotFitAKey) {
  EXPECT_EQ(kind_of([] {
              Measured({.people = 1 << 30, .first_minute = 0, .last_minute = 1 << 30, .step = 1, .columns = 64, .items = 1});
            }), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
